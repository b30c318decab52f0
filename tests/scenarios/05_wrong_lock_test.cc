#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace wrong_lock {
namespace {

using drill::concurrently;

redis::Record took(const std::string& command, std::int64_t latency_us) {
  return {.connection = 1,
          .sequence = 1,
          .command = command,
          .key = "user:1",
          .latency_us = latency_us};
}

// Totals that `requests` requests of 10 us each make.
Totals of_tens(std::uint64_t requests) {
  return {requests, 10 * static_cast<std::int64_t>(requests)};
}

TEST(WrongLock, ACommandThatNeverCameHasNoTotals) {
  Collector collector;
  concurrently([&] { collector.add(took("GET", 10)); },
               [&] { EXPECT_EQ(collector.totals("SET"), Totals{}); });
}

TEST(WrongLock, TotalsCanBeReadWhileARecordArrives) {
  Collector collector;
  collector.add(took("GET", 10));
  concurrently([&] { collector.add(took("GET", 10)); },
               [&] {
                 const auto seen = collector.totals("GET");
                 EXPECT_TRUE(seen == of_tens(1) || seen == of_tens(2))
                     << seen.requests << " requests took " << seen.latency_us << " us";
               });
}

TEST(WrongLock, TotalsCanBeReadWhileAnotherCommandArrives) {
  Collector collector;
  collector.add(took("GET", 10));
  concurrently([&] { collector.add(took("SET", 20)); },
               [&] { EXPECT_EQ(collector.totals("GET"), of_tens(1)); });
}

TEST(WrongLock, SumsTheRecordsOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(took("GET", 1)); }, [&] { collector.add(took("GET", 20)); });
  EXPECT_EQ(collector.totals("GET"), (Totals{2, 21}));
}

TEST(WrongLock, KeepsTheCommandsOfTwoThreadsApart) {
  Collector collector;
  concurrently([&] { collector.add(took("GET", 1)); }, [&] { collector.add(took("SET", 20)); });
  EXPECT_EQ(collector.totals("GET"), (Totals{1, 1}));
  EXPECT_EQ(collector.totals("SET"), (Totals{1, 20}));
}

TEST(WrongLock, AThreadSeesItsOwnRecord) {
  Collector collector;
  const auto add_and_look = [&](const std::string& command) {
    collector.add(took(command, 10));
    EXPECT_EQ(collector.totals(command), of_tens(1));
  };
  concurrently([&] { add_and_look("GET"); }, [&] { add_and_look("SET"); });
}

TEST(WrongLock, TotalsThatOneGotStayWhatTheyWere) {
  Collector collector;
  collector.add(took("GET", 10));
  const auto& got = collector.totals("GET");
  concurrently([&] { collector.add(took("GET", 10)); }, [&] { EXPECT_EQ(got, of_tens(1)); });
  collector.totals("SET");
  EXPECT_EQ(got, of_tens(1));
}

TEST(WrongLock, TwoReadersAndAWriterGetAlong) {
  Collector collector;
  const auto look = [&] { EXPECT_LE(collector.totals("GET").requests, 1u); };
  concurrently([&] { collector.add(took("GET", 10)); }, look, look);
  EXPECT_EQ(collector.totals("GET"), of_tens(1));
}

TEST(WrongLock, TwoWritersAndAReaderGetAlong) {
  Collector collector;
  collector.add(took("GET", 10));
  const auto add = [&] { collector.add(took("GET", 10)); };
  concurrently(add, add, [&] {
    const auto seen = collector.totals("GET");
    EXPECT_EQ(seen, of_tens(seen.requests));
  });
}

TEST(WrongLock, LatenciesOfMoreThanAnHourAreSummedWhole) {
  Collector collector;
  const auto add = [&] { collector.add(took("BLPOP", 3'000'000'000)); };
  concurrently(add, add);
  EXPECT_EQ(collector.totals("BLPOP"), (Totals{2, 6'000'000'000}));
}

TEST(WrongLock, TwoCollectorsCountApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(took("GET", 1)); }, [&] { other.add(took("GET", 20)); });
  EXPECT_EQ(one.totals("GET"), (Totals{1, 1}));
  EXPECT_EQ(other.totals("GET"), (Totals{1, 20}));
}

TEST(WrongLock, LoadOfManyCommandsIsSummedApart) {
  constexpr int kCommands = 500;
  Collector collector;
  for (int i = 1; i <= kCommands; ++i) collector.add(took("COMMAND" + std::to_string(i), i));
  for (int i = 1; i <= kCommands; ++i) {
    EXPECT_EQ(collector.totals("COMMAND" + std::to_string(i)), (Totals{1, i}));
  }
}

TEST(WrongLock, LoadOfARecordedSessionIsSummedWhole) {
  const auto& session = redis::recorded_session();
  std::map<std::string, Totals> expected;
  for (const auto& record : session) {
    ++expected[record.command].requests;
    expected[record.command].latency_us += record.latency_us;
  }
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record& record) {
        EXPECT_LE(collector.totals(record.command).requests, expected.at(record.command).requests);
      });
  for (const auto& [command, totals] : expected) {
    EXPECT_EQ(collector.totals(command), totals) << command;
  }
}

}  // namespace
}  // namespace wrong_lock
