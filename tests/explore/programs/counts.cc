// Programs so small that their schedules can be counted by other means:
// tests/explore/counts_test.cc knows how many there are.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Lengths = std::pair<int, int>;

class Counts : public testing::TestWithParam<Lengths> {};

// Operations that everybody could tell the order of: each a schedule point.
void take_steps(std::atomic<int>& value, int steps) {
  for (int i = 0; i < steps; ++i) ++value;
}

TEST_P(Counts, MainBesideOneThread) {
  const auto [own, others] = GetParam();
  std::atomic<int> value = 0;
  std::thread thread([&value, steps = others] { take_steps(value, steps); });
  take_steps(value, own);
  thread.join();
}

TEST_P(Counts, TwoThreads) {
  const auto [first, second] = GetParam();
  std::atomic<int> value = 0;
  std::vector<std::thread> threads;
  threads.reserve(2);
  for (const int steps : {first, second}) {
    threads.emplace_back([&value, steps] { take_steps(value, steps); });
  }
  for (auto& thread : threads) thread.join();
}

std::string name_of(const testing::TestParamInfo<Lengths>& info) {
  return std::to_string(info.param.first) + "and" + std::to_string(info.param.second);
}

INSTANTIATE_TEST_SUITE_P(Small, Counts,
                         testing::Values(Lengths{0, 0}, Lengths{1, 1}, Lengths{1, 2}, Lengths{2, 2},
                                         Lengths{3, 1}, Lengths{3, 3}),
                         name_of);

}  // namespace
