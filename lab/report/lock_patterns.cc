#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "lab/report/classes.h"
#include "lab/report/code.h"
#include "lab/report/ends.h"
#include "lab/report/identity.h"
#include "lab/report/names.h"
#include "lab/report/patterns.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

const HeldMutex* find_mutex(const Side& side, const std::string& id) {
  for (const auto& mutex : side.mutexes) {
    if (mutex.id == id) return &mutex;
  }
  return nullptr;
}

std::string ids(const Side& side) {
  std::string text;
  for (const auto& mutex : side.mutexes) text += (text.empty() ? "" : ", ") + mutex_label(mutex);
  return text;
}

bool holds_for_reading_only(const Side& side) {
  return std::none_of(side.mutexes.begin(), side.mutexes.end(),
                      [](const HeldMutex& mutex) { return mutex.write; });
}

// Whether the function of the side takes a lock before the side's line; nothing where its source is
// not at hand. Otherwise a caller took it.
std::optional<bool> locks_itself(const Side& side, Sources& sources) {
  const auto& lines = sources.lines(side.file);
  if (!side.own || side.line < 1 || static_cast<std::size_t>(side.line) > lines.size()) {
    return std::nullopt;
  }
  constexpr int kReach = 200;
  const auto first = std::max(function_around(lines, side.line, kReach).first, 1);
  for (int line = first; line <= side.line; ++line) {
    if (takes_lock(code_of(lines[static_cast<std::size_t>(line) - 1]))) return true;
  }
  return false;
}

// Whether the function of the side takes a lock, but not before the side's line.
bool locks_after(const Side& side, Sources& sources) {
  constexpr int kReach = 60;
  if (locks_itself(side, sources).value_or(true)) return false;
  const auto last = function_around(sources.lines(side.file), side.line, kReach).second;
  for (int line = side.line + 1; line <= last; ++line) {
    if (takes_lock(code_of(sources.line(side.file, line).value_or("")))) return true;
  }
  return false;
}

// The line that calls a lock() of something's own accord before the side's, and no unlock() since;
// 0 where there is none.
int own_lock(const Side& side, Sources& sources) {
  constexpr int kReach = 60;
  const auto& lines = sources.lines(side.file);
  if (!side.own || side.line < 1 || static_cast<std::size_t>(side.line) > lines.size()) return 0;
  const auto first = std::max(function_around(lines, side.line, kReach).first, 1);
  for (int line = side.line - 1; line > first; --line) {
    const auto code = code_of(sources.line(side.file, line).value_or(""));
    if (code.find("unlock") != code.npos) return 0;
    if (code.find(".lock()") != code.npos || code.find("->lock()") != code.npos) return line;
  }
  return 0;
}

// "std::vector<int>::push_back": neither a free function nor a constructor.
bool is_member_call(const std::string& call) {
  const auto end = call.rfind("::");
  if (end == call.npos) return false;
  const auto member = call.substr(end + 2);
  auto type = call.substr(0, std::min(end, call.find('<')));
  if (type == "std" || member.find('>') != member.npos) return false;
  type.erase(0, type.rfind("::") == type.npos ? 0 : type.rfind("::") + 2);
  return member != type && !member.starts_with("basic_");
}

void find_unlocked(const Report& report, const Cause& cause, Sources& sources,
                   std::vector<Pattern>& patterns) {
  if (cause.first.atomic || cause.second.atomic || !report.kind.ends_with("race")) return;
  // Where no lock would help, that there is none explains nothing.
  if (std::any_of(patterns.begin(), patterns.end(), [](auto& one) { return !one.mutex_fits; }))
    return;
  const int first = own_lock(cause.first, sources);
  const int second = own_lock(cause.second, sources);
  if (first != 0 && second != 0) {
    auto one = cause.first;
    auto other = cause.second;
    one.line = first;
    other.line = second;
    patterns.push_back(
        {"own-lock", "A lock that hands nothing over",
         fmt::format("Both sides call lock() before, at {}{}; ThreadSanitizer knows of no mutex "
                     "that they hold. "
                     "A lock of one's own orders only what its atomics order.",
                     place_label(one),
                     site(one) == site(other) ? "" : " and at " + place_label(other)),
         "Take it with memory_order_acquire and give it up with memory_order_release; or take a "
         "std::mutex.",
         "13_relaxed_publish", false, false, true});
    return;
  }
  auto text = fmt::format("Neither {} nor {} holds any lock.", who(cause.first), who(cause.second));
  const auto call = container_call(cause.first);
  if (!cause.object.empty() && is_member_call(call))
    text += " " + call + " does no locking of its own.";
  patterns.push_back({"no-lock", "No lock on either side", text, "", ""});
}

