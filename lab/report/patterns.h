#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/report/explain.h"

// The parts of find_patterns().
namespace lab::report {

// One builds, ends or frees what the other uses.
void find_lifetime_patterns(const Report& report, const Cause& cause, Sources& sources,
                            std::vector<Pattern>& patterns);

// A sleep that stands where something should order the two.
void find_sleep(const Report& report, const Cause& cause, const Own& own, Sources& sources,
                std::vector<Pattern>& patterns);

// What locks the parties held, and what follows from it.
void find_lock_patterns(const Report& report, const Cause& cause, const Own& own, Sources& sources,
                        std::vector<Pattern>& patterns);

// A look without a lock, the lock, and a second look: where a pair of the cause is that.
void find_double_checked(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns);

// The same with no lock at all.
void find_first_use(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns);

// One waits under a mutex for what another changes without it, and then notifies.
void find_condition(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns);

// Ways of the library and the language that are used without what they ask for: a shared_ptr that
// is changed while it is copied, a flag that is polled, what is made on first use, packed bits.
void find_idioms(const Report& report, const Cause& cause, Sources& sources,
                 std::vector<Pattern>& patterns);

// Whether it is of an object that is still being built, or destroyed already.
inline bool is_of_lifetime(const Pattern& pattern) {
  return pattern.id == "still-constructed" || pattern.id == "already-destroyed" ||
         pattern.id == "member-order";
}

inline bool kind_has(const Report& report, std::string_view word) {
  return report.kind.find(word) != std::string::npos;
}

// "T1 'reader' in Table::find()"
std::string who(const Side& side);

// Whether a mutex is held on both sides.
bool share_a_lock(const Side& a, const Side& b);

// What takes a lock for as long as it lives, by the names of its type.
inline constexpr std::array<std::string_view, 6> kGuards = {
    "lock_guard", "scoped_lock", "unique_lock", "shared_lock", "MutexLock", "LockGuard"};

// What the cause is on, by name, "full_ and msg_"; empty where it has none.
std::string objects_label(const Cause& cause);
// The lines of the innermost loop around a line, as far as indentation shows it; {0, 0} where there
// is none.
std::pair<int, int> loop_around(const std::vector<std::string>& lines, int line);

// "the main thread", "T1 'reader'"
std::string which_thread(const Side& side);

// What a line asks: between the brackets of an "if" or a "while", or before a "?". Empty where it
// asks nothing.
std::string_view condition_of(std::string_view code);

// Whether the line takes a lock, as far as the words tell.
bool takes_lock(std::string_view code);

}  // namespace lab::report
