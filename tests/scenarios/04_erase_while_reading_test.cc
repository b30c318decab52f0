#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace erase_while_reading {
namespace {

using drill::concurrently;

constexpr std::int64_t kIdleUs = 1;
constexpr std::int64_t kSweepUs = 10;
constexpr std::int64_t kBusyUs = 20;

// Every field but the connection's tells the time, so that a record put together shows.
redis::Record at(std::uint32_t connection, std::int64_t start_us) {
  return {.connection = connection,
          .sequence = static_cast<std::uint64_t>(start_us),
          .command = "HGETALL",
          .key = "session:" + std::to_string(start_us),
          .start_us = start_us};
}

// An entry of what active() returned: a record, or a map's pair with one.
template <class Entry>
const redis::Record& record_of(const Entry& entry) {
  if constexpr (requires { entry.second; }) {
    return entry.second;
  } else {
    return entry;
  }
}

// Connection and start of each record listed, by connection.
using Listed = std::vector<std::pair<std::uint32_t, std::int64_t>>;
template <class Records>
Listed listed(const Records& records) {
  Listed listed;
  for (const auto& entry : records) {
    const auto& record = record_of(entry);
    EXPECT_EQ(record, at(record.connection, record.start_us)) << "not whole";
    listed.emplace_back(record.connection, record.start_us);
  }
  std::sort(listed.begin(), listed.end());
  return listed;
}

template <class Records>
std::size_t count(const Records& records) {
  return static_cast<std::size_t>(std::distance(records.begin(), records.end()));
}

TEST(EraseWhileReading, ListsNothingAtFirst) {
  const Collector collector;
  EXPECT_EQ(listed(collector.active()), Listed{});
}

TEST(EraseWhileReading, ActiveCanBeListedDuringASweep) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  collector.add(at(2, kBusyUs));
  concurrently(
      [&] { collector.sweep(kSweepUs); },
      [&] {
        const auto seen = listed(collector.active());
        EXPECT_TRUE(seen == (Listed{{1, kIdleUs}, {2, kBusyUs}}) || seen == (Listed{{2, kBusyUs}}));
      });
  EXPECT_EQ(listed(collector.active()), (Listed{{2, kBusyUs}}));
}

TEST(EraseWhileReading, ActiveCanBeListedWhileAConnectionArrives) {
  Collector collector;
  collector.add(at(1, kBusyUs));
  concurrently(
      [&] { collector.add(at(2, kBusyUs)); },
      [&] {
        const auto seen = listed(collector.active());
        EXPECT_TRUE(seen == (Listed{{1, kBusyUs}}) || seen == (Listed{{1, kBusyUs}, {2, kBusyUs}}));
      });
}

TEST(EraseWhileReading, ActiveCanBeListedWhileAConnectionIsBusy) {
  Collector collector;
  collector.add(at(1, kBusyUs));
  concurrently([&] { collector.add(at(1, kBusyUs + 1)); },
               [&] {
                 const auto seen = listed(collector.active());
                 EXPECT_TRUE(seen == (Listed{{1, kBusyUs}}) || seen == (Listed{{1, kBusyUs + 1}}));
               });
}

TEST(EraseWhileReading, ARequestDuringASweepKeepsItsConnection) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  concurrently([&] { collector.add(at(1, kBusyUs)); }, [&] { collector.sweep(kSweepUs); });
  EXPECT_EQ(listed(collector.active()), (Listed{{1, kBusyUs}}));
}

TEST(EraseWhileReading, AConnectionThatArrivesDuringASweepStays) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  concurrently([&] { collector.add(at(2, kBusyUs)); }, [&] { collector.sweep(kSweepUs); });
  EXPECT_EQ(listed(collector.active()), (Listed{{2, kBusyUs}}));
}

TEST(EraseWhileReading, TwoSweepsForgetAsOneDoes) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  collector.add(at(2, kIdleUs));
  collector.add(at(3, kBusyUs));
  concurrently([&] { collector.sweep(kSweepUs); }, [&] { collector.sweep(kSweepUs); });
  EXPECT_EQ(listed(collector.active()), (Listed{{3, kBusyUs}}));
}

// One sweep forgets the connection, which comes again, and the other is still about it.
TEST(EraseWhileReading, AConnectionThatComesAgainBetweenTwoSweepsStays) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  const auto sweep = [&] { collector.sweep(kSweepUs); };
  concurrently(sweep, sweep, [&] { collector.add(at(1, kBusyUs)); });
  EXPECT_EQ(listed(collector.active()), (Listed{{1, kBusyUs}}));
}

