#include "lab/verdict/strategy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lab::verdict {
namespace {

using Usage = Events::Usage;

std::string strategy_of(const Usage& usage) {
  Events::Explored explored;
  explored.usage = usage;
  return verdict::strategy_of(std::vector{explored});
}

TEST(Strategy, IsUnknownWhereNothingWasExplored) { EXPECT_EQ(verdict::strategy_of({}), ""); }

TEST(Strategy, IsToldFromWhatWasDone) {
  EXPECT_EQ(strategy_of({.mutexes = 1, .guards = 1}), "mutex");
  EXPECT_EQ(strategy_of({.mutexes = 2, .guards = 2}), "mutex");
  EXPECT_EQ(strategy_of({.rwlocks = 1, .read_locks = 1}), "rwlock");
  EXPECT_EQ(strategy_of({.mutexes = 16, .shards = 16, .guards = 16}), "sharded_map");
  EXPECT_EQ(strategy_of({.rwlocks = 8, .shards = 8, .read_locks = 1}), "sharded_map");
  EXPECT_EQ(strategy_of({.mutexes = 3, .owner_threads = 1, .owner_waits = true, .asked = true}),
            "message_passing");
  EXPECT_EQ(strategy_of({.atomics = 2}), "other");
}

TEST(Strategy, AQueueBesideAGuardIsAMutex) {
  EXPECT_EQ(
      strategy_of(
          {.mutexes = 4, .guards = 1, .owner_threads = 1, .owner_waits = true, .asked = true}),
      "mutex");
  EXPECT_EQ(strategy_of({.mutexes = 1, .owner_threads = 1, .owner_waits = true}), "mutex");
}

}  // namespace
}  // namespace lab::verdict