void add_write_under_read(const Side& writer, const std::string& mutexes, bool both,
                          std::vector<Pattern>& patterns) {
  patterns.push_back(
      {"write-under-read-lock", "Write under a read lock",
       fmt::format("{} holds {} for reading only, and writes{}. A shared lock does "
                   "not exclude another shared lock.",
                   who(writer), mutexes, both ? "; the other side holds it for reading, too" : ""),
       "Take the lock for writing (std::unique_lock) where something is written.",
       "07_write_under_read_lock", false});
}

bool has_own_caller(const Side& side, const Own& own) {
  for (auto i = side.frame + 1; i < side.stack.size(); ++i) {
    if (own.owns(side.stack[i])) return true;
  }
  return false;
}

// Whether one of those who called the side's function is seen to take a lock before it.
bool is_locked_by_caller(const Side& side, const Own& own, Sources& sources) {
  for (auto i = side.frame + 1; i < side.stack.size(); ++i) {
    auto caller = side;
    caller.file = side.stack[i].file;
    caller.line = side.stack[i].line;
    if (own.owns(side.stack[i]) && locks_itself(caller, sources).value_or(false)) return true;
  }
  return false;
}

// "mu_" of "table->mu_".
std::string member_of(const HeldMutex& mutex) {
  const auto& name = mutex.name.empty() ? mutex.own : mutex.name;
  auto begin = name.size();
  while (begin > 0 && is_word(name[begin - 1])) --begin;
  return name.substr(begin);
}

// Whether any of the side's functions is a member of the class, or may be.
bool may_be_within(const Side& side, const std::string& type, Classes& classes, Sources& sources) {
  for (std::size_t i = side.frame; i < side.stack.size(); ++i) {
    const auto& frame = side.stack[i];
    const auto& lines = sources.lines(frame.file);
    if (frame.line < 1 || static_cast<std::size_t>(frame.line) > lines.size()) continue;
    if (classes.around(frame.file, frame.line) == type) return true;
    if (("::" + short_name(frame.function)).find("::" + type + "::") != std::string::npos) {
      return true;
    }
    // A lambda of a member that is defined outside of its class.
    constexpr int kReach = 400;
    for (int line = frame.line; line > std::max(0, frame.line - kReach); --line) {
      const auto& text = lines[static_cast<std::size_t>(line) - 1];
      if (text.empty() || !is_word(text[0])) continue;
      if (text.find(type + "::") != std::string::npos) return true;
      break;
    }
  }
  return false;
}

// The class whose private mutex the one side holds, and which the other side is no part of: it
// cannot take it, and has got hold of what the class guards with it.
std::string class_left(const Cause& cause, const Side& with, const Side& without,
                       Sources& sources) {
  if (with.mutexes.size() != 1 || !without.own || !with.own) return {};
  const auto name = member_of(with.mutexes[0]);
  if (name.empty()) return {};
  Classes classes(sources);
  for (const auto& file : related_files(cause, sources)) {
    const auto count = sources.lines(file).size();
    for (std::size_t i = 0; i < count; ++i) {
      if (sources.lines(file)[i].find(name) == std::string::npos) continue;
      const auto line = static_cast<int>(i) + 1;
      const auto text = sources.line(file, line).value_or("");
      if (find_word(text, name) == text.npos || !declares(text, name)) continue;
      const auto type = classes.around(file, line);
      if (type.empty() || !classes.is_hidden(file, line)) continue;
      if (may_be_within(with, type, classes, sources) &&
          !may_be_within(without, type, classes, sources)) {
        return type;
      }
    }
  }
  return {};
}

// Whether the function around the one side calls that of the other.
bool calls(const Side& caller, const Side& callee, Sources& sources) {
  constexpr int kReach = 60;
  const auto name = bare_name(callee.function);
  const auto& lines = sources.lines(caller.file);
  if (name.empty() || is_lambda(callee.function) || caller.line < 1) return false;
  const auto [first, last] = function_around(lines, caller.line, kReach);
  for (int line = std::max(first, 1); line <= last; ++line) {
    const auto code = code_of(sources.line(caller.file, line).value_or(""));
    const auto at = find_word(code, name);
    // Of another object's function, "records_.size()", the dot tells.
    if (at == code.npos || !std::string_view(code).substr(at + name.size()).starts_with('('))
      continue;
    if (at == 0 || !is_selector(code, at - 1)) return !is_same_function(caller, callee, sources);
  }
  return false;
}

