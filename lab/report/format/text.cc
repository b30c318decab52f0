#include "lab/report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "lab/report/format/formats.h"

namespace lab::report {
namespace {

constexpr int kProseMax = 96;  // Longer lines of prose are hard to read.
constexpr std::string_view kBold = "1";
constexpr std::string_view kDim = "2";
constexpr std::string_view kRed = "31";
constexpr std::string_view kBlue = "34";
constexpr std::string_view kYellow = "33";

// Columns that UTF-8 text takes, one a character: none of ours are wide.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string pad(std::string text, std::size_t width) {
  const auto has = columns(text);
  if (has < width) text.append(width - has, ' ');
  return text;
}

// A log's text goes to a terminal: what would command it is made visible.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    result += control ? std::string("?") : std::string(1, c);
  }
  return result;
}

// What the optimiser merged has no line, nor has what was built without -g.
std::string place_or_words(const Side& side) {
  const auto place = place_label(side);
  return place.empty() && !side.function.empty() ? "line unknown" : place;
}

class TextWriter {
 public:
  TextWriter(std::ostream& out, const Context& context, const TextOptions& options)
      : out_(out), context_(context), options_(options) {}

  void write(const std::vector<Report>& reports, const Cause& cause) {
    const auto& report = reports[cause.shown];
    const auto explanation = explain(report, cause, context_.own, *context_.sources);
    title(explanation, reports, cause);
    parties(report, cause);
    if (report.accesses.size() > 1 && !report.fatal)
      out_ << "  " << explanation.facts.front() << "\n";
    cycle(explanation);
    lines(explanation);
    if (!options_.brief) lesson(explanation, report);
    if (options_.raw) raw(reports, cause);
  }

  std::string paint(std::string_view text, std::string_view style) const {
    const auto safe = printable(text);
    return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", style, safe) : safe;
  }

 private:
  void title(const Explanation& explanation, const std::vector<Report>& reports,
             const Cause& cause) {
    out_ << paint(explanation.title, kBold);
    const auto note = count_label(reports, cause);
    if (!note.empty()) out_ << "  " << paint("(" + note + ")", kDim);
    out_ << "\n";
  }

  // "  T1 capture  add()  wrote  records_  racy.h:31  no lock held", in columns.
  void parties(const Report& report, const Cause& cause) {
    std::vector<std::vector<std::string>> rows;
    for (const auto* side : cause.parties()) {
      rows.push_back({thread_label(*side), function_label(*side, options_.full_names),
                      past_tense(*side), cause.object, place_or_words(*side),
                      tells_locks(report, cause) ? locks_label(*side) : ""});
    }
    std::vector<std::size_t> widths(6);
    std::size_t total = 1;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      for (const auto& row : rows) widths[i] = std::max(widths[i], columns(row[i]));
      total += widths[i] > 0 ? widths[i] + 2 : 0;
    }
    // Too wide for one line each: the place and the locks go below.
    const bool wide = total > static_cast<std::size_t>(options_.width) + 2;
    for (const auto& row : rows) {
      std::string line = " ";
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (widths[i] == 0) continue;
        if (wide && i == kPlace) {
          while (line.ends_with(' ')) line.pop_back();
          line += "\n     ";
        }
        const auto text = " " + pad(row[i], widths[i]) + " ";
        line += i == kOp ? paint(text, style_of(row[i])) : printable(text);
      }
      while (line.ends_with(' ')) line.pop_back();
      out_ << line << "\n";
    }
  }

  static constexpr std::size_t kOp = 2;
  static constexpr std::size_t kPlace = 4;

  static std::string_view style_of(std::string_view word) {
    return word.starts_with("read") ? kBlue : kRed;
  }

  void cycle(const Explanation& explanation) {
    if (explanation.cycle.empty()) return;
    out_ << "\n";
    for (const auto& line : explanation.cycle) out_ << "    " << line << "\n";
  }

  void lines(const Explanation& explanation) {
    std::string file;
    int number = 0;
    for (const auto& line : explanation.lines) {
      if (line.text.empty()) continue;
      const bool again = line.file == file && line.line == number;  // Marked at two places.
      if (line.file != file) out_ << "\n  " << paint(display_path(line.file), kDim) << "\n";
      file = line.file;
      number = line.line;
      if (!again) {
        out_ << paint(fmt::format("  {:>5} | ", line.line), kDim) << printable(line.text) << "\n";
      }
      std::string indent;
      for (const char c : line.text.substr(0, line.begin)) {
        if ((c & 0xc0) != 0x80) indent += c == '\t' ? '\t' : ' ';
      }
      const auto marks =
          std::string(std::max<std::size_t>(
                          columns(std::string_view(line.text).substr(line.begin, line.size)), 1),
                      '^');
      const auto style = line.side ? style_of(past_tense(*line.side)) : kYellow;
      out_ << paint("        | ", kDim) << indent << paint(marks + " " + line.label, style) << "\n";
    }
  }

  void lesson(const Explanation& explanation, const Report& report) {
    out_ << "\n";
    section("What it means", explanation.meaning);
    section("Why it matters", explanation.kind->why);
    for (const auto& pattern : explanation.patterns) section(pattern.title, pattern.text);
    if (explanation.patterns.empty() && report.accesses.size() > 1) {
      section("Pattern", "None recognised. The facts below are what the report says.");
    }
    list("What to try", explanation.fixes);
    auto facts = explanation.facts;
    if (report.accesses.size() > 1 && !report.fatal) facts.erase(facts.begin());
    list("Facts", facts);
    const auto scenario = reading(explanation, context_);
    if (!scenario.empty()) section("Learn it", context_.program + " start " + scenario);
  }

  void raw(const std::vector<Report>& reports, const Cause& cause) {
    for (const auto report : cause.reports) {
      out_ << "\n";
      std::string_view text = reports[report].text;
      while (!text.empty()) out_ << "  " << printable(take_until(text, "\n")) << "\n";
    }
  }

  void section(std::string_view title, std::string_view text) {
    if (text.empty()) return;
    out_ << "  " << paint(title, kBold) << "\n";
    wrap(text, "    ", "    ");
  }

  void list(std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    out_ << "  " << paint(title, kBold) << "\n";
    for (const auto& item : items) wrap(item, "    - ", "      ");
  }

  void wrap(std::string_view text, std::string_view first, std::string_view rest) {
    const auto width = static_cast<std::size_t>(std::clamp(options_.width, 40, kProseMax));
    std::string line(first);
    bool empty = true;
    while (!text.empty()) {
      const auto word = take_until(text, " ");
      if (!empty && columns(line) + 1 + columns(word) > width) {
        out_ << printable(line) << "\n";
        line = rest;
        empty = true;
      }
      if (!empty) line += ' ';
      line += word;
      empty = false;
    }
    out_ << printable(line) << "\n";
  }

  std::ostream& out_;
  const Context& context_;
  const TextOptions& options_;
};

}  // namespace

void write_cause(std::ostream& out, const std::vector<Report>& reports, const Cause& cause,
                 const Context& context, const TextOptions& options) {
  TextWriter(out, context, options).write(reports, cause);
}

void write_text(std::ostream& out, const std::vector<Report>& reports,
                const std::vector<Cause>& causes, const Context& context,
                const TextOptions& options) {
  TextWriter writer(out, context, options);
  if (reports.empty()) {
    out << "No ThreadSanitizer report in this text. That says nothing about races that were not "
           "tried.\n";
    return;
  }
  for (const auto& cause : causes) {
    writer.write(reports, cause);
    out << "\n";
  }
  out << writer.paint(totals(reports, causes), kBold) << "\n";
}

}  // namespace lab::report
