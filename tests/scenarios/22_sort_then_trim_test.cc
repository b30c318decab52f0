#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace sort_then_trim {
namespace {

using drill::concurrently;

redis::Record numbered(std::uint32_t connection, std::uint64_t sequence, std::int64_t latency_us) {
  return {.connection = connection,
          .sequence = sequence,
          .command = "GET",
          .key = "user:1",
          .latency_us = latency_us};
}

// A record told by its latency.
redis::Record taking(std::int64_t latency_us) { return numbered(1, 1, latency_us); }

using Latencies = std::vector<std::int64_t>;

template <class Records>
Latencies latencies(const Records& records) {
  Latencies result;
  for (const redis::Record& record : records) result.push_back(record.latency_us);
  return result;
}

TEST(SortThenTrim, StartsEmpty) {
  Collector collector;
  EXPECT_EQ(latencies(collector.slowest()), Latencies{});
}

TEST(SortThenTrim, KeepsTheNewestHundredByDefault) {
  Collector collector;
  for (std::int64_t latency_us = 1; latency_us <= 101; ++latency_us) {
    collector.add(taking(latency_us));
  }
  const auto seen = latencies(collector.slowest());
  ASSERT_EQ(seen.size(), 100u);
  EXPECT_EQ(seen.front(), 101);
  EXPECT_EQ(seen.back(), 2);
}

TEST(SortThenTrim, TheSlowestComesFirst) {
  Collector collector(4);
  collector.add(taking(20));
  concurrently([&] { collector.add(taking(30)); }, [&] { collector.add(taking(10)); });
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{30, 20, 10}));
}

TEST(SortThenTrim, TheOldestGoesThoughSomebodyLooked) {
  Collector collector(2);
  collector.add(taking(10));
  collector.add(taking(20));
  concurrently([&] { collector.add(taking(5)); }, [&] { collector.slowest(); });
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{20, 5}));
}

TEST(SortThenTrim, TheOldestGoesThoughItIsTheSlowest) {
  Collector collector(2);
  collector.add(taking(30));
  collector.add(taking(20));
  concurrently([&] { collector.add(taking(10)); }, [&] { collector.slowest(); });
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{20, 10}));
}

TEST(SortThenTrim, ALookSeesOneMomentOrTheNext) {
  Collector collector(2);
  collector.add(taking(10));
  collector.add(taking(20));
  concurrently([&] { collector.add(taking(5)); },
               [&] {
                 const auto seen = latencies(collector.slowest());
                 EXPECT_TRUE(seen == (Latencies{20, 10}) || seen == (Latencies{20, 5}))
                     << "slowest() had " << seen.size() << " records";
               });
}

TEST(SortThenTrim, ALookSeesOneMomentThoughAllIsReplaced) {
  Collector collector(2);
  collector.add(taking(10));
  collector.add(taking(20));
  concurrently(
      [&] {
        collector.add(taking(30));
        collector.add(taking(40));
      },
      [&] {
        const auto seen = latencies(collector.slowest());
        EXPECT_TRUE(seen == (Latencies{20, 10}) || seen == (Latencies{30, 20}) ||
                    seen == (Latencies{40, 30}))
            << "slowest() had " << seen.size() << " records";
      });
}

// One thread adds both: the second is never there without the first.
TEST(SortThenTrim, WhoSeesTheLaterSeesTheEarlier) {
  for (const std::uint32_t first : {1u, 2u}) {
    Collector collector(4);
    concurrently(
        [&] {
          collector.add(numbered(first, 1, 10));
          collector.add(numbered(3 - first, 1, 20));
        },
        [&] {
          const auto seen = latencies(collector.slowest());
          EXPECT_TRUE(seen.empty() || seen == Latencies{10} || seen == (Latencies{20, 10}))
              << "slowest() had " << seen.size() << " records";
        });
  }
}

TEST(SortThenTrim, NothingIsMissedInALongLook) {
  constexpr std::int64_t kRecords = 40;
  Collector collector(kRecords);
  for (std::int64_t latency_us = 1; latency_us <= kRecords; ++latency_us) {
    collector.add(taking(latency_us));
  }
  concurrently([&] { collector.add(taking(kRecords + 1)); },
               [&] {
                 const auto seen = latencies(collector.slowest());
                 ASSERT_EQ(seen.size(), std::size_t{kRecords});
                 EXPECT_EQ(seen.front() - seen.back(), kRecords - 1);
               });
}

TEST(SortThenTrim, ALookSeesWhatCameHoweverMuch) {
  Collector collector(300);
  for (const std::size_t arriving : {16u, 256u}) {
    const auto before = collector.slowest().size();
    for (std::size_t i = 0; i < arriving; ++i) collector.add(taking(10));
    EXPECT_EQ(collector.slowest().size(), before + arriving);
  }
}

TEST(SortThenTrim, EveryLookIsANewOne) {
  Collector collector(2);
  collector.add(taking(10));
  collector.add(taking(20));
  collector.slowest();
  concurrently(
      [&] {
        collector.add(taking(5));
        EXPECT_EQ(latencies(collector.slowest()), (Latencies{20, 5}));
      },
      [&] { collector.slowest(); });
}

TEST(SortThenTrim, ALookTakesNothingAway) {
  Collector collector(2);
  collector.add(taking(10));
  const auto look = [&] { EXPECT_EQ(latencies(collector.slowest()), Latencies{10}); };
  concurrently(look, look);
}

TEST(SortThenTrim, RecordsOfTwoThreadsComeOnceEachThoughSomebodyLooked) {
  Collector collector(4);
  concurrently([&] { collector.add(taking(10)); }, [&] { collector.add(taking(20)); },
               [&] { collector.slowest(); });
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{20, 10}));
}

