#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/format/formats.h"
#include "lab/report/names.h"

namespace lab::report {
namespace {

// Colours keep a contrast of 4.5 and more on their grounds, in the light and in the dark.
constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ground: #fff; --panel: #f6f7f9; --ink: #1b1f24; --soft: #57606a;
  --line: #d0d7de; --write: #b3261e; --read: #0b57d0; --mark-write: #fbdcd9; --mark-read: #d6e4ff;
  --mark-other: #fff1c2; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --panel: #1d2229; --ink: #e8eaed;
  --soft: #a6afba; --line: #39414c; --write: #ff9d94; --read: #9cc2ff; --mark-write: #5a2320;
  --mark-read: #1f3a68; --mark-other: #554413; } }
* { box-sizing: border-box; }
/* A projector's room reads from far away, a phone is held near. */
html { font-size: clamp(16px, 12px + .55vw, 26px); }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 66rem; background: var(--ground); color: var(--ink);
  font: 1.02rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .4rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.1rem 0 .2rem; overflow-wrap: anywhere; } p { margin: .2rem 0 .6rem; }
.soft { color: var(--soft); } a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .2em; }
nav ol { margin: .6rem 0 0; padding-left: 1.6rem; }
article { border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.2rem; margin: 1.4rem 0; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: .8rem; }
.side { background: var(--panel); border-left: .3rem solid var(--soft); border-radius: .3rem; padding: .6rem .8rem;
  overflow-wrap: anywhere; }
.side.write { border-color: var(--write); } .side.read { border-color: var(--read); }
.write b { color: var(--write); } .read b { color: var(--read); }
.verdict { margin: .8rem 0; font-weight: 600; }
.lesson { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 0 2.2rem; }
code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .92em; }
pre { background: var(--panel); border-radius: .3rem; padding: .7rem .8rem; overflow-x: auto; line-height: 1.4;
  tab-size: 4; margin: .4rem 0; }
/* A line of source: its number, then the text, which hangs in when it has to wrap. */
.line { display: grid; grid-template-columns: 3.2em 1fr; } .line > span { white-space: pre-wrap; overflow-wrap: anywhere; }
.number { color: var(--soft); user-select: none; } mark { color: inherit; border-radius: .2rem; padding: 0 .1em; }
.line > .number { text-align: right; padding-right: 1em; white-space: nowrap; } .near { color: var(--soft); }
mark.write { background: var(--mark-write); } mark.read { background: var(--mark-read); }
mark.other { background: var(--mark-other); } .said { color: var(--soft); font-style: italic; }
ul { margin: .2rem 0 .6rem; padding-left: 1.3rem; } li { margin: .15rem 0; overflow-wrap: anywhere; }
details { margin: .6rem 0; } summary { cursor: pointer; padding: .2rem 0; }
@media (max-width: 40rem) { body { padding: 1rem .6rem 3rem; } article { padding: .9rem .8rem; }
  .line { grid-template-columns: 2.4em 1fr; } .line > .number { padding-right: .6em; } }
@media print { details { display: none; } article { break-inside: avoid; } }
)css";

std::string escape(std::string_view text) {
  std::string html;
  for (const char c : text) {
    if (c == '&') {
      html += "&amp;";
    } else if (c == '<') {
      html += "&lt;";
    } else if (c == '>') {
      html += "&gt;";
    } else if (c == '"') {
      html += "&quot;";
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
      html += c;
    } else {
      html += "\xef\xbf\xbd";  // U+FFFD
    }
  }
  return html;
}

std::string_view style_of(const Side* side) {
  return !side ? "other" : side->op.starts_with("read") ? "read" : "write";
}

class Page {
 public:
  Page(std::ostream& out, const std::vector<Report>& reports, const Context& context)
      : out_(out), reports_(reports), context_(context) {}

  void write(const std::vector<Cause>& causes) {
    out_ << "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<title>ThreadSanitizer's reports, explained</title>\n<style>"
         << kStyle << "</style>\n<h1>ThreadSanitizer’s reports, explained</h1>\n";
    out_ << fmt::format("<p class=\"soft\">{}. What was not run was not tried.</p>\n",
                        totals(reports_, causes));
    if (causes.size() > 1) contents(causes);
    std::size_t number = 0;
    for (const auto& cause : causes) article(cause, ++number);
    out_ << "</html>\n";
  }

