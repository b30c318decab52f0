#include <gtest/gtest.h>

#include <string>

#include "tests/explore/explored.h"

TEST(LockOrders, CyclesAreOpenOrGated) {
  const auto run = explored("lock_orders", {});
  ASSERT_EQ(run.events.size(), 13u) << run.output;
  for (const auto& test : run.events) {
    SCOPED_TRACE(test.test);
    EXPECT_EQ(test.verdict, "pass") << test.message;
    EXPECT_TRUE(test.exhausted);
    const auto suite = test.test.substr(0, test.test.find('.'));
    EXPECT_EQ(test.open_lock_cycle, suite == "Open");
    if (suite != "Open") {  // Where one is open, nobody looks for more.
      EXPECT_EQ(test.gated_lock_cycle, suite == "Gated");
    }
  }
}
