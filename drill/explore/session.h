#pragma once

#include <functional>
#include <memory>

#include "drill/explore/search.h"

namespace drill::explore {

struct Budget {
  std::uint64_t schedules;
  int seconds;
  std::uint64_t beyond = 0;  // Schedules at random where all up to the bound have been run.
};

// In a child process: runs `body`, which runs its test over and over. Each time is one schedule of
// `search`, until none is left or half of the budget is spent; then at random for the other half,
// or as many as are asked for beyond the bound.
// Ends the process, in a finding or in Outcome::kDone.
[[noreturn]] void run_schedules(std::unique_ptr<Search> search, const Budget& budget,
                                const std::function<void()>& body);

}  // namespace drill::explore