 private:
  using Marks = std::vector<const Marked*>;  // In one line.

  void contents(const std::vector<Cause>& causes) {
    out_ << "<nav><ol>\n";
    std::size_t number = 0;
    for (const auto& cause : causes) {
      const auto explanation =
          explain(reports_[cause.shown], cause, context_.own, *context_.sources);
      out_ << fmt::format("<li><a href=\"#cause-{}\">{}</a> <span class=\"soft\">{}</span></li>\n",
                          ++number, escape(explanation.title), escape(place_label(cause.first)));
    }
    out_ << "</ol></nav>\n";
  }

  void article(const Cause& cause, std::size_t number) {
    const auto& report = reports_[cause.shown];
    const auto explanation = explain(report, cause, context_.own, *context_.sources);
    out_ << fmt::format("<article id=\"cause-{}\">\n<h2>{}. {}</h2>\n", number, number,
                        escape(explanation.title));
    note(report, cause);
    out_ << "<div class=\"sides\">\n";
    for (const auto* one : cause.parties()) side(*one, report, cause);
    out_ << "</div>\n";
    if (report.accesses.size() > 1 && !report.fatal) {
      out_ << "<p class=\"verdict\">" << escape(explanation.facts.front()) << "</p>\n";
    }
    if (!explanation.cycle.empty()) {
      out_ << "<pre>";
      for (const auto& line : explanation.cycle) out_ << escape(line) << "\n";
      out_ << "</pre>\n";
    }
    source(explanation);
    lesson(explanation, report);
    for (const auto* one : cause.parties()) stack(*one);
    raw(cause);
    out_ << "</article>\n";
  }

  void note(const Report& report, const Cause& cause) {
    auto text = report.kind;
    const auto more = count_label(reports_, cause);
    if (!more.empty()) text += "; " + more;
    out_ << "<p class=\"soft\">" << escape(text) << "</p>\n";
  }

  void side(const Side& side, const Report& report, const Cause& cause) {
    out_ << fmt::format("<div class=\"side {}\"><b>{} {}</b> {}<br>in <code>{}</code>",
                        style_of(&side), escape(thread_label(side)), escape(past_tense(side)),
                        cause.object.empty() ? "" : "<code>" + escape(cause.object) + "</code>",
                        escape(function_label(side)));
    const auto place = place_label(side);
    if (!place.empty()) out_ << "<br><span class=\"soft\">" << escape(place) << "</span>";
    if (tells_locks(report, cause)) out_ << "<br>" << escape(locks_label(side));
    out_ << "</div>\n";
  }

  // The marked lines of a file with those around them, in the file's order.
  void source(const Explanation& explanation) {
    std::vector<std::string> files;
    for (const auto& line : explanation.lines) {
      const bool known = std::find(files.begin(), files.end(), line.file) != files.end();
      if (!line.text.empty() && !known) files.push_back(line.file);
    }
    for (const auto& file : files) {
      std::map<int, Marks> lines;  // Those around hold no mark.
      for (const auto& line : explanation.lines) {
        if (line.file == file && !line.text.empty()) lines[line.line].push_back(&line);
      }
      const auto marked = lines;
      for (const auto& [number, marks] : marked) {
        for (const int near : {number - 1, number + 1}) lines.try_emplace(near);
      }
      out_ << "<h3>" << escape(display_path(file)) << "</h3>\n<pre>";
      int before = 0;
      for (const auto& [number, marks] : lines) {
        const auto text = context_.sources->line(file, number);
        if (!text) continue;
        if (before > 0 && number > before + 1) out_ << numbered("⋮", "");
        before = number;
        out_ << numbered(std::to_string(number),
                         marks.empty() ? "<span class=\"near\">" + escape(*text) + "</span>"
                                       : underlined(marks));
      }
      out_ << "</pre>\n";
    }
  }

  static std::string numbered(const std::string& number, const std::string& html) {
    return "<span class=\"line\"><span class=\"number\">" + number + "</span><span>" + html +
           "</span></span>";
  }