// The functions that hold no lock where the other side holds one, that of `without` first.
std::vector<std::string> unlocked_functions(const Cause& cause, const Side& without) {
  constexpr std::size_t kNamedMax = 6;
  std::vector<std::string> functions = {function_label(without)};
  for (const auto& pair : cause.pairs) {
    for (const auto* side : {&pair.first, &pair.second}) {
      const auto& other = side == &pair.first ? pair.second : pair.first;
      if (!side->own || !side->mutexes.empty() || other.mutexes.empty()) continue;
      const auto function = function_label(*side);
      const bool known = std::find(functions.begin(), functions.end(), function) != functions.end();
      if (!known && functions.size() < kNamedMax) functions.push_back(function);
    }
  }
  return functions;
}

// What to do where one side holds a lock and the other none.
std::string lock_advice(const Report& report, const Cause& cause, const Side& with,
                        const Side& without, const std::string& declaration, const Own& own,
                        Sources& sources) {
  if (is_end(report, with, without)) return {};
  if (cause.misused_lock) {
    return fmt::format(
        "First mend what is reported of {}: who unlocks what he does not hold leaves "
        "it protecting nothing.",
        ids(with));
  }
  if (!without.own) return "Take the same lock on the other side, too.";
  const auto itself = locks_itself(with, sources);
  const auto function = function_label(without);
  const auto functions = unlocked_functions(cause, without);
  if (itself && !*itself && is_locked_by_caller(with, own, sources)) {
    const auto whose = has_own_caller(without, own) ? fmt::format("those who call {}", function)
                                                    : fmt::format("{}", function);
    return fmt::format(
        "{} does not take {} itself: a caller of it does. Let {} hold the same lock.",
        function_label(with), ids(with), whose);
  }
  if (itself && calls(with, without, sources)) {
    return fmt::format(
        "Hold the same lock where {0} is called without it. {1} calls it with the lock held, so "
        "{0} "
        "cannot take it itself: give those without a lock a function that takes it and calls {0}.",
        function, function_label(with));
  }
  if (itself && is_same_function(with, without, sources)) {
    const bool before = without.op == "read" && without.line < with.line;
    return fmt::format("Take the lock around every use in {}{}.", function,
                       before ? ", the first look included" : "");
  }
  if (itself && locks_after(without, sources)) {
    return fmt::format("Let {} hold the lock here, too: it takes it only after {}.", function,
                       place_label(without));
  }
  // Who looks through callbacks calls them.
  if (itself && without.op == "read" && declaration.find("function<") != declaration.npos) {
    return fmt::format(
        "Take the same lock in {}, copy what is to be called, unlock, and call the "
        "copies: what is called under a lock may come back for it.",
        function);
  }
  const auto* writing = holds_for_reading_only(with) && without.op != "read" ? ", for writing" : "";
  if (with.mutexes.size() > 1) {
    return fmt::format(
        "Hold in {} the one of these locks that is meant for it ({}){}, and on the "
        "other side always the same.",
        function, ids(with), writing);
  }
  if (itself) return fmt::format("Take the same lock in {}{}.", and_list(functions), writing);
  return fmt::format("Hold the same lock ({}) in {}{}, or in those who call it.", ids(with),
                     function, writing);
}

// The line before the side's where a guard has no name: "std::lock_guard<std::mutex>(mutex_);" ends
// with its line. 0 where there is none.
int unnamed_guard(const Side& side, Sources& sources) {
  constexpr int kAbove = 10;
  const auto& lines = sources.lines(side.file);
  if (!side.own || side.line < 1 || static_cast<std::size_t>(side.line) > lines.size()) return 0;
  const auto first = function_around(lines, side.line, kAbove).first;
  for (int line = side.line; line >= std::max(first, 1); --line) {
    const auto code = code_of(sources.line(side.file, line).value_or(""));
    for (const auto guard : kGuards) {
      auto at = find_word(code, guard);
      if (at == code.npos) continue;
      at += guard.size();
      int angles = 0;
      for (; at < code.size() && (angles > 0 || code[at] == '<'); ++at) {
        angles += (code[at] == '<') - (code[at] == '>');
      }
      if (at < code.size() && (code[at] == '(' || code[at] == '{')) return line;
    }
  }
  return 0;
}

