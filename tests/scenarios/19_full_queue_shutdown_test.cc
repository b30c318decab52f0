#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace full_queue_shutdown {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key) {
  return {.connection = 1, .sequence = 1, .command = "GET", .key = key};
}

// On the heap: a std::mutex on the stack ends without a word to the detector, which would take the
// next test's mutex at the same address for the same one.
auto make_collector(std::size_t inbox_max) { return std::make_unique<Collector>(inbox_max); }

// An inbox that is full until the receiver has taken this record.
auto make_full_collector() {
  auto collector = make_collector(1);
  EXPECT_TRUE(collector->add(get("user:1")));
  return collector;
}

// Every call that may wait is inside a drill, which has a limit: a sender that is never let go must
// not hang us.

TEST(FullQueueShutdown, WhatWasTakenIsCounted) {
  const auto collector = make_collector(1);
  concurrently(
      [&] {
        EXPECT_TRUE(collector->add(get("user:1")));
        EXPECT_TRUE(collector->add(get("user:1")));
        collector->stop();
      },
      [] {});
  EXPECT_EQ(collector->requests("user:1"), 2u);
  EXPECT_EQ(collector->requests("user:2"), 0u);
}

TEST(FullQueueShutdown, CountsCanBeReadWhileARecordArrives) {
  const auto collector = make_collector(2);
  concurrently([&] { EXPECT_TRUE(collector->add(get("user:1"))); },
               [&] { EXPECT_LE(collector->requests("user:1"), 1u); });
}

TEST(FullQueueShutdown, TwoSendersBothFindRoom) {
  const auto collector = make_full_collector();
  const auto send = [&] { EXPECT_TRUE(collector->add(get("user:1"))); };
  concurrently(send, send);
  concurrently([&] { collector->stop(); }, [] {});
  EXPECT_EQ(collector->requests("user:1"), 3u);
}

TEST(FullQueueShutdown, TwoSendersBothFindRoomInALargerInbox) {
  const auto collector = make_collector(2);
  EXPECT_TRUE(collector->add(get("user:1")));
  EXPECT_TRUE(collector->add(get("user:1")));
  const auto send = [&] { EXPECT_TRUE(collector->add(get("user:1"))); };
  concurrently(send, send);
  concurrently([&] { collector->stop(); }, [] {});
  EXPECT_EQ(collector->requests("user:1"), 4u);
}

TEST(FullQueueShutdown, TheInboxIsNeverFullerThanItsBound) {
  const auto collector = make_full_collector();
  concurrently([&] { collector->add(get("user:2")); },
               [&] { EXPECT_LE(collector->backlog(), 1u); });
}

TEST(FullQueueShutdown, TwoSendersDoNotShareTheLastPlace) {
  const auto collector = make_collector(1);
  const auto send = [&] { collector->add(get("user:1")); };
  concurrently(send, send, [&] { EXPECT_LE(collector->backlog(), 1u); });
}

TEST(FullQueueShutdown, TwoSendersThatWaitedDoNotShareTheFirstPlace) {
  const auto collector = make_full_collector();
  const auto send = [&] { collector->add(get("user:1")); };
  concurrently(send, send, [&] { EXPECT_LE(collector->backlog(), 1u); });
}

TEST(FullQueueShutdown, AStopLetsASenderGo) {
  const auto collector = make_full_collector();
  concurrently([&] { collector->add(get("user:2")); }, [&] { collector->stop(); });
}

TEST(FullQueueShutdown, AStopLetsEverySenderGo) {
  const auto collector = make_full_collector();
  const auto send = [&] { collector->add(get("user:2")); };
  concurrently(send, send, [&] { collector->stop(); });
}

TEST(FullQueueShutdown, WhatIsTakenDuringAStopIsCounted) {
  const auto collector = make_full_collector();
  bool taken = false;
  concurrently([&] { taken = collector->add(get("user:2")); }, [&] { collector->stop(); });
  EXPECT_EQ(collector->requests("user:1"), 1u);
  EXPECT_EQ(collector->requests("user:2"), taken ? 1u : 0u);
}

TEST(FullQueueShutdown, NothingIsTakenAfterAStop) {
  const auto collector = make_collector(1);
  concurrently(
      [&] {
        collector->stop();
        EXPECT_FALSE(collector->add(get("user:1")));
        EXPECT_FALSE(collector->add(get("user:1")));
      },
      [] {});
  EXPECT_EQ(collector->requests("user:1"), 0u);
}

TEST(FullQueueShutdown, StoppingTwiceIsAsGoodAsOnce) {
  const auto collector = make_full_collector();
  concurrently(
      [&] {
        collector->stop();
        collector->stop();
      },
      [] {});
  EXPECT_EQ(collector->requests("user:1"), 1u);
}

TEST(FullQueueShutdown, TheEndOfTheCollectorEndsItsReceiver) {
  auto collector = make_full_collector();
  concurrently([&] { collector.reset(); }, [] {});
}

TEST(FullQueueShutdown, AStopStopsNoOtherCollector) {
  const auto one = make_collector(1);
  const auto other = make_collector(1);
  concurrently(
      [&] {
        one->stop();
        EXPECT_TRUE(other->add(get("user:1")));
        other->stop();
      },
      [] {});
  EXPECT_EQ(other->requests("user:1"), 1u);
}

TEST(FullQueueShutdown, TwoWhoAskForAKeyThatNeverCameGetAlong) {
  const auto collector = make_collector(1);
  concurrently([&] { EXPECT_EQ(collector->requests("user:1"), 0u); },
               [&] { EXPECT_EQ(collector->requests("user:2"), 0u); });
}

TEST(FullQueueShutdown, LoadOfARecordedSessionWithAStopAmidIt) {
  constexpr int kLooksBeforeTheStop = 50;
  const auto& session = redis::recorded_session();
  const auto collector = make_collector(8);
  std::atomic<std::uint64_t> taken = 0;
  int looks = 0;
  drill::play(
      session,
      [&](redis::Record record) {
        record.key = "all";
        taken += collector->add(record);
      },
      [&](const redis::Record&) {
        EXPECT_LE(collector->backlog(), 8u);
        if (++looks == kLooksBeforeTheStop) collector->stop();
      });
  EXPECT_EQ(collector->requests("all"), taken);
}

}  // namespace
}  // namespace full_queue_shutdown
