#pragma once

#include <string>
#include <vector>

#include "drill/engine.h"

namespace drill {

struct Run {
  std::string engine = "all";  // "in_turn", "at_once" or both
  std::string events;          // File for drill/events.h; none when empty.
  Limits limits;
};

// Runs every test of the program (those that --gtest_filter selects) under each engine, each body
// as often as the engine asks. Returns 0 when at least one test ran and all passed, else 1.
int run_tests(const Run& run);

// The tests that --gtest_filter selects, as "Suite.Test", in the program's order.
std::vector<std::string> selected_tests();

}  // namespace drill
