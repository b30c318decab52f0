#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"

namespace lost_wakeup {
namespace {

using drill::concurrently;
using redis::Record;

Record get(const std::string& key, std::uint64_t sequence = 1) {
  return {.connection = 1, .sequence = sequence, .command = "GET", .key = key};
}

// On the heap: a std::mutex on the stack ends without a word to the detector, which would take the
// next test's mutex at the same address for the same one.
auto make_collector() { return std::make_unique<Collector>(); }

// Every wait is inside a drill, which has a limit: a wait that never ends must not hang us.

TEST(LostWakeup, FindsTheLatestRecordOfAKey) {
  const auto collector = make_collector();
  collector->add(get("user:1", 1));
  collector->add(get("user:1", 2));
  EXPECT_EQ(collector->find("user:1"), get("user:1", 2));
  EXPECT_EQ(collector->find("user:2"), std::nullopt);
}

TEST(LostWakeup, ARecordCanBeFoundWhileAnotherArrives) {
  const auto collector = make_collector();
  collector->add(get("user:1"));
  concurrently([&] { collector->add(get("user:2")); },
               [&] { EXPECT_EQ(collector->find("user:1"), get("user:1")); });
  EXPECT_EQ(collector->find("user:2"), get("user:2"));
}

TEST(LostWakeup, ARecordThatIsThereIsNotWaitedFor) {
  const auto collector = make_collector();
  collector->add(get("user:1"));
  concurrently([&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); },
               [&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); });
}

TEST(LostWakeup, AWaitEndsWhenItsRecordComes) {
  const auto collector = make_collector();
  concurrently([&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); },
               [&] { collector->add(get("user:1")); });
}

TEST(LostWakeup, AWaitEndsThoughAnotherRecordArrivesAtTheSameTime) {
  const auto collector = make_collector();
  concurrently([&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); },
               [&] { collector->add(get("user:1")); }, [&] { collector->add(get("user:2")); });
}

TEST(LostWakeup, AnotherKeysRecordDoesNotEndAWait) {
  const auto collector = make_collector();
  concurrently([&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); },
               [&] {
                 collector->add(get("user:2"));
                 collector->add(get("user:1"));
               });
}

// A waiter may look in between, as often as he likes.
TEST(LostWakeup, NorDoesOneAfterTheOther) {
  const auto collector = make_collector();
  concurrently([&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); },
               [&] {
                 for (const auto* other : {"user:2", "user:3", "user:4", "user:5"}) {
                   collector->add(get(other));
                   std::this_thread::yield();
                 }
                 collector->add(get("user:1"));
               });
}

TEST(LostWakeup, TwoWaitsForOneKeyBothEnd) {
  const auto collector = make_collector();
  const auto wait = [&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); };
  concurrently(wait, wait, [&] { collector->add(get("user:1")); });
}

TEST(LostWakeup, TwoWaitsForTwoKeysEndEachWithItsOwn) {
  const auto collector = make_collector();
  concurrently(
      [&] {
        EXPECT_EQ(collector->await("user:1"), get("user:1"));
        collector->add(get("user:2"));
      },
      [&] { EXPECT_EQ(collector->await("user:2"), get("user:2")); },
      [&] { collector->add(get("user:1")); });
}

// Sequences count within a connection.
TEST(LostWakeup, TheLatestCameLastWhateverItsNumber) {
  auto of_another_connection = get("user:1", 1);
  of_another_connection.connection = 2;
  const auto collector = make_collector();
  collector->add(get("user:1", 7));
  collector->add(of_another_connection);
  EXPECT_EQ(collector->find("user:1"), of_another_connection);
}

TEST(LostWakeup, ACloseEndsEveryWait) {
  const auto collector = make_collector();
  concurrently([&] { EXPECT_EQ(collector->await("user:1"), std::nullopt); },
               [&] { EXPECT_EQ(collector->await("user:2"), std::nullopt); },
               [&] { collector->close(); });
}

TEST(LostWakeup, ARecordBeforeTheCloseIsNotMissed) {
  const auto collector = make_collector();
  concurrently([&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); },
               [&] {
                 collector->add(get("user:1"));
                 collector->close();
               });
}

TEST(LostWakeup, NobodyWaitsAfterTheClose) {
  const auto collector = make_collector();
  collector->add(get("user:1"));
  concurrently(
      [&] {
        collector->close();
        EXPECT_EQ(collector->await("user:1"), get("user:1"));
        EXPECT_EQ(collector->await("user:2"), std::nullopt);
      },
      [&] { collector->find("user:2"); });
}

TEST(LostWakeup, ACloseEndsNoOtherCollectorsWait) {
  const auto one = make_collector();
  const auto other = make_collector();
  concurrently([&] { EXPECT_EQ(one->await("user:1"), get("user:1")); },
               [&] {
                 other->close();
                 one->add(get("user:1"));
               });
}

TEST(LostWakeup, AwaitGivesTheLatestRecord) {
  const auto collector = make_collector();
  collector->add(get("user:1", 1));
  collector->add(get("user:1", 2));
  concurrently(
      [&] {
        const auto found = collector->await("user:1");
        ASSERT_TRUE(found);
        EXPECT_EQ(*found, get("user:1", 2));
      },
      [&] { collector->find("user:2"); });
}

TEST(LostWakeup, LoadOfEightWhoWaitAtOnce) {
  for (int i = 0; i < 20; ++i) {
    const auto collector = make_collector();
    const auto wait = [&] { EXPECT_EQ(collector->await("user:1"), get("user:1")); };
    concurrently(wait, wait, wait, wait, wait, wait, wait, wait,
                 [&] { collector->add(get("user:1")); });
  }
}

TEST(LostWakeup, LoadOfWaitsForEveryKey) {
  constexpr int kKeys = 1'000;
  const auto collector = make_collector();
  const auto key = [](int i) { return "user:" + std::to_string(i); };
  const auto wait = [&] {
    for (int i = 0; i < kKeys; ++i) EXPECT_EQ(collector->await(key(i)), get(key(i)));
  };
  concurrently(wait, wait, [&] {
    for (int i = 0; i < kKeys; ++i) collector->add(get(key(i)));
  });
}

}  // namespace
}  // namespace lost_wakeup
