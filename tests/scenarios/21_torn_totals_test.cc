#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace torn_totals {
namespace {

using drill::concurrently;

redis::Record on(std::uint32_t connection, std::int64_t latency_us) {
  return {.connection = connection,
          .sequence = 1,
          .command = "GET",
          .key = "user:1",
          .latency_us = latency_us};
}

// The means of the moments that there were.
void expect_mean(const Collector& collector, std::initializer_list<std::int64_t> of_moments) {
  const auto mean = collector.mean_latency_us();
  const bool was = std::find(of_moments.begin(), of_moments.end(), mean) != of_moments.end();
  EXPECT_TRUE(was) << "mean_latency_us(): " << mean << ", which it never was";
}

TEST(TornTotals, NoRequestsHaveNoMean) {
  const Collector collector;
  EXPECT_EQ(collector.requests(), 0);
  EXPECT_EQ(collector.mean_latency_us(), 0);
}

TEST(TornTotals, TheMeanOfEqualLatenciesIsThatLatency) {
  Collector collector;
  collector.add(on(1, 100));
  concurrently([&] { collector.add(on(1, 100)); }, [&] { expect_mean(collector, {100}); });
  EXPECT_EQ(collector.mean_latency_us(), 100);
}

TEST(TornTotals, TheMeanIsOfBeforeOrAfter) {
  Collector collector;
  collector.add(on(1, 100));
  concurrently([&] { collector.add(on(1, 300)); }, [&] { expect_mean(collector, {100, 200}); });
  EXPECT_EQ(collector.mean_latency_us(), 200);
}

TEST(TornTotals, AReaderMayBeOvertakenFiveTimes) {
  Collector collector;
  collector.add(on(1, 100));
  concurrently(
      [&] {
        for (const std::int64_t latency_us : {1'000, 10'000, 100'000, 1'000'000, 10'000'000}) {
          collector.add(on(1, latency_us));
        }
      },
      [&] {
        expect_mean(collector, {100, 550, 3'700, 27'775, 222'220, 1'851'850});
      });
}

// However often: whatever is used again, or counts to a small number, comes round.
TEST(TornTotals, AReaderMayBeOvertakenVeryOften) {
  Collector collector;
  collector.add(on(1, 100));
  concurrently(
      [&] {
        for (int i = 0; i < 130; ++i) collector.add(on(1, 100));
      },
      [&] { expect_mean(collector, {100}); });
}

TEST(TornTotals, TheFirstRecordIsCountedAndAddedAtOnce) {
  Collector collector;
  concurrently([&] { collector.add(on(1, 100)); }, [&] { expect_mean(collector, {0, 100}); });
}

// The same thread captures both; whoever sees the second record has to see the first.
TEST(TornTotals, TheMeanOfTwoConnectionsIsOfOneMoment) {
  Collector collector;
  concurrently(
      [&] {
        collector.add(on(1, 100));
        collector.add(on(2, 400));
      },
      [&] {
        expect_mean(collector, {0, 100, 250});
      });
}

TEST(TornTotals, TheMeanOfTwoConnectionsIsOfOneMomentWhicheverIsFirst) {
  Collector collector;
  concurrently(
      [&] {
        collector.add(on(2, 100));
        collector.add(on(1, 400));
      },
      [&] {
        expect_mean(collector, {0, 100, 250});
      });
}

TEST(TornTotals, RecordsOfTwoThreadsAreCountedAndAdded) {
  Collector collector;
  concurrently([&] { collector.add(on(1, 100)); }, [&] { collector.add(on(2, 300)); });
  EXPECT_EQ(collector.requests(), 2);
  EXPECT_EQ(collector.mean_latency_us(), 200);
}

TEST(TornTotals, RecordsOfTwoThreadsOnOneConnectionAreCountedAndAdded) {
  Collector collector;
  concurrently([&] { collector.add(on(1, 100)); }, [&] { collector.add(on(1, 300)); });
  EXPECT_EQ(collector.requests(), 2);
  EXPECT_EQ(collector.mean_latency_us(), 200);
}

// A client that waits in BLPOP waits as long as it takes: these have 40 minutes each.
TEST(TornTotals, LongWaitsAreAddedWhole) {
  constexpr std::int64_t kLongUs = std::int64_t{40} * 60 * 1'000'000;
  Collector collector;
  collector.add(on(1, kLongUs));
  concurrently([&] { collector.add(on(2, kLongUs)); }, [&] { expect_mean(collector, {kLongUs}); });
  EXPECT_EQ(collector.mean_latency_us(), kLongUs);
}

// Not one of the microseconds is lost beside a long wait.
TEST(TornTotals, ShortWaitsAreAddedToALongOne) {
  constexpr std::int64_t kLongUs = std::int64_t{40} * 60 * 1'000'000;
  Collector collector;
  collector.add(on(1, kLongUs));
  concurrently([&] { collector.add(on(2, 60)); }, [&] { collector.add(on(3, 60)); });
  EXPECT_EQ(collector.mean_latency_us(), kLongUs / 3 + 40);
}

// It took less than a microsecond.
TEST(TornTotals, ARequestOfNoLatencyIsCounted) {
  Collector collector;
  collector.add(on(1, 100));
  concurrently([&] { collector.add(on(2, 0)); }, [&] { expect_mean(collector, {100, 50}); });
  EXPECT_EQ(collector.requests(), 2);
  EXPECT_EQ(collector.mean_latency_us(), 50);
}

TEST(TornTotals, AThreadSeesItsOwnRecordCounted) {
  Collector collector;
  const auto add_and_look = [&](std::uint32_t connection) {
    collector.add(on(connection, 100));
    EXPECT_GE(collector.requests(), 1);
    expect_mean(collector, {100});
  };
  concurrently([&] { add_and_look(1); }, [&] { add_and_look(2); });
}

TEST(TornTotals, RequestsNeverGoBack) {
  Collector collector;
  collector.add(on(1, 100));
  concurrently([&] { collector.add(on(2, 100)); },
               [&] {
                 const auto first = collector.requests();
                 const auto second = collector.requests();
                 EXPECT_GE(first, 1);
                 EXPECT_LE(first, second);
                 EXPECT_LE(second, 2);
               });
}

TEST(TornTotals, TwoReadersAndAWriterGetAlong) {
  Collector collector;
  collector.add(on(1, 100));
  const auto look = [&] { expect_mean(collector, {100, 200}); };
  concurrently([&] { collector.add(on(1, 300)); }, look, look);
  EXPECT_EQ(collector.requests(), 2);
}

TEST(TornTotals, TwoCollectorsCountApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(on(1, 100)); }, [&] { other.add(on(1, 300)); });
  EXPECT_EQ(one.mean_latency_us(), 100);
  EXPECT_EQ(other.mean_latency_us(), 300);
}

TEST(TornTotals, TwoWhoAddTheMeanLeaveItAsItIs) {
  Collector collector;
  collector.add(on(1, 100));
  concurrently([&] { collector.add(on(2, 100)); }, [&] { collector.add(on(3, 100)); },
               [&] { expect_mean(collector, {100}); });
  EXPECT_EQ(collector.requests(), 3);
}

TEST(TornTotals, WhoAskedBeforeSeesWhatCameSince) {
  Collector collector;
  collector.add(on(1, 100));
  expect_mean(collector, {100});
  concurrently([&] { collector.add(on(2, 300)); }, [&] { collector.requests(); });
  expect_mean(collector, {200});
}

TEST(TornTotals, LoadOfARecordedSessionIsCountedWhole) {
  const auto& session = redis::recorded_session();
  std::int64_t latency_us = 0;
  std::int64_t longest_us = 0;
  for (const auto& record : session) {
    latency_us += record.latency_us;
    longest_us = std::max(longest_us, record.latency_us);
  }
  const auto requests = static_cast<std::int64_t>(session.size());
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record&) {
        EXPECT_LE(collector.requests(), requests);
        EXPECT_LE(collector.mean_latency_us(), longest_us);
      });
  EXPECT_EQ(collector.requests(), requests);
  EXPECT_EQ(collector.mean_latency_us(), latency_us / requests);
}

}  // namespace
}  // namespace torn_totals
