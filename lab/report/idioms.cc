#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/code.h"
#include "lab/report/ends.h"
#include "lab/report/identity.h"
#include "lab/report/names.h"
#include "lab/report/patterns.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr int kReach = 60;  // Lines of a function, at most.

template <class Passes>
bool any_library_frame(const Side& side, Passes passes) {
  if (!side.own) return false;
  return std::any_of(side.stack.begin(),
                     side.stack.begin() + static_cast<std::ptrdiff_t>(side.frame), passes);
}

// clang gives the bare names of functions that were inlined: their file tells what they are of.
bool is_of(const Frame& frame, std::string_view type, std::string_view header) {
  return short_name(frame.function).starts_with(type) ||
         frame.file.find(header) != std::string::npos;
}

bool uses_packed_bits(const Side& side) {
  return any_library_frame(side, [](const Frame& frame) {
    return is_of(frame, "std::_Bit_", "/stl_bvector.h") || is_of(frame, "std::bitset<", "/bitset");
  });
}

void find_packed_bits(const Cause& cause, std::vector<Pattern>& patterns) {
  if (!uses_packed_bits(cause.first) || !uses_packed_bits(cause.second)) return;
  patterns.push_back(
      {"packed-bits", "Neighbouring bits share a word",
       "std::vector<bool> and std::bitset keep their elements as bits of shared words: to write "
       "one element is to read and write its neighbours.",
       "Give each element memory of its own, as std::vector<char> or std::deque<bool> do, or hold "
       "one mutex around every use.",
       "", false, false, true});
}

bool is_atomic_pointer(const Side& side) {
  return any_library_frame(side, [](const Frame& frame) {
    const auto name = short_name(frame.function);
    return name.starts_with("std::_Sp_atomic") || name.starts_with("std::atomic<std::shared_ptr") ||
           frame.file.ends_with("/shared_ptr_atomic.h");
  });
}

// The library's own order, which its runtime does not see.
void find_atomic_pointer(const Cause& cause, std::vector<Pattern>& patterns) {
  if (!is_atomic_pointer(cause.first) || !is_atomic_pointer(cause.second)) return;
  patterns.push_back(
      {"atomic-shared-pointer", "Inside std::atomic<std::shared_ptr>",
       "Both are in the library's own code. That of GCC 12 gives its lock bit back with a relaxed "
       "store after a load(), which ThreadSanitizer reports: it says nothing against this program.",
       "Use a newer libstdc++, or std::atomic_load() and std::atomic_store() on a plain "
       "std::shared_ptr; or suppress it (race:std::_Sp_atomic).",
       "14_snapshot_swap", false, false, true});
}

// Whether the side is in the pointer itself, not in the count of its owners.
bool uses_shared_pointer(const Side& side) {
  if (!side.own || side.atomic || side.frame == 0 || is_atomic_pointer(side)) return false;
  return is_of(side.stack[side.frame - 1], "std::shared_ptr<", "/bits/shared_ptr") ||
         is_of(side.stack[side.frame - 1], "std::__shared_ptr", "/bits/shared_ptr");
}

bool uses_unique_pointer(const Side& side) {
  return side.own && !side.atomic && side.frame > 0 &&
         is_of(side.stack[side.frame - 1], "std::unique_ptr<", "/bits/unique_ptr.h");
}

// The pointer is changed while another thread follows it, to what the change frees.
void find_unique_pointer(const Cause& cause, std::vector<Pattern>& patterns) {
  const auto& a = cause.first;
  const auto& b = cause.second;
  if (a.op != "write" || b.op == "free" || !uses_unique_pointer(a) || !uses_unique_pointer(b))
    return;
  const auto name = cause.object.empty() ? "the pointer" : cause.object;
  patterns.push_back(
      {"unique-pointer", "The unique_ptr itself is shared",
       fmt::format("{} changes {} while {} uses it: what it led to is freed by that, "
                   "whoever is still there.",
                   who(a), name, who(b)),
       fmt::format("Hold one mutex around the change and for as long as {} is used; "
                   "or make it a std::atomic<std::shared_ptr<…>>, of which each "
                   "reader load()s a copy of his own.",
                   name),
       "14_snapshot_swap", false, false});
}

