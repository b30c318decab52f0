#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"
#include "redis/session.h"

namespace lazy_init {
namespace {

using drill::concurrently;

redis::Record request(const std::string& command) {
  return {.connection = 1, .sequence = 1, .command = command, .key = "user:1"};
}

TEST(LazyInit, KnowsTheKindOfACommand) {
  Collector collector;
  EXPECT_EQ(collector.kind_of("GET"), Kind::kRead);
  EXPECT_EQ(collector.kind_of("SET"), Kind::kWrite);
  EXPECT_EQ(collector.kind_of("PING"), Kind::kOther);
}

TEST(LazyInit, CountsWritesOnly) {
  Collector collector;
  collector.add(request("GET"));
  collector.add(request("SET"));
  collector.add(request("PING"));
  collector.add(request("INCR"));
  EXPECT_EQ(collector.writes(), 2u);
}

TEST(LazyInit, TwoFirstUsesFindTheSameTable) {
  Collector collector;
  concurrently([&] { EXPECT_EQ(collector.kind_of("GET"), Kind::kRead); },
               [&] { EXPECT_EQ(collector.kind_of("GET"), Kind::kRead); });
}

TEST(LazyInit, TwoFirstRecordsAreBothCounted) {
  Collector collector;
  concurrently([&] { collector.add(request("SET")); }, [&] { collector.add(request("INCR")); });
  EXPECT_EQ(collector.writes(), 2u);
}

TEST(LazyInit, TheTableIsMadeOnce) {
  std::atomic<int> made = 0;
  Collector collector([&made] {
    made.fetch_add(1, std::memory_order_relaxed);  // Orders nothing that the collector has not.
    return Kinds{{"SET", Kind::kWrite}};
  });
  concurrently([&] { collector.add(request("SET")); }, [&] { collector.add(request("SET")); });
  EXPECT_EQ(collector.writes(), 2u);
  EXPECT_EQ(made, 1);
}

// What was read may be nothing, and was read all the same.
TEST(LazyInit, AnEmptyTableIsMadeOnceToo) {
  std::atomic<int> made = 0;
  Collector collector([&made] {
    made.fetch_add(1, std::memory_order_relaxed);
    return Kinds{};
  });
  concurrently([&] { EXPECT_EQ(collector.kind_of("SET"), Kind::kOther); },
               [&] { EXPECT_EQ(collector.kind_of("GET"), Kind::kOther); });
  EXPECT_EQ(made, 1);
}

TEST(LazyInit, AKindCanBeAskedForWhileTheFirstRecordArrives) {
  Collector collector;
  concurrently([&] { collector.add(request("SET")); },
               [&] { EXPECT_EQ(collector.kind_of("SET"), Kind::kWrite); });
  EXPECT_EQ(collector.writes(), 1u);
}

TEST(LazyInit, AThirdThreadFindsTheTableToo) {
  Collector collector;
  concurrently([&] { collector.add(request("SET")); }, [&] { collector.add(request("SET")); },
               [&] { EXPECT_EQ(collector.kind_of("LRANGE"), Kind::kRead); });
  EXPECT_EQ(collector.writes(), 2u);
}

TEST(LazyInit, UnknownCommandsLeaveTheTableAlone) {
  Collector collector;
  collector.add(request("SET"));
  concurrently([&] { EXPECT_EQ(collector.kind_of("PING"), Kind::kOther); },
               [&] { EXPECT_EQ(collector.kind_of("ECHO"), Kind::kOther); });
}

TEST(LazyInit, EveryCollectorHasATableOfItsOwn) {
  Collector usual;
  Collector reversed([] { return Kinds{{"GET", Kind::kWrite}}; });
  concurrently([&] { EXPECT_EQ(usual.kind_of("GET"), Kind::kRead); },
               [&] { EXPECT_EQ(reversed.kind_of("GET"), Kind::kWrite); });
}

TEST(LazyInit, TwoThreadsMayEachMakeACollector) {
  const auto make_and_ask = [] {
    Collector collector;
    EXPECT_EQ(collector.kind_of("GET"), Kind::kRead);
  };
  concurrently(make_and_ask, make_and_ask);
}

TEST(LazyInit, WritesCanBeReadWhileOneArrives) {
  Collector collector;
  concurrently([&] { collector.add(request("SET")); }, [&] { EXPECT_LE(collector.writes(), 1u); });
  EXPECT_EQ(collector.writes(), 1u);
}

TEST(LazyInit, WhatIsNoWriteIsNeverCounted) {
  Collector collector;
  concurrently([&] { collector.add(request("GET")); }, [&] { EXPECT_EQ(collector.writes(), 0u); });
  EXPECT_EQ(collector.writes(), 0u);
}

TEST(LazyInit, OneThreadGetsFromEachCollectorWhatItsTableSays) {
  Collector one([] { return Kinds{{"GET", Kind::kWrite}}; });
  Collector other([] { return Kinds{{"GET", Kind::kRead}}; });
  EXPECT_EQ(one.kind_of("GET"), Kind::kWrite);
  EXPECT_EQ(other.kind_of("GET"), Kind::kRead);
  EXPECT_EQ(one.kind_of("GET"), Kind::kWrite);
}

TEST(LazyInit, ACollectorKnowsNothingOfTheOneBefore) {
  std::optional<Collector> place;
  for (const Kind kind : {Kind::kRead, Kind::kWrite}) {
    auto& collector = place.emplace([kind] { return Kinds{{"GET", kind}}; });
    EXPECT_EQ(collector.kind_of("GET"), kind);
  }
}

TEST(LazyInit, LoadOfTheRecordedSession) {
  const auto& session = redis::recorded_session();
  std::uint64_t expected = 0;
  for (const auto& record : session)
    expected += record.command == "SET" || record.command == "INCR";
  Collector collector;
  const auto capture = [&](std::uint32_t share) {
    for (const auto& record : session) {
      if (record.connection % 2 == share) collector.add(record);
    }
  };
  concurrently([&] { capture(0); }, [&] { capture(1); }, [&] { collector.writes(); });
  EXPECT_EQ(collector.writes(), expected);
}

}  // namespace
}  // namespace lazy_init
