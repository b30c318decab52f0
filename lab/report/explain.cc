#include "lab/report/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "lab/report/code.h"
#include "lab/report/names.h"
#include "lab/report/patterns.h"
#include "lab/report/side_code.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr std::string_view kCircle =
    "Each of these places takes one mutex while it holds another, and the orders close a circle. "
    "This time nobody was in the way.";

// Whether the place in the line is only assigned to: "total" of "total = total + 1".
bool is_target(const std::vector<Accessed>& written, std::string_view code, std::size_t at) {
  const auto target = std::find_if(written.begin(), written.end(),
                                   [&](const Accessed& one) { return one.begin == at; });
  if (target == written.end()) return false;
  const auto behind = code.find_first_not_of(' ', at + target->name.size());
  return behind != code.npos && code[behind] == '=';
}

// Where the line names the object. Of several places the one that the column means: it is the
// name's own for a read, and the operator's or the call's behind it for most writes. Without a
// column, the only place that fits; which of several it is, nothing tells.
std::size_t find_named(std::string_view line, const std::string& object, const Side& side) {
  if (object.empty()) return line.npos;
  const auto text = code_of_side(side, line).code;
  auto found = find_word(text, object);
  if (side.column == 0) {
    const auto written = side.op == "read" ? assignments(text) : std::vector<Accessed>();
    auto only = text.npos;
    for (auto at = found; at != text.npos; at = find_word(text, object, at + 1)) {
      if (is_target(written, text, at)) continue;
      if (only != text.npos) return text.npos;
      only = at;
    }
    return only;
  }
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

// The part of what is marked that the line uses, "hits" of "stats.hits", where it calls nothing.
void mark_part(Marked& marked) {
  const std::string_view text = marked.text;
  auto end = marked.begin + marked.size;
  auto begin = marked.begin;
  while (end + 1 < text.size() && text[end] == '.' && is_word(text[end + 1])) {
    begin = end + 1;
    end = end_of_name(text, begin);
  }
  if (text.substr(end).starts_with('(') || text.substr(end).starts_with('<')) return;
  marked.begin = begin;
  marked.size = end - begin;
}

// What to underline: what the column means, or the object where the line names it, else what stands
// at the column, else all.
void underline(Marked& marked, const Side& side, const std::string& object, bool assigns) {
  const std::string_view text = marked.text;
  const auto name = last_name(object);
  const bool follows = name.starts_with('*');
  const auto bare = name.substr(follows ? 1 : 0);
  auto accessed = accessed_at(code_of(text), side.column, side.op == "read");
  if (assigns) {
    auto written = assignments(code_of_side(side, text).code);
    if (written.size() > 1) std::erase_if(written, [&](auto& one) { return one.name != bare; });
    if (written.size() == 1) accessed = written[0];
  }
  if (accessed && (assigns || name.empty() || accessed->name != bare)) {
    // Of a write the place; else a name of its own for the object, or one of the object's parts.
    const bool star = follows && accessed->name == bare && accessed->begin > 0 &&
                      text[accessed->begin - 1] == '*';
    marked.begin = accessed->begin - (star ? 1 : 0);
    marked.size = accessed->name.size() + (star ? 1 : 0);
    return;
  }
  const auto named = find_named(text, name, side);
  if (named != text.npos) {
    marked.begin = named;
    marked.size = name.size();
    if (side.column == 0) mark_part(marked);
    return;
  }
  if (side.column > 0 && static_cast<std::size_t>(side.column) <= text.size()) {
    marked.begin = static_cast<std::size_t>(side.column) - 1;
    marked.size = end_of_name(text, marked.begin) - marked.begin;
    return;
  }
  const auto part = code_of_side(side, text).code;
  const auto code = trim(part);
  marked.begin = code.empty() ? 0 : static_cast<std::size_t>(code.data() - part.data());
  marked.size = code.size();
}

Marked mark(const Side& side, const std::string& object, bool vptr, Sources& sources) {
  Marked marked;
  marked.file = side.file;
  marked.line = side.line;
  marked.label = side.thread.empty() ? past_tense(side) : side.thread + " " + past_tense(side);
  marked.side = &side;
  if (const auto line = sources.line(side.file, side.line)) {
    marked.text = *line;
    // No line assigns to an object's pointer to its virtual functions.
    const bool assigns = side.column == 0 && side.frame == 0 && side.op == "write" && !vptr;
    underline(marked, side, object, assigns);
  }
  return marked;
}

// ", also on dropped, bytes": a fault is not hidden by being one cause with another.
std::string also_label(const Cause& cause) {
  constexpr std::size_t kNamedMax = 6;
  const auto named = std::min(cause.also.size(), kNamedMax);
  if (named == 0) return {};
  const auto end = cause.also.begin() + static_cast<std::ptrdiff_t>(named);
  auto text = fmt::format(", also on {}", fmt::join(cause.also.begin(), end, ", "));
  if (named < cause.also.size()) text += fmt::format(" and {} more", cause.also.size() - named);
  return text;
}

std::string title_of(const Report& report, const Cause& cause) {
  const auto& kind = describe_kind(report);
  const bool as_printed = kind.id == "crash" || kind.id == "unknown";
  const std::string title(as_printed ? std::string_view(report.kind) : kind.title);
  const bool descriptor = !report.locations.empty() && report.locations[0].kind == "fd";
  const bool freed = cause.first.op == "free" || cause.second.op == "free";
  const auto object = !cause.object.empty()                           ? cause.object
                      : descriptor                                    ? describe_location(report)
                      : kind.id == "data-race" && freed               ? "memory being freed"
                      : kind.id == "data-race" && !cause.also.empty() ? "memory without a name"
                                                                      : std::string();
  return title + (object.empty() ? "" : " on " + object) + also_label(cause);
}

// Whether the declaration is of something that an atomic may replace: no array, and nothing of the
// library's that holds others.
bool declares_one_value(const Marked& declaration) {
  const std::string_view text = declaration.text;
  const auto behind =
      trim(text.substr(std::min(declaration.begin + declaration.size, text.size())));
  const auto before = text.substr(0, declaration.begin);
  return !behind.starts_with('[') && before.find("std::array") == before.npos &&
         before.find("std::string") == before.npos && before.find("std::vector") == before.npos &&
         before.find("std::map") == before.npos && before.find("std::unordered_") == before.npos &&
         before.find("std::optional") == before.npos && before.find("std::deque") == before.npos;
}

// Whether the program itself calls pthread_mutex_lock(), which no guard of the library takes.
bool locks_by_pthreads(const Cause& cause) {
  const auto parties = cause.parties();
  return std::any_of(parties.begin(), parties.end(), [](const Side* side) {
    return side->own && side->frame == 1 &&
           bare_name(side->stack[0].function).find("pthread_") != std::string::npos;
  });
}

// "int openConnections_ = 0;": a number, a flag or an enumeration on its own.
bool declares_scalar(const Marked& declaration) {
  constexpr std::array<std::string_view, 20> kTypes = {
      "bool",     "char",     "short",    "int",      "long",    "unsigned", "float",
      "double",   "size_t",   "int8_t",   "int16_t",  "int32_t", "int64_t",  "uint8_t",
      "uint16_t", "uint32_t", "uint64_t", "intptr_t", "time_t",  "ptrdiff_t"};
  const auto before = trim(std::string_view(declaration.text).substr(0, declaration.begin));
  const auto after =
      trim(std::string_view(declaration.text).substr(declaration.begin + declaration.size));
  return std::any_of(kTypes.begin(), kTypes.end(),
                     [&](auto type) { return before.ends_with(type); }) &&
         !after.starts_with('[') && !after.starts_with(':');
}

// What is advised, the best fitting first. `atomic`, `mutex`: whether those of the kind's fixes
// help; `scalar`: what raced is a number.
std::vector<std::string> find_fixes(const Kind& kind, const Cause& cause,
                                    const std::vector<Pattern>& patterns, bool atomic, bool mutex,
                                    bool scalar) {
  const bool enough =
      std::any_of(patterns.begin(), patterns.end(), [](auto& one) { return one.says_all; });
  std::vector<std::string> fixes;
  for (const auto& pattern : patterns) {
    if (!pattern.advice.empty() && (pattern.says_all || !enough)) fixes.push_back(pattern.advice);
  }
  const bool moved = std::any_of(patterns.begin(), patterns.end(),
                                 [](auto& one) { return one.id == "elements-moved"; });
  for (const auto& fix : kind.fixes) {
    const bool fits = fix.by == Fix::By::kMutex       ? mutex
                      : fix.by == Fix::By::kAtomic    ? atomic
                      : fix.by == Fix::By::kOwnership ? !moved  // The container lives on.
                      : fix.by == Fix::By::kGuard     ? !locks_by_pthreads(cause)
                                                      : true;
    if (fix.text.empty() || enough || !fits) continue;
    const bool several = fix.by == Fix::By::kMutex && !cause.also.empty();
    // For a number on its own the atomic comes first.
    const bool first = fix.by == Fix::By::kAtomic && scalar && mutex && !fixes.empty();
    fixes.insert(first ? fixes.end() - 1 : fixes.end(),
                 several ? fmt::format("Hold one mutex around every use of {}.",
                                       (cause.object.empty() ? "this memory and of " : "") +
                                           objects_label(cause))
                         : std::string(fix.text));
  }
  return fixes;
}

}  // namespace