void find_shared_pointer(const Cause& cause, std::vector<Pattern>& patterns) {
  if (cause.first.op != "write" || cause.second.op == "free") return;
  if (!uses_shared_pointer(cause.first) || !uses_shared_pointer(cause.second)) return;
  const auto name = cause.object.empty() ? "the pointer" : cause.object;
  patterns.push_back(
      {"shared-pointer", "The shared_ptr itself is shared",
       fmt::format("{} changes {} while {} uses it. A std::shared_ptr counts its owners with "
                   "atomics; the pointer itself is plain data, and a copy of it that is made "
                   "meanwhile may lead to what is freed.",
                   who(cause.first), name, who(cause.second)),
       fmt::format("Make {} a std::atomic<std::shared_ptr<…>>: readers load() a copy of their own, "
                   "and use that; or hold one mutex around the copy and around the assignment.",
                   name),
       "14_snapshot_swap", false, false});
}

// Whether the side drops what a shared_ptr held, by giving it something else to hold.
bool drops_by_change(const Side& side) {
  return any_library_frame(side, [](const Frame& frame) {
    const auto name = short_name(frame.function);
    const auto bare = bare_name(frame.function);
    return name.starts_with("std::shared_ptr<") && (bare == "operator=" || bare == "reset");
  });
}

// Counts itself among the owners, without a lock: a copy.
bool copies_unlocked(const Side& side) {
  return side.own && side.atomic && side.mutexes.empty() && side.frame > 0 &&
         is_of(side.stack[side.frame - 1], "std::shared_ptr<", "/bits/shared_ptr") &&
         bare_name(side.stack[side.frame - 1].function) == "shared_ptr";
}

// What is freed in use had owners, and one of them copied the pointer while it was changed.
void find_dropped_owner(const Report& report, const Cause& cause, std::vector<Pattern>& patterns) {
  if (!is_end(report, cause.first, cause.second)) return;
  const auto& freer = cause.first.op == "free" ? cause.first : cause.second;
  if (freer.op != "free" || !drops_by_change(freer)) return;
  for (const auto& pair : cause.pairs) {
    for (const auto* side : {&pair.first, &pair.second}) {
      if (!copies_unlocked(*side)) continue;
      const auto lock =
          freer.mutexes.empty() ? std::string("one mutex") : mutex_label(freer.mutexes.back());
      patterns.push_back(
          {"shared-pointer", "The shared_ptr itself is shared",
           fmt::format(
               "{} gives a std::shared_ptr another object to hold, which frees the old one; "
               "{} copies one and holds no lock. A copy that is made meanwhile may lead to "
               "what is freed.",
               who(freer), who(*side)),
           fmt::format("Hold {} around the copy in {}, too; or make the pointer a "
                       "std::atomic<std::shared_ptr<…>>.",
                       lock, function_label(*side)),
           "14_snapshot_swap", false, false, true});
      return;
    }
  }
}

// "Settings* current = nullptr;"
bool declares_pointer(const std::string& line, const std::string& name) {
  const auto at = find_word(line, name);
  if (at == line.npos || line.find("atomic") != line.npos) return false;
  const auto before = trim(std::string_view(line).substr(0, at));
  return before.ends_with('*');
}

// One function puts another object in place, and another function only follows the pointer.
void find_plain_pointer(const Report& report, const Cause& cause, Sources& sources,
                        std::vector<Pattern>& patterns) {
  const auto& writer = cause.first;
  const auto& reader = cause.second;
  if (writer.op != "write" || reader.op != "read" || writer.frame != 0 || !patterns.empty()) return;
  if (!writer.mutexes.empty() || !reader.mutexes.empty() || writer.atomic || reader.atomic) return;
  const bool one_way = std::all_of(cause.pairs.begin(), cause.pairs.end(), [&](const Pair& pair) {
    return pair.object != cause.object ||
           (pair.second.op == "read" && !is_same_function(pair.first, pair.second, sources));
  });
  const auto declaration = find_declaration(report, cause, sources);
  if (!one_way || !declaration || !declares_pointer(declaration->text, last_name(cause.object))) {
    return;
  }
  patterns.push_back(
      {"plain-pointer", "Handed over through a plain pointer",
       fmt::format("{} is a plain pointer. Nothing orders who follows it after what was written to "
                   "the object that it leads to.",
                   cause.object),
       fmt::format("Make {} a std::atomic pointer, stored with memory_order_release and loaded "
                   "with memory_order_acquire; and keep the old object until no reader can have "
                   "it, as std::atomic<std::shared_ptr<…>> does by itself.",
                   cause.object),
       "14_snapshot_swap", true, false});
}