TEST(EraseWhileReading, AThreadSeesItsOwnSweep) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  concurrently(
      [&] {
        collector.sweep(kSweepUs);
        for (const auto& [connection, start_us] : listed(collector.active())) {
          EXPECT_NE(connection, 1u) << "since " << start_us;
        }
      },
      [&] { collector.add(at(2, kBusyUs)); });
}

TEST(EraseWhileReading, AThreadSeesItsOwnConnection) {
  Collector collector;
  const auto add_and_look = [&](std::uint32_t connection) {
    collector.add(at(connection, kBusyUs));
    const auto seen = listed(collector.active());
    EXPECT_EQ(std::count(seen.begin(), seen.end(), std::pair(connection, kBusyUs)), 1);
  };
  concurrently([&] { add_and_look(1); }, [&] { add_and_look(2); });
}

TEST(EraseWhileReading, WhatWasListedStaysWhatItWas) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  const auto& got = collector.active();
  concurrently([&] { collector.sweep(kSweepUs); },
               [&] {
                 EXPECT_EQ(listed(got), (Listed{{1, kIdleUs}}));
               });
  collector.active();
  EXPECT_EQ(listed(got), (Listed{{1, kIdleUs}}));
}

TEST(EraseWhileReading, TwoListsGetAlong) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  collector.add(at(2, kBusyUs));
  collector.sweep(kSweepUs);
  const auto look = [&] { EXPECT_EQ(listed(collector.active()), (Listed{{2, kBusyUs}})); };
  concurrently(look, look);
}

TEST(EraseWhileReading, CaptureSweeperAndScreenGetAlong) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  concurrently([&] { collector.add(at(2, kBusyUs)); }, [&] { collector.sweep(kSweepUs); },
               [&] { EXPECT_LE(listed(collector.active()).size(), 2u); });
  EXPECT_EQ(listed(collector.active()), (Listed{{2, kBusyUs}}));
}

TEST(EraseWhileReading, TwoScreensAndASweeperGetAlong) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  const auto look = [&] { EXPECT_LE(count(collector.active()), 1u); };
  concurrently([&] { collector.sweep(kSweepUs); }, look, look);
}

TEST(EraseWhileReading, ASweepComesAgainToWhatIsIdleAgain) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  collector.sweep(kSweepUs);
  collector.add(at(1, kIdleUs));
  collector.sweep(kSweepUs);
  EXPECT_EQ(count(collector.active()), 0u);
}

// A sweep forgets what is there; it is no rule for what comes later.
TEST(EraseWhileReading, WhatArrivesAfterASweepIsListedHoweverEarlyItBegan) {
  Collector collector;
  collector.sweep(kSweepUs);
  concurrently([&] { collector.add(at(1, kIdleUs)); }, [&] { collector.add(at(2, kBusyUs)); });
  EXPECT_EQ(listed(collector.active()), (Listed{{1, kIdleUs}, {2, kBusyUs}}));
}

TEST(EraseWhileReading, TwoSweepersEachForgetWhatTheyWereTold) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  concurrently(
      [&] {
        collector.sweep(kSweepUs);
        EXPECT_EQ(count(collector.active()), 0u);
      },
      [&] { collector.sweep(0); });
}

TEST(EraseWhileReading, WhatArrivesIdleDuringASweepIsForgottenByTheNext) {
  Collector collector;
  collector.add(at(1, kIdleUs));
  concurrently([&] { collector.sweep(kSweepUs); }, [&] { collector.add(at(2, kIdleUs)); });
  collector.sweep(kSweepUs);
  EXPECT_EQ(listed(collector.active()), Listed{});
}

TEST(EraseWhileReading, LoadOfSweepsWhileManyAreListed) {
  constexpr std::uint32_t kConnections = 100;
  Collector collector;
  concurrently(
      [&] {
        for (int round = 0; round < 40; ++round) {
          for (std::uint32_t i = 1; i <= kConnections; ++i) collector.add(at(i, kIdleUs));
          collector.sweep(kSweepUs);
        }
      },
      [&] {
        for (int look = 0; look < 200; ++look) {
          EXPECT_LE(listed(collector.active()).size(), kConnections);
        }
      });
}

TEST(EraseWhileReading, LoadOfARecordedSessionForgetsNoBusyConnection) {
  const auto& session = redis::recorded_session();
  const auto connections = redis::by_connection(session).size();
  const auto by_start = [](const auto& a, const auto& b) { return a.start_us < b.start_us; };
  const auto oldest_us = std::min_element(session.begin(), session.end(), by_start)->start_us;
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record&) {
        collector.sweep(oldest_us);  // Nothing is idle as long as that.
        EXPECT_LE(count(collector.active()), connections);
      });
  EXPECT_EQ(count(collector.active()), connections);
  collector.sweep(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(count(collector.active()), 0u);
}

}  // namespace
}  // namespace erase_while_reading