Explanation explain(const Report& report, const Cause& cause, const Own& own, Sources& sources) {
  Explanation explanation;
  explanation.kind = &describe_kind(report);
  explanation.title = title_of(report, cause);
  explanation.meaning = report.edges.size() > 2 ? kCircle : explanation.kind->meaning;
  explanation.facts = find_facts(report, cause, own, sources);
  explanation.patterns = find_patterns(report, cause, own, sources);
  const bool descriptor =
      std::any_of(report.locations.begin(), report.locations.end(),
                  [](const Location& location) { return location.kind == "fd"; });
  const auto parties = cause.parties();
  const auto& patterns = explanation.patterns;
  const bool not_atomic =
      std::any_of(patterns.begin(), patterns.end(), [](auto& one) { return !one.atomic_fits; });
  const auto declaration = find_declaration(report, cause, sources);
  const bool one_value = !declaration || declares_one_value(*declaration);
  const bool atomic_fits = !not_atomic && one_value && cause.also.empty() && !descriptor &&
                           container_call(cause.first).empty() &&
                           container_call(cause.second).empty();
  // A container's race and a plain value's have different lessons.
  const bool by_itself = std::all_of(parties.begin(), parties.end(),
                                     [](const auto* side) { return side->frame == 0; });
  const bool plain = explanation.kind->id == "data-race" && !descriptor && by_itself;
  const bool bits = std::any_of(patterns.begin(), patterns.end(), [](const Pattern& one) {
    return one.id == "bit-fields" || one.id == "packed-bits";
  });
  explanation.scenario = bits    ? ""  // The course has none.
                         : plain ? "01_lost_count"
                                 : explanation.kind->scenario;
  const bool mutex_fits =
      !share_a_lock(cause.first, cause.second) && !descriptor &&
      std::all_of(patterns.begin(), patterns.end(), [](auto& one) { return one.mutex_fits; });
  explanation.fixes = find_fixes(*explanation.kind, cause, patterns, atomic_fits, mutex_fits,
                                 declaration && declares_scalar(*declaration));
  explanation.cycle = draw_cycle(report);
  for (const auto* side : parties) {
    if (side->file.empty() || side->line == 0) continue;
    const bool vptr = report.kind.find("vptr") != std::string::npos;
    auto line = mark(*side, cause.object, vptr, sources);
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
  const auto shown = [&](const Marked& line) {
    return line.file == declaration->file && line.line == declaration->line;
  };
  if (declaration && std::none_of(explanation.lines.begin(), explanation.lines.end(), shown)) {
    explanation.lines.push_back(*declaration);
  }
  return explanation;
}

}  // namespace lab::report
