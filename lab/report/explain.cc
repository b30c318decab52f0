#include "lab/report/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "lab/report/code.h"
#include "lab/report/names.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

// "instances" of "Config::instances", as lines call it.
std::string last_name(const std::string& object) {
  const auto end = object.rfind("::");
  return end == object.npos ? object : object.substr(end + 2);
}

// Where the line names the object. Of several places the one that the column means: it is the
// name's own for a read, and the operator's or the call's behind it for most writes.
std::size_t find_named(std::string_view line, const std::string& object, int column) {
  if (object.empty()) return line.npos;
  const auto text = column > 0 ? statement_at(code_of(line), column) : std::string(line);
  auto found = find_word(text, object);
  for (auto at = found; at != text.npos && at < static_cast<std::size_t>(std::max(column, 0));
       at = find_word(text, object, at + 1)) {
    found = at;
  }
  return found;
}

// What to underline: the object where the line names it, else what stands at the column, else all.
void underline(Marked& marked, const Side& side, const std::string& object) {
  const std::string_view text = marked.text;
  const auto name = last_name(object);
  const auto named = find_named(text, name, side.column);
  if (named != text.npos) {
    marked.begin = named;
    marked.size = name.size();
    return;
  }
  if (side.column > 0 && static_cast<std::size_t>(side.column) <= text.size()) {
    marked.begin = static_cast<std::size_t>(side.column) - 1;
    auto end = marked.begin;
    while (end < text.size() && is_word(text[end])) ++end;
    marked.size = std::max<std::size_t>(end - marked.begin, 1);
    return;
  }
  const auto code = trim(text.substr(0, text.find("//")));
  marked.begin = code.empty() ? 0 : static_cast<std::size_t>(code.data() - text.data());
  marked.size = code.size();
}

Marked mark(const Side& side, const std::string& object, Sources& sources) {
  Marked marked;
  marked.file = side.file;
  marked.line = side.line;
  marked.label = side.thread.empty() ? past_tense(side) : side.thread + " " + past_tense(side);
  marked.side = &side;
  if (const auto line = sources.line(side.file, side.line)) {
    marked.text = *line;
    underline(marked, side, object);
  }
  return marked;
}

// "std::vector<int> records_;", "int total = 0;", "std::atomic<int> hits{0};"
bool declares(std::string_view line, std::string_view name) {
  const auto code = trim(line.substr(0, line.find("//")));
  constexpr std::array<std::string_view, 6> kNot = {"return ", "delete ", "using ",
                                                    "#",       "*",       "throw "};
  if (std::any_of(kNot.begin(), kNot.end(), [&](auto word) { return code.starts_with(word); }))
    return false;
  const auto at = find_word(code, name);
  if (at == code.npos || at == 0) return false;
  const auto before = trim(code.substr(0, at));
  const auto after = trim(code.substr(at + name.size()));
  if (before.empty() || after.empty()) return false;
  const bool type = is_word(before.back()) || before.back() == '>' || before.back() == '&' ||
                    before.back() == '*';
  if (!type || before.find_first_of("=(+-;.") != before.npos) return false;
  const bool annotated =
      after[0] >= 'A' && after[0] <= 'Z' && after.ends_with(";");  // GUARDED_BY(m);
  return annotated || after[0] == ';' || after[0] == '{' || after[0] == '[' ||
         (after[0] == '=' && after.substr(0, 2) != "==");
}

std::string title_of(const Report& report, const Cause& cause) {
  const auto& kind = describe_kind(report);
  const bool as_printed = kind.id == "crash" || kind.id == "unknown";
  const std::string title(as_printed ? std::string_view(report.kind) : kind.title);
  if (!cause.object.empty()) return title + " on " + cause.object;
  const bool descriptor = !report.locations.empty() && report.locations[0].kind == "fd";
  return descriptor ? title + " on " + describe_location(report) : title;
}

// Whether both sides mean the same by the name. What two functions call `item` may be a parameter
// of each; what they reach through an object, or are lambdas in one function, is not.
bool means_one_thing(const Report& report, const Cause& cause, const std::string& name,
                     Sources& sources) {
  const bool global = std::any_of(
      report.locations.begin(), report.locations.end(),
      [](const Location& location) { return location.kind == "global" && !location.name.empty(); });
  if (global || name.ends_with('_') || name.starts_with("m_")) return true;
  if (cause.first.function == cause.second.function) return true;
  const auto parties = cause.parties();
  return std::any_of(parties.begin(), parties.end(), [&](const Side* side) {
    if (is_lambda(side->function)) return true;
    const auto line = sources.line(side->file, side->line).value_or("");
    const auto at = find_named(line, name, side->column);
    return at != line.npos && at > 0 && (line[at - 1] == '.' || line[at - 1] == '>');
  });
}

}  // namespace

std::optional<Marked> find_declaration(const Report& report, const Cause& cause, Sources& sources) {
  const auto object = cause.object.substr(cause.object.starts_with('*') ? 1 : 0);
  if (object.empty() || !means_one_thing(report, cause, object, sources)) return std::nullopt;
  const auto name = last_name(object);
  const bool local_static = object.find("()::") != object.npos;
  for (const auto* side : cause.parties()) {
    const auto& lines = sources.lines(side->file);
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const std::string& text) {
      return declares(text, name) && (!local_static || find_word(text, "static") != text.npos);
    });
    if (line == lines.end()) continue;
    Marked marked;
    marked.file = side->file;
    marked.line = static_cast<int>(line - lines.begin()) + 1;
    marked.text = *line;
    marked.begin = find_word(*line, name);
    marked.size = name.size();
    marked.label = "declared here";
    return marked;
  }
  return std::nullopt;
}

Explanation explain(const Report& report, const Cause& cause, const Own& own, Sources& sources) {
  Explanation explanation;
  explanation.kind = &describe_kind(report);
  explanation.title = title_of(report, cause);
  explanation.facts = find_facts(report, cause, own, sources);
  explanation.patterns = find_patterns(report, cause, own, sources);
  const bool descriptor =
      std::any_of(report.locations.begin(), report.locations.end(),
                  [](const Location& location) { return location.kind == "fd"; });
  const auto parties = cause.parties();
  const bool freed = std::any_of(parties.begin(), parties.end(),
                                 [](const Side* side) { return side->op == "free"; });
  const bool bits = std::any_of(explanation.patterns.begin(), explanation.patterns.end(),
                                [](const Pattern& pattern) { return pattern.id == "bit-fields"; });
  explanation.atomic_fits = !descriptor && !freed && !bits && container_call(cause.first).empty() &&
                            container_call(cause.second).empty();
  explanation.cycle = draw_cycle(report);
  for (const auto* side : parties) {
    if (side->file.empty() || side->line == 0) continue;
    auto line = mark(*side, cause.object, sources);
    // One place in the source is marked once, whoever was there.
    const auto same =
        std::find_if(explanation.lines.begin(), explanation.lines.end(), [&](const Marked& known) {
          return known.file == line.file && known.line == line.line && known.begin == line.begin;
        });
    if (same == explanation.lines.end()) {
      explanation.lines.push_back(std::move(line));
    } else {
      same->label += ", " + line.label;
    }
  }
  const auto declaration = find_declaration(report, cause, sources);
  const auto shown = [&](const Marked& line) {
    return line.file == declaration->file && line.line == declaration->line;
  };
  if (declaration && std::none_of(explanation.lines.begin(), explanation.lines.end(), shown)) {
    explanation.lines.push_back(*declaration);
  }
  return explanation;
}

}  // namespace lab::report