  // A line with what is marked in it, in its order, and behind it what is said of each.
  static std::string underlined(Marks marks) {
    std::sort(marks.begin(), marks.end(),
              [](const Marked* a, const Marked* b) { return a->begin < b->begin; });
    const std::string_view text = marks.front()->text;
    std::string html;
    std::string said;
    std::size_t done = 0;
    for (const auto* mark : marks) {
      const auto begin = std::clamp(mark->begin, done, text.size());
      const auto end = std::clamp(mark->begin + mark->size, begin, text.size());
      html += escape(text.substr(done, begin - done));
      html += fmt::format("<mark class=\"{}\">{}</mark>", style_of(mark->side),
                          escape(text.substr(begin, end - begin)));
      said += (said.empty() ? "← " : ", ") + escape(mark->label);
      done = end;
    }
    return fmt::format("{}{}  <span class=\"said\">{}</span>", html, escape(text.substr(done)),
                       said);
  }

  // What is known of this fault beside what is true of its kind.
  void lesson(const Explanation& explanation, const Report& report) {
    out_ << "<div class=\"lesson\"><div>\n";
    for (const auto& pattern : explanation.patterns) section(pattern.title, pattern.text);
    list("What to try", explanation.fixes);
    const auto scenario = reading(explanation, context_);
    if (!scenario.empty()) {
      out_ << "<h3>Learn it</h3><p><code>" << escape(context_.program + " start " + scenario)
           << "</code></p>\n";
    }
    out_ << "</div><div>\n";
    section("What it means", explanation.meaning);
    section("Why it matters", explanation.kind->why);
    out_ << "</div></div>\n";
    auto facts = explanation.facts;
    if (report.accesses.size() > 1 && !report.fatal) facts.erase(facts.begin());
    list("Facts", facts);
  }

  void stack(const Side& side) {
    if (side.stack.empty()) return;
    out_ << "<details><summary>Stack: " << escape(thread_label(side) + " " + past_tense(side))
         << "</summary>\n<pre>";
    for (std::size_t i = 0; i < side.stack.size(); ++i) {
      const auto& frame = side.stack[i];
      const auto name = frame.function.empty() ? fmt::format("{}+{:#x}", frame.module, frame.offset)
                                               : short_name(frame.function);
      auto line = escape(fmt::format("#{:<3}{}", i, name));
      if (!frame.file.empty()) {
        line += "  <span class=\"number\">" +
                escape(fmt::format("{}:{}", display_path(frame.file), frame.line)) + "</span>";
      }
      if (side.own && i == side.frame)
        line = fmt::format("<mark class=\"{}\">{}</mark>", style_of(&side), line);
      out_ << line << "\n";
    }
    out_ << "</pre></details>\n";
  }

  void raw(const Cause& cause) {
    const auto shown = std::min<std::size_t>(cause.reports.size(), kRawMax);
    out_ << "<details><summary>The report" << (cause.reports.size() > 1 ? "s" : "")
         << " as printed</summary>\n";
    for (std::size_t i = 0; i < shown; ++i)
      out_ << "<pre>" << escape(reports_[cause.reports[i]].text) << "</pre>\n";
    if (shown < cause.reports.size())
      paragraph(fmt::format("and {} more", cause.reports.size() - shown));
    out_ << "</details>\n";
  }

  void section(std::string_view title, std::string_view text) {
    if (!text.empty()) out_ << "<h3>" << escape(title) << "</h3><p>" << escape(text) << "</p>\n";
  }

  void paragraph(std::string_view text) { out_ << "<p>" << escape(text) << "</p>\n"; }

  void list(std::string_view title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    out_ << "<h3>" << escape(title) << "</h3><ul>\n";
    for (const auto& item : items) out_ << "<li>" << escape(item) << "</li>\n";
    out_ << "</ul>\n";
  }

  static constexpr std::size_t kRawMax = 10;  // A page of hundreds of reports would not open.

  std::ostream& out_;
  const std::vector<Report>& reports_;
  const Context& context_;
};

}  // namespace

void write_html(std::ostream& out, const std::vector<Report>& reports,
                const std::vector<Cause>& causes, const Context& context) {
  Page(out, reports, context).write(causes);
}

}  // namespace lab::report
