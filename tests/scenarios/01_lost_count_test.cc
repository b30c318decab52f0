#include <gtest/gtest.h>

#include <cstdint>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace lost_count {
namespace {

using drill::concurrently;

redis::Record reply(std::uint64_t request_bytes, std::uint64_t response_bytes) {
  return {.connection = 1,
          .sequence = 1,
          .command = "GET",
          .key = "user:1",
          .request_bytes = request_bytes,
          .response_bytes = response_bytes};
}

redis::Record on_connection(std::uint32_t connection) {
  auto record = reply(10, 100);
  record.connection = connection;
  return record;
}

TEST(LostCount, StartsAtNothing) {
  const Collector collector;
  EXPECT_EQ(collector.records(), 0u);
  EXPECT_EQ(collector.bytes(), 0u);
}

TEST(LostCount, CountsTheRecordsOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(on_connection(1)); }, [&] { collector.add(on_connection(2)); });
  EXPECT_EQ(collector.records(), 2u);
}

TEST(LostCount, CountsTheRecordsOfOneConnectionOnTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(on_connection(1)); }, [&] { collector.add(on_connection(1)); });
  EXPECT_EQ(collector.records(), 2u);
}

TEST(LostCount, AThreadMayBeOvertakenTwentyTimes) {
  Collector collector;
  concurrently([&] { collector.add(on_connection(1)); },
               [&] {
                 for (int i = 0; i < 20; ++i) collector.add(on_connection(2));
               });
  EXPECT_EQ(collector.records(), 21u);
  EXPECT_EQ(collector.bytes(), 2'310u);
}

TEST(LostCount, SumsTheBytesBothWaysOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(reply(1, 20)); }, [&] { collector.add(reply(300, 4'000)); });
  EXPECT_EQ(collector.bytes(), 4'321u);
}

TEST(LostCount, SumsBytesPastFourGigabytes) {
  Collector collector;
  const std::uint64_t large = 3'000'000'000;
  concurrently([&] { collector.add(reply(0, large)); }, [&] { collector.add(reply(0, large)); });
  EXPECT_EQ(collector.bytes(), 2 * large);
  EXPECT_EQ(collector.records(), 2u);
}

TEST(LostCount, BytesPassFourGigabytesInOneStep) {
  Collector collector;
  collector.add(reply(0, 4'294'967'295));
  concurrently([&] { collector.add(reply(0, 1)); },
               [&] {
                 const auto seen = collector.bytes();
                 EXPECT_TRUE(seen == 4'294'967'295 || seen == 4'294'967'296) << "bytes(): " << seen;
               });
}

TEST(LostCount, RecordsCanBeReadWhileOneArrives) {
  Collector collector;
  collector.add(on_connection(1));
  concurrently([&] { collector.add(on_connection(2)); },
               [&] {
                 const std::uint64_t seen = collector.records();
                 EXPECT_GE(seen, 1u);
                 EXPECT_LE(seen, 2u);
               });
  EXPECT_EQ(collector.records(), 2u);
}

TEST(LostCount, BytesCanBeReadWhileARecordArrives) {
  Collector collector;
  collector.add(reply(1, 20));
  concurrently([&] { collector.add(reply(300, 4'000)); },
               [&] {
                 const std::uint64_t seen = collector.bytes();
                 EXPECT_TRUE(seen == 21 || seen == 4'321) << "bytes(): " << seen;
               });
  EXPECT_EQ(collector.bytes(), 4'321u);
}

TEST(LostCount, AThreadSeesItsOwnRecordCounted) {
  Collector collector;
  const auto add_and_look = [&](std::uint32_t connection) {
    collector.add(on_connection(connection));
    EXPECT_GE(collector.records(), 1u);
  };
  concurrently([&] { add_and_look(1); }, [&] { add_and_look(2); });
}

TEST(LostCount, NorMissesItWhoeverLooked) {
  Collector collector;
  const auto look_add_and_look = [&](std::uint32_t connection) {
    collector.records();
    collector.add(on_connection(connection));
    EXPECT_GE(collector.records(), 1u);
  };
  concurrently([&] { look_add_and_look(1); }, [&] { look_add_and_look(2); });
}

TEST(LostCount, TotalsNeverGoBack) {
  Collector collector;
  concurrently([&] { collector.add(on_connection(1)); },
               [&] {
                 const std::uint64_t first = collector.records();
                 const std::uint64_t second = collector.records();
                 EXPECT_LE(first, second);
               });
}

TEST(LostCount, TwoReadersAndAWriterAgreeInTheEnd) {
  Collector collector;
  concurrently([&] { collector.add(on_connection(1)); }, [&] { collector.records(); },
               [&] { collector.bytes(); });
  EXPECT_EQ(collector.records(), 1u);
  EXPECT_EQ(collector.bytes(), 110u);
}

TEST(LostCount, TwoCollectorsCountApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(reply(1, 20)); }, [&] { other.add(reply(300, 4'000)); });
  EXPECT_EQ(one.bytes(), 21u);
  EXPECT_EQ(other.bytes(), 4'300u);
}

TEST(LostCount, TwoReadersOfTheBytesGetAlong) {
  Collector collector;
  collector.add(reply(10, 100));
  concurrently([&] { EXPECT_EQ(collector.bytes(), 110u); },
               [&] { EXPECT_EQ(collector.bytes(), 110u); });
}

TEST(LostCount, WhoAskedBeforeSeesWhatCameSince) {
  Collector collector;
  collector.add(reply(10, 100));
  EXPECT_EQ(collector.records(), 1u);
  concurrently([&] { collector.add(reply(10, 100)); }, [&] { collector.bytes(); });
  EXPECT_EQ(collector.records(), 2u);
  EXPECT_EQ(collector.bytes(), 220u);
}

TEST(LostCount, LargeRecordsAreCountedWhole) {
  constexpr std::uint64_t kLarge = 5'000'000'000;
  Collector collector;
  concurrently([&] { collector.add(reply(1, kLarge)); }, [&] { collector.add(reply(kLarge, 2)); });
  EXPECT_EQ(collector.bytes(), 2 * kLarge + 3);
}

TEST(LostCount, LoadOfARecordedSessionIsCountedWhole) {
  const auto& session = redis::recorded_session();
  std::uint64_t bytes = 0;
  for (const auto& record : session) bytes += record.request_bytes + record.response_bytes;
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record&) { EXPECT_LE(collector.records(), session.size()); });
  EXPECT_EQ(collector.records(), session.size());
  EXPECT_EQ(collector.bytes(), bytes);
}

}  // namespace
}  // namespace lost_count
