// Leaving out schedules that differ only in the order of independent operations must not leave out
// anything that a program can do.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "tests/explore/explored.h"

namespace {

struct Searched {
  std::set<std::uint64_t> outcomes;
  std::map<std::string, int> orders;  // Of each test.
  std::uint64_t schedules = 0;
};

Searched search(const std::string& tests, bool reduced) {
  const auto file = testing::TempDir() + "outcomes." + std::to_string(getpid());
  std::filesystem::remove(file);
  std::vector<std::string> arguments = {"--gtest_filter=" + tests, "--bound=1", "--beyond=0"};
  if (!reduced) arguments.push_back("--every-schedule");
  Searched searched;
  const auto run = explored("random_programs", arguments, {"RACELAB_OUTCOMES=" + file});
  for (const auto& test : run.tests) {
    EXPECT_TRUE(test.exhausted) << test.test << ' ' << test.message;
    searched.schedules += static_cast<std::uint64_t>(test.schedules);
    searched.orders[test.test] = test.orders;
  }
  std::ifstream in(file, std::ios::binary);
  for (std::uint64_t hash; in.read(reinterpret_cast<char*>(&hash), sizeof hash);) {
    searched.outcomes.insert(hash);
  }
  std::filesystem::remove(file);
  return searched;
}

// 146: the order that it could lose takes a preemption before an unlock, so that the other thread
// runs until it stands at that lock and, without another preemption, gives way again.
TEST(Reduction, LosesNoOrderOfRandomPrograms) {
  const std::string some = "*/1?:*/2?:*/3?:*/14?";
  const auto whole = search(some, false);
  const auto reduced = search(some, true);
  EXPECT_GT(whole.outcomes.size(), 30u);
  EXPECT_EQ(whole.outcomes, reduced.outcomes);
  EXPECT_EQ(whole.orders, reduced.orders);
  EXPECT_LT(reduced.schedules * 2, whole.schedules);
}

}  // namespace