// A request that waited for long began before those that were answered first.
TEST(SortThenTrim, TheOldestIsTheFirstToArriveNotToBegin) {
  const auto begun = [](std::int64_t start_us, std::int64_t latency_us) {
    auto record = taking(latency_us);
    record.start_us = start_us;
    return record;
  };
  Collector collector(2);
  collector.add(begun(900, 10));
  collector.add(begun(100, 850));
  concurrently([&] { collector.add(begun(950, 20)); }, [&] { collector.slowest(); });
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{850, 20}));
}

// Every connection numbers its requests from 1.
TEST(SortThenTrim, TheOldestIsNotToldByItsNumber) {
  Collector collector(2);
  collector.add(numbered(1, 7, 10));
  collector.add(numbered(2, 1, 20));
  concurrently([&] { collector.add(numbered(1, 8, 5)); }, [&] { collector.slowest(); });
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{20, 5}));
}

TEST(SortThenTrim, RecordsOfOneLatencyAreAllKept) {
  Collector collector(3);
  collector.add(numbered(1, 1, 10));
  concurrently([&] { collector.add(numbered(1, 2, 10)); }, [&] { collector.slowest(); });
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{10, 10}));
}

TEST(SortThenTrim, TheCapHoldsWheneverOneLooks) {
  Collector collector(1);
  collector.add(taking(10));
  concurrently(
      [&] {
        collector.add(taking(30));
        collector.add(taking(20));
      },
      [&] { EXPECT_EQ(latencies(collector.slowest()).size(), 1u); });
  EXPECT_EQ(latencies(collector.slowest()), Latencies{20});
}

TEST(SortThenTrim, WhatOneGotStaysWhatItWas) {
  Collector collector(2);
  collector.add(taking(10));
  collector.add(taking(20));
  const auto& got = collector.slowest();
  concurrently([&] { collector.add(taking(30)); },
               [&] {
                 EXPECT_EQ(latencies(got), (Latencies{20, 10}));
               });
  EXPECT_EQ(latencies(got), (Latencies{20, 10}));
}

TEST(SortThenTrim, AThreadSeesItsOwnRecord) {
  Collector collector(4);
  const auto add_and_look = [&](std::int64_t latency_us) {
    collector.add(taking(latency_us));
    const auto seen = latencies(collector.slowest());
    EXPECT_EQ(std::count(seen.begin(), seen.end(), latency_us), 1);
  };
  concurrently([&] { add_and_look(10); }, [&] { add_and_look(20); });
}

TEST(SortThenTrim, TwoScreensAndAWriterGetAlong) {
  Collector collector(2);
  collector.add(taking(10));
  collector.add(taking(20));
  const auto look = [&] { EXPECT_EQ(latencies(collector.slowest()).front(), 20); };
  concurrently([&] { collector.add(taking(5)); }, look, look);
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{20, 5}));
}

TEST(SortThenTrim, TwoCollectorsKeepApart) {
  Collector one(2);
  Collector other(2);
  concurrently([&] { one.add(taking(10)); }, [&] { other.add(taking(20)); });
  EXPECT_EQ(latencies(one.slowest()), Latencies{10});
  EXPECT_EQ(latencies(other.slowest()), Latencies{20});
}

TEST(SortThenTrim, ACollectorKnowsNothingOfTheOneBefore) {
  std::optional<Collector> place;
  for (const std::int64_t latency_us : {10, 20}) {
    auto& collector = place.emplace(2);
    collector.add(taking(latency_us));
    EXPECT_EQ(latencies(collector.slowest()), Latencies{latency_us});
  }
}

TEST(SortThenTrim, AllOfThemAreInOrder) {
  Collector collector;
  for (std::int64_t i = 1; i <= 120; ++i) collector.add(taking(i * 37 % 121));
  const auto seen = latencies(collector.slowest());
  ASSERT_EQ(seen.size(), 100u);
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
}

TEST(SortThenTrim, WhoLookedBeforeSeesWhatCameSince) {
  Collector collector;
  collector.add(taking(10));
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{10}));
  concurrently([&] { collector.add(taking(30)); }, [&] { collector.add(taking(20)); });
  EXPECT_EQ(latencies(collector.slowest()), (Latencies{30, 20, 10}));
}

TEST(SortThenTrim, LoadOfARecordedSessionEndsInItsNewestHundred) {
  const auto& session = redis::recorded_session();
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record&) { EXPECT_LE(latencies(collector.slowest()).size(), 100u); });
  const auto& kept = collector.slowest();
  EXPECT_EQ(latencies(kept).size(), 100u);
  // Whatever the order of arrival was, what is kept of a connection is its last records.
  struct Connection {
    std::uint64_t last = 0;    // Sequence.
    std::uint64_t oldest = 0;  // Sequence of what is kept.
    std::uint64_t kept = 0;
  };
  std::vector<Connection> connections(redis::by_connection(session).size() + 1);  // From 1.
  for (const auto& record : session) connections.at(record.connection).last = record.sequence;
  for (const redis::Record& record : kept) {
    auto& connection = connections.at(record.connection);
    if (connection.kept == 0 || record.sequence < connection.oldest) {
      connection.oldest = record.sequence;
    }
    ++connection.kept;
  }
  for (const auto& connection : connections) {
    if (connection.kept == 0) continue;
    EXPECT_EQ(connection.last - connection.oldest + 1, connection.kept);
  }
}

}  // namespace
}  // namespace sort_then_trim
