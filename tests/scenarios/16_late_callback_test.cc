#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"
#include "redis/session.h"

namespace late_callback {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key) {
  return {.connection = 1, .sequence = 1, .command = "GET", .key = key};
}

TEST(LateCallback, ACollectorMayEndRightAfterARecord) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:2")); });
}

TEST(LateCallback, ACollectorMayEndBesideAnother) {
  Collector other;
  {
    Collector collector;
    concurrently([&] { collector.add(get("user:1")); }, [&] { other.add(get("user:1")); });
  }
  EXPECT_EQ(other.counts(), (Counts{{"user:1", 1}}));
}

TEST(LateCallback, ACollectorMayEndAfterItsRecordsWereCounted) {
  Collector collector;
  concurrently(
      [&] {
        collector.add(get("user:1"));
        collector.counts();
      },
      [&] { collector.add(get("user:2")); });
}

TEST(LateCallback, ANewCollectorCountsFromNothing) {
  auto collector = std::make_unique<Collector>();
  concurrently([&] { collector->add(get("user:1")); }, [&] { collector->add(get("user:2")); });
  collector = std::make_unique<Collector>();
  concurrently([&] { collector->add(get("user:3")); }, [&] { collector->add(get("user:4")); });
  EXPECT_EQ(collector->counts(), (Counts{{"user:3", 1}, {"user:4", 1}}));
}

TEST(LateCallback, ACollectorMayEndUnused) {
  const Collector collector;
  EXPECT_EQ(collector.counts(), Counts{});
}

TEST(LateCallback, CountsTheRecordsOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:2")); });
  EXPECT_EQ(collector.counts(), (Counts{{"user:1", 1}, {"user:2", 1}}));
}

TEST(LateCallback, CountsOneKeyOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:1")); });
  EXPECT_EQ(collector.counts(), (Counts{{"user:1", 2}}));
}

TEST(LateCallback, CountsCanBeReadWhileARecordArrives) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:2")); },
               [&] {
                 const auto counts = collector.counts();
                 const bool before = counts == Counts{{"user:1", 1}};
                 EXPECT_TRUE(before || counts == (Counts{{"user:1", 1}, {"user:2", 1}}));
               });
}

TEST(LateCallback, AThreadFindsItsOwnRecordCounted) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); },
               [&] {
                 collector.add(get("user:2"));
                 EXPECT_EQ(collector.counts()["user:2"], 1u);
               });
}

TEST(LateCallback, TwoCollectorsCountApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(get("user:1")); }, [&] { other.add(get("user:2")); });
  EXPECT_EQ(one.counts(), (Counts{{"user:1", 1}}));
  EXPECT_EQ(other.counts(), (Counts{{"user:2", 1}}));
}

TEST(LateCallback, TwoWhoAskAtOnceAreBothAnswered) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { EXPECT_EQ(collector.counts().size(), 1u); },
               [&] { EXPECT_EQ(collector.counts().size(), 1u); });
}

TEST(LateCallback, LoadOfARecordedSession) {
  const auto& session = redis::recorded_session();
  const auto connections = redis::by_connection(session);
  Counts expected;
  for (const auto& record : session) ++expected[record.key];
  Collector collector;
  drill::Functions functions;
  for (const auto& records : connections) {
    functions.push_back([&collector, &records] {
      for (const auto& record : records) collector.add(record);
    });
  }
  concurrently(functions);
  EXPECT_EQ(collector.counts(), expected);
}

// Keys that are long to compare: the worker is behind when the collector ends.
TEST(LateCallback, LoadThatIsNotCountedWhenTheCollectorEnds) {
  const std::string prefix(64 * 1024, 'k');
  Collector collector;
  for (int number = 0; number < 64; ++number) collector.add(get(prefix + std::to_string(number)));
}

}  // namespace
}  // namespace late_callback