void find_unnamed_guard(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns) {
  for (const auto* side : {&cause.first, &cause.second}) {
    const int line = side->mutexes.empty() ? unnamed_guard(*side, sources) : 0;
    if (line == 0) continue;
    auto guard = *side;
    guard.line = line;
    patterns.push_back({"unnamed-guard", "A guard without a name",
                        fmt::format("The guard at {} has no name: it is a temporary, which unlocks "
                                    "at the end of its own line. {} holds nothing any more.",
                                    place_label(guard), who(*side)),
                        "Give the guard a name: it then holds the lock to the end of the block.",
                        "06_unnamed_guard", false, false, true});
    return;
  }
}

void find_one_side_locked(const Report& report, const Cause& cause, const Side& with,
                          const Side& without, const std::string& declaration, const Own& own,
                          Sources& sources, std::vector<Pattern>& patterns) {
  const bool writes = with.op != "read" && with.op != "free";
  const bool lifetime = std::any_of(patterns.begin(), patterns.end(), is_of_lifetime);
  const bool ends = lifetime || is_end(report, with, without);
  if (writes && holds_for_reading_only(with)) {
    add_write_under_read(with, ids(with), false, patterns);
  }
  const auto left = ends ? std::string() : class_left(cause, with, without, sources);
  if (!left.empty()) {
    patterns.push_back(
        {"left-the-lock", "Used outside of the lock",
         fmt::format(
             "{} {}, which is private to {}; {} is no part of that class and holds no lock: "
             "it uses outside what {} guards.",
             who(with), locks_label(with), left, who(without), left),
         fmt::format("Let {0} give out a copy that it makes under the lock, no pointer, reference "
                     "or view; or let a member of {0} do under the lock what {1} does.",
                     left, function_label(without)),
         "08_escaped_reference", false, false});
    return;
  }
  patterns.push_back(
      {"one-side-locked", "One side locked, the other not",
       fmt::format("{} {}; {} holds no lock. {}", who(with), locks_label(with), who(without),
                   ends ? "No lock keeps an object alive."
                        : "A lock protects only against those who take it too."),
       lifetime ? std::string()
                : lock_advice(report, cause, with, without, declaration, own, sources),
       "05_wrong_lock", false});
}

}  // namespace

bool share_a_lock(const Side& a, const Side& b) {
  return std::any_of(a.mutexes.begin(), a.mutexes.end(), [&](const HeldMutex& one) {
    return std::any_of(b.mutexes.begin(), b.mutexes.end(),
                       [&](const HeldMutex& other) { return one.id == other.id; });
  });
}

void find_lock_patterns(const Report& report, const Cause& cause, const Own& own, Sources& sources,
                        std::vector<Pattern>& patterns) {
  const auto& a = cause.first;
  const auto& b = cause.second;
  if (!is_end(report, a, b)) find_unnamed_guard(cause, sources, patterns);
  if (a.mutexes.empty() && b.mutexes.empty())
    return find_unlocked(report, cause, sources, patterns);
  if (a.mutexes.empty() || b.mutexes.empty()) {
    const auto declared = find_declaration(report, cause, sources);
    const auto& with = a.mutexes.empty() ? b : a;
    const auto& without = a.mutexes.empty() ? a : b;
    return find_one_side_locked(report, cause, with, without, declared ? declared->text : "", own,
                                sources, patterns);
  }
  bool common = false;
  for (const auto& mutex : a.mutexes) {
    const auto* other = find_mutex(b, mutex.id);
    if (!other) continue;
    common = true;
    const auto& writer = a.op == "write" && !mutex.write ? a : b;
    if (writer.op != "write" || (&writer == &b && other->write)) continue;
    return add_write_under_read(writer, mutex_label(mutex), !mutex.write && !other->write,
                                patterns);
  }
  if (common) return;
  const auto& name = a.mutexes[0].own;
  const bool each = !name.empty() && name == b.mutexes[0].own;
  patterns.push_back({"different-mutexes", "Different mutexes",
                      fmt::format("{} holds {}; {} holds {}.{} Two mutexes keep nobody out of "
                                  "anything they do not share.",
                                  who(a), ids(a), who(b), ids(b),
                                  each ? " Each is a " + name + " of its own." : ""),
                      "Choose one mutex for this data, and hold it on both sides: taken in these "
                      "functions or by those who call them.",
                      "05_wrong_lock", false});
}

}  // namespace lab::report
