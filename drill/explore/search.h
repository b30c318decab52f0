#pragma once

#include <cstdint>
#include <memory>
#include <unordered_set>
#include <vector>

#include "drill/explore/findings.h"
#include "drill/explore/scheduler.h"

// Which schedules are run, and in which order.
namespace drill::explore {

// A schedule is named by its switches: the points at which another thread runs than by default.
using Switches = std::vector<Switch>;

class Search : public Strategy {
 public:
  // Prepares the next schedule; false: none is left.
  virtual bool next() = 0;
  // The schedule that next() prepared has run to its end.
  virtual void finish() = 0;
  virtual bool exhausted() const = 0;
  // There are schedules beyond its bound.
  virtual bool leaves_some() const { return false; }
};

// Every schedule with 0 preemptions, then with 1, up to `bound` (Musuvathi and Qadeer, "Iterative
// Context Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007). `reduce`: leaves
// out schedules that differ from one that is run only in the order of independent operations.
std::unique_ptr<Search> make_systematic(int bound, bool reduce);
// Random priorities with depth 3, for ever (Burckhardt et al., "A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs", ASPLOS 2010).
std::unique_ptr<Search> make_random(std::uint64_t seed);
// Beyond the bound: a few schedules in which one thread is overtaken at every turn, then random
// walks, for ever: threads of different speeds, drawn for each schedule, that change more often
// than any bound allows. For drills that are short.
std::unique_ptr<Search> make_beyond(std::uint64_t seed);
// The same, but every other one of the rest has random priorities.
std::unique_ptr<Search> make_sample(std::uint64_t seed);
// One schedule.
std::unique_ptr<Search> make_replay(Switches switches);

}  // namespace drill::explore
