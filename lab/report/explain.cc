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

// Where the line names the object. Of several places the one that the column means: it is the
// name's own for a read, and the operator's or the call's behind it for most writes.
std::size_t find_named(std::string_view line, const std::string& object, const Side& side) {
  if (object.empty()) return line.npos;
  const auto code = code_of(line);
  auto text = side.column > 0 ? statement_at(code, side.column) : code;
  if (side.column == 0 && is_lambda(side.function)) {
    const auto bodies = lambda_bodies(code);
    if (bodies.size() == 1) text = bodies[0];
  }
  auto found = find_word(text, object);
  if (found == text.npos && side.column == 0) found = find_word(code, object);
  for (auto at = found; at != text.npos && at < static_cast<std::size_t>(std::max(side.column, 0));
       at = find_word(text, object, at + 1)) {
    found = at;
  }
  return found;
}

// The end of the name that begins at `at`, with what it is qualified by: "std::sleep_for".
std::size_t end_of_name(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && (is_word(text[end]) || text.substr(end, 2) == "::" ||
                               (end > at && text[end] == ':' && text[end - 1] == ':'))) {
    ++end;
  }
  return std::max(end, at + 1);
}

// What to underline: what the column means, or the object where the line names it, else what stands
// at the column, else all.
void underline(Marked& marked, const Side& side, const std::string& object) {
  const std::string_view text = marked.text;
  const auto name = last_name(object);
  const bool follows = name.starts_with('*');
  auto accessed = accessed_at(code_of(text), side.column, side.op == "read");
  if (side.column == 0 && side.frame == 0 && side.op == "write") {
    const auto written = assignments(code_of(text));
    const auto it = std::find_if(written.begin(), written.end(), [&](const Accessed& one) {
      return written.size() == 1 || one.name == name;
    });
    if (it != written.end()) accessed = *it;
  }
  if (accessed && (name.empty() || accessed->name != name.substr(follows ? 1 : 0))) {
    // A name of its own for the object, or one of the object's parts.
    marked.begin = accessed->begin;
    marked.size = accessed->name.size();
    return;
  }
  const auto named = find_named(text, name, side);
  if (named != text.npos) {
    marked.begin = named;
    marked.size = name.size();
    return;
  }
  if (side.column > 0 && static_cast<std::size_t>(side.column) <= text.size()) {
    marked.begin = static_cast<std::size_t>(side.column) - 1;
    marked.size = end_of_name(text, marked.begin) - marked.begin;
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

std::string title_of(const Report& report, const Cause& cause) {
  const auto& kind = describe_kind(report);
  const bool as_printed = kind.id == "crash" || kind.id == "unknown";
  const std::string title(as_printed ? std::string_view(report.kind) : kind.title);
  if (!cause.object.empty()) return title + " on " + cause.object;
  const bool descriptor = !report.locations.empty() && report.locations[0].kind == "fd";
  return descriptor ? title + " on " + describe_location(report) : title;
}

}  // namespace

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