// What is freed was reached through a pointer that the same cause changes: to order the free alone
// would leave that.
void find_pointer_to_freed(const Report& report, const Cause& cause, Sources& sources,
                           std::vector<Pattern>& patterns) {
  if (!is_end(report, cause.first, cause.second)) return;
  constexpr int kLookedUpMax = 16;
  int looked_up = 0;
  for (const auto& pair : cause.pairs) {
    if (pair.first.op != "write" || pair.second.op != "read" || pair.first.frame != 0) continue;
    if (pair.object.empty() || pair.first.atomic || pair.second.atomic) continue;
    if (++looked_up > kLookedUpMax) return;
    auto other = cause;
    other.first = pair.first;
    other.second = pair.second;
    other.object = pair.object;
    const auto declaration = find_declaration(report, other, sources);
    if (!declaration || !declares_pointer(declaration->text, last_name(pair.object))) continue;
    patterns.push_back(
        {"plain-pointer", "Reached through a plain pointer",
         fmt::format("{} changes {}, through which {} reaches what is freed.",
                     function_label(pair.first), pair.object, function_label(pair.second)),
         fmt::format("Make {} a std::atomic<std::shared_ptr<…>>, of which each user load()s a copy "
                     "of his own; or hold one mutex around its change, and for as long as what it "
                     "leads to is used.",
                     pair.object),
         "14_snapshot_swap", false, false, true});
    return;
  }
}

// "bool stop = false;", whose other side looks at it in the head of a loop.
void find_polled_flag(const Report& report, const Cause& cause, Sources& sources,
                      std::vector<Pattern>& patterns) {
  const auto& writer = cause.first;
  const auto& reader = cause.second;
  if (writer.op != "write" || reader.op != "read" || writer.frame != 0 || reader.frame != 0) return;
  if (writer.atomic || reader.atomic || cause.object.empty()) return;
  if (!writer.mutexes.empty() || !reader.mutexes.empty() || !patterns.empty()) return;
  const auto name = last_name(cause.object);
  const auto declaration = find_declaration(report, cause, sources);
  const auto head = code_of(sources.line(reader.file, reader.line).value_or(""));
  const auto& lines = sources.lines(reader.file);
  const auto next = code_of(sources.line(reader.file, reader.line + 1).value_or(""));
  const auto leaves = [](const std::string& code) {
    return find_word(code, "break") != code.npos || find_word(code, "return") != code.npos;
  };
  // "if (ready) break;" in a loop, or the loop's own head.
  const bool left = find_word(head, "if") != head.npos && (leaves(head) || leaves(next)) &&
                    loop_around(lines, reader.line).first != 0;
  const auto loop =
      left ? find_word(head, "if") : std::min(find_word(head, "while"), find_word(head, "for"));
  if (!declaration || find_word(declaration->text, "bool") == std::string::npos) return;
  if (loop == head.npos || find_word(head, name, loop) == head.npos) return;
  patterns.push_back(
      {"polled-flag", "A plain flag that another thread polls",
       fmt::format("{} goes round until {} changes, and {} changes it. The compiler may read a "
                   "plain variable once, and never again.",
                   who(reader), name, who(writer)),
       fmt::format(
           "Make {} a std::atomic<bool>; or, to stop a std::jthread, take its "
           "std::stop_token. What was written before its store is then ordered, too, before "
           "what is read after its load.",
           name),
       "11_stop_flag", false, false, cause.also.empty()});
}

// Whether the function around the side calls one of these.
bool calls(const Side& side, std::initializer_list<std::string_view> names, Sources& sources) {
  const auto& lines = sources.lines(side.file);
  if (!side.own || side.line < 1 || static_cast<std::size_t>(side.line) > lines.size()) {
    return false;
  }
  const auto [first, last] = function_around(lines, side.line, kReach);
  for (int line = std::max(first, 1); line <= last; ++line) {
    const auto code = code_of(sources.line(side.file, line).value_or(""));
    if (std::any_of(names.begin(), names.end(),
                    [&](auto name) { return find_word(code, name) != code.npos; })) {
      return true;
    }
  }
  return false;
}

