#pragma once

#include <string>
#include <string_view>
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
void find_lock_patterns(const Report& report, const Cause& cause, Sources& sources,
                        std::vector<Pattern>& patterns);

// A look without a lock, the lock, and a second look: where a pair of the cause is that.
void find_double_checked(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns);

// Ways of the library and the language that are used without what they ask for: a shared_ptr that
// is changed while it is copied, a condition's state without its mutex, packed bits.
void find_idioms(const Report& report, const Cause& cause, Sources& sources,
                 std::vector<Pattern>& patterns);

inline bool kind_has(const Report& report, std::string_view word) {
  return report.kind.find(word) != std::string::npos;
}

// "T1 'reader' in Table::find()"
std::string who(const Side& side);

// "the main thread", "T1 'reader'"
std::string which_thread(const Side& side);

// Whether the line takes a lock, as far as the words tell.
bool takes_lock(std::string_view code);

}  // namespace lab::report
