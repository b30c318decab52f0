#include "lab/view/board.h"

#include <gtest/gtest.h>

namespace lab::view {
namespace {

redis::Record record(const std::string& command, std::int64_t latency_us,
                     redis::Status status = redis::Status::kOk) {
  return {.connection = 1,
          .sequence = 1,
          .command = command,
          .key = "k",
          .request_bytes = 10,
          .response_bytes = 5,
          .latency_us = latency_us,
          .status = status};
}

TEST(Latencies, PercentilesAreWithinASixteenth) {
  Latencies latencies;
  for (std::int64_t value = 1; value <= 100'000; ++value) latencies.add(value);
  for (const double share : {0.001, 0.5, 0.95, 0.99, 1.0}) {
    const auto exact = static_cast<std::int64_t>(share * 100'000);
    EXPECT_GE(latencies.percentile(share), exact);
    EXPECT_LE(latencies.percentile(share), exact + exact / 16);
  }
}

TEST(Latencies, TakeTheExtremes) {
  Latencies latencies;
  EXPECT_EQ(latencies.percentile(0.5), 0);
  latencies.add(-1);
  EXPECT_EQ(latencies.percentile(1), 0);
  latencies.add(INT64_MAX);
  EXPECT_EQ(latencies.percentile(1), INT64_MAX);
}

TEST(Board, TotalsAreACommandEachMostFrequentFirst) {
  Board board;
  board.add(record("GET", 5));
  board.add(record("SET", 7));
  board.add(record("SET", 9, redis::Status::kError));
  const auto totals = board.totals();
  ASSERT_EQ(totals.size(), 2);
  EXPECT_EQ(totals[0].command, "SET");
  EXPECT_EQ(totals[0].count, 2);
  EXPECT_EQ(totals[0].errors, 1);
  EXPECT_EQ(totals[0].bytes, 30);
  EXPECT_EQ(totals[0].p50_us, 7);
  EXPECT_EQ(totals[0].p99_us, 9);
  EXPECT_EQ(totals[1].command, "GET");
}

TEST(Board, KeepsTheLatestRecordsNewestLast) {
  Board board;
  for (std::size_t i = 0; i < Board::kRecentMax + 10; ++i) {
    board.add(record("GET", static_cast<std::int64_t>(i)));
  }
  const auto recent = board.recent();
  ASSERT_EQ(recent.size(), Board::kRecentMax);
  EXPECT_EQ(recent.front().latency_us, 10);
  EXPECT_EQ(board.count(), Board::kRecentMax + 10);
}

TEST(Board, CommandsWithoutEndCountAsOthers) {
  Board board;
  for (std::size_t i = 0; i < Board::kCommandsMax + 5; ++i) {
    board.add(record("C" + std::to_string(i), 1));
  }
  const auto totals = board.totals();
  EXPECT_EQ(totals.size(), Board::kCommandsMax + 1);
  EXPECT_EQ(totals.front().command, "(others)");
  EXPECT_EQ(totals.front().count, 5);
}

}  // namespace
}  // namespace lab::view
