#include <gtest/gtest.h>

#include <cstdint>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"
#include "redis/session.h"

namespace captured_by_reference {
namespace {

using drill::concurrently;

redis::Record reply(std::uint32_t connection, std::uint64_t request_bytes,
                    std::uint64_t response_bytes) {
  return {.connection = connection,
          .sequence = 1,
          .command = "GET",
          .key = "user:1",
          .request_bytes = request_bytes,
          .response_bytes = response_bytes};
}

redis::Record on_connection(std::uint32_t connection) { return reply(connection, 10, 100); }

TEST(CapturedByReference, TheTableStartsEmpty) {
  const Collector collector;
  EXPECT_EQ(collector.bytes(), Table{});
}

TEST(CapturedByReference, EveryConnectionIsInTheTableOnce) {
  Collector collector;
  collector.add(reply(1, 1, 20));
  collector.add(reply(2, 300, 4'000));
  EXPECT_EQ(collector.bytes(), (Table{{1, 21}, {2, 4'300}}));
}

TEST(CapturedByReference, SumsTheRecordsOfEachConnection) {
  Collector collector;
  collector.add(reply(1, 1, 20));
  collector.add(reply(4, 5, 5));
  collector.add(reply(1, 300, 4'000));
  EXPECT_EQ(collector.bytes(), (Table{{1, 4'321}, {4, 10}}));
}

TEST(CapturedByReference, SumsBytesPastFourGigabytes) {
  Collector collector;
  const std::uint64_t large = 3'000'000'000;
  collector.add(reply(1, 0, large));
  collector.add(reply(1, 0, large));
  EXPECT_EQ(collector.bytes(), (Table{{1, 2 * large}}));
}

TEST(CapturedByReference, KeepsTheRecordsOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(on_connection(1)); }, [&] { collector.add(on_connection(2)); });
  EXPECT_EQ(collector.bytes(), (Table{{1, 110}, {2, 110}}));
}

TEST(CapturedByReference, KeepsTheRecordsOfOneConnectionOnTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(on_connection(1)); }, [&] { collector.add(on_connection(1)); });
  EXPECT_EQ(collector.bytes(), (Table{{1, 220}}));
}

TEST(CapturedByReference, TheTableCanBeCountedWhileARecordArrives) {
  Collector collector;
  collector.add(on_connection(1));
  concurrently([&] { collector.add(on_connection(2)); },
               [&] {
                 const auto table = collector.bytes();
                 const bool without = table == Table{{1, 110}};
                 EXPECT_TRUE(without || table == (Table{{1, 110}, {2, 110}}));
               });
}

TEST(CapturedByReference, AThreadFindsItsOwnRecordInTheTable) {
  Collector collector;
  concurrently([&] { collector.add(on_connection(1)); },
               [&] {
                 collector.add(on_connection(2));
                 EXPECT_EQ(collector.bytes()[2], 110u);
               });
}

TEST(CapturedByReference, ATableStaysWhatItWas) {
  Collector collector;
  collector.add(on_connection(1));
  const auto table = collector.bytes();
  concurrently([&] { collector.add(on_connection(1)); },
               [&] { EXPECT_EQ(table, (Table{{1, 110}})); });
  EXPECT_EQ(table, (Table{{1, 110}}));
}

TEST(CapturedByReference, TwoCollectorsCountApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(reply(1, 1, 20)); }, [&] { other.add(reply(1, 300, 4'000)); });
  EXPECT_EQ(one.bytes(), (Table{{1, 21}}));
  EXPECT_EQ(other.bytes(), (Table{{1, 4'300}}));
}

TEST(CapturedByReference, TwoWhoAskAtOnceGetTheSameTable) {
  Collector collector;
  collector.add(on_connection(1));
  collector.add(on_connection(2));
  const Table expected = {{1, 110}, {2, 110}};
  concurrently([&] { EXPECT_EQ(collector.bytes(), expected); },
               [&] { EXPECT_EQ(collector.bytes(), expected); });
}

TEST(CapturedByReference, WhoAskedBeforeSeesWhatCameSince) {
  Collector collector;
  collector.add(on_connection(1));
  EXPECT_EQ(collector.bytes(), (Table{{1, 110}}));
  concurrently([&] { collector.add(on_connection(1)); }, [&] { collector.add(on_connection(2)); });
  EXPECT_EQ(collector.bytes(), (Table{{1, 220}, {2, 110}}));
}

TEST(CapturedByReference, LoadOfARecordedSession) {
  const auto& session = redis::recorded_session();
  const auto connections = redis::by_connection(session);
  Table expected;
  for (const auto& record : session) {
    expected[record.connection] += record.request_bytes + record.response_bytes;
  }
  Collector collector;
  drill::Functions functions;
  for (const auto& records : connections) {
    functions.push_back([&collector, &records] {
      for (const auto& record : records) collector.add(record);
    });
  }
  functions.push_back([&collector] {
    for (int frame = 0; frame < 20; ++frame) collector.bytes();
  });
  concurrently(functions);
  EXPECT_EQ(collector.bytes(), expected);
}

}  // namespace
}  // namespace captured_by_reference