// What a function waits for, as its source has it: the arguments of its waits, and the loops around
// them up to there.
std::string waited_for(const Side& side, Sources& sources) {
  constexpr int kCallMax = 6;  // Lines of one call.
  const auto [first, last] = function_around(sources.lines(side.file), side.line, kReach);
  const auto code_at = [&](int line) {
    return code_of(sources.line(side.file, line).value_or(""));
  };
  std::string text;
  for (int line = std::max(first, 1); line <= last; ++line) {
    const auto code = code_at(line);
    const bool waits = find_word(code, "wait") != code.npos ||
                       find_word(code, "wait_for") != code.npos ||
                       find_word(code, "wait_until") != code.npos;
    // The loop around the wait asks before it.
    const auto loop = waits ? loop_around(sources.lines(side.file), line).first : 0;
    for (int i = loop; i > 0 && i < line; ++i) text += code_at(i) + ' ';
    for (int i = line; waits && i < line + kCallMax && i <= last; ++i) {
      text += code_at(i) + ' ';
      if (code_at(i).find(';') != std::string::npos && code_at(i).ends_with(';')) break;
    }
  }
  return text;
}

bool is_wait(const Frame& frame) {
  const auto name = short_name(frame.function);
  const auto bare = bare_name(frame.function);
  return name.starts_with("std::condition_variable") || name.starts_with("std::_V2::condition_") ||
         bare.starts_with("pthread_cond_") || frame.file.ends_with("/condition_variable");
}

}  // namespace

void find_condition(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns) {
  for (const auto* waiter : {&cause.first, &cause.second}) {
    const auto& other = waiter == &cause.first ? cause.second : cause.first;
    if (waiter->op != "read" || other.op != "write" || waiter->mutexes.empty()) continue;
    if (!other.mutexes.empty()) continue;
    const bool looks = std::any_of(waiter->stack.begin(), waiter->stack.end(), is_wait);
    const auto waited = looks ? std::string() : waited_for(*waiter, sources);
    const auto name = last_name(cause.object);
    const bool waits =
        looks ||
        (calls(*waiter, {"wait", "wait_for", "wait_until", "pthread_cond_wait"}, sources) &&
         !name.empty() && find_word(waited, name) != waited.npos);
    const bool notifies =
        calls(other, {"notify_one", "notify_all", "pthread_cond_signal", "pthread_cond_broadcast"},
              sources);
    if (!waits || !notifies) continue;
    const auto what = cause.object.empty() ? "it" : objects_label(cause);
    const auto mutex = mutex_label(waiter->mutexes.back());
    patterns.push_back(
        {"condition-without-mutex", "Changed without the mutex of the wait",
         fmt::format("{} waits under {} for what {} changes without it, and notifies of. Where the "
                     "waiter has looked and does not sleep yet, the change and its notification "
                     "are missed.",
                     who(*waiter), mutex, who(other)),
         fmt::format("Change {} under {}, the mutex of the wait, and notify then. An atomic would "
                     "end this report, and still lose the notification.",
                     what, mutex),
         "18_lost_wakeup", false, false, true});
    return;
  }
}

bool is_owner_race(const Pair& pair) {
  if (pair.first.op != "write" || pair.second.op == "free") return false;
  return (uses_shared_pointer(pair.first) && uses_shared_pointer(pair.second)) ||
         (uses_unique_pointer(pair.first) && uses_unique_pointer(pair.second));
}

void find_idioms(const Report& report, const Cause& cause, Sources& sources,
                 std::vector<Pattern>& patterns) {
  find_packed_bits(cause, patterns);
  find_atomic_pointer(cause, patterns);
  find_shared_pointer(cause, patterns);
  find_dropped_owner(report, cause, patterns);
  find_unique_pointer(cause, patterns);
  find_plain_pointer(report, cause, sources, patterns);
  find_pointer_to_freed(report, cause, sources, patterns);
  find_polled_flag(report, cause, sources, patterns);
}

}  // namespace lab::report
