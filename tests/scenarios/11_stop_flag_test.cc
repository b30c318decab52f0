#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"

namespace stop_flag {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key) {
  return {.connection = 1, .sequence = 1, .command = "GET", .key = key};
}

// Every stop is inside a drill, which has a limit: a receiver that never ends must not hang us.

TEST(StopFlag, AStopEndsTheReceiver) {
  Collector collector;
  concurrently([&] { collector.stop(); }, [&] { collector.requests("user:1"); });
  EXPECT_EQ(collector.requests("user:1"), 0u);
}

TEST(StopFlag, ARecordIsReceivedWithoutAStop) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); },
               [&] {
                 while (collector.requests("user:1") == 0) std::this_thread::yield();
                 collector.stop();
               });
  EXPECT_EQ(collector.requests("user:1"), 1u);
}

TEST(StopFlag, WhatWasAddedBeforeTheStopIsReceived) {
  Collector collector;
  concurrently(
      [&] {
        collector.add(get("user:1"));
        collector.add(get("user:2"));
        collector.stop();
      },
      [&] { collector.requests("user:2"); });
  EXPECT_EQ(collector.requests("user:1"), 1u);
  EXPECT_EQ(collector.requests("user:2"), 1u);
}

TEST(StopFlag, EachRecordIsCountedOnce) {
  Collector collector;
  concurrently(
      [&] {
        collector.add(get("user:1"));
        collector.stop();
      },
      [&] { EXPECT_LE(collector.requests("user:1"), 1u); });
  EXPECT_EQ(collector.requests("user:1"), 1u);
  EXPECT_EQ(collector.requests("user:2"), 0u);
}

TEST(StopFlag, AnEmptyKeyIsAKeyLikeOthers) {
  Collector collector;
  concurrently(
      [&] {
        collector.add(get(""));
        collector.add(get("user:1"));
        collector.stop();
      },
      [] {});
  EXPECT_EQ(collector.requests(""), 1u);
  EXPECT_EQ(collector.requests("user:1"), 1u);
}

TEST(StopFlag, ARecordMayArriveDuringTheStop) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.stop(); }, [&] { collector.add(get("user:2")); });
  EXPECT_EQ(collector.requests("user:1"), 1u);
}

TEST(StopFlag, ARecordMayArriveAfterTheStop) {
  Collector collector;
  concurrently(
      [&] {
        collector.stop();
        collector.add(get("user:1"));
      },
      [&] { collector.requests("user:1"); });
}

TEST(StopFlag, ManyRecordsMayArriveAfterTheStop) {
  Collector collector;
  concurrently(
      [&] {
        collector.stop();
        for (int i = 0; i <= 1'000; ++i) collector.add(get("user:1"));
      },
      [] {});
}

TEST(StopFlag, StoppingTwiceIsAsGoodAsOnce) {
  Collector collector;
  concurrently(
      [&] {
        collector.add(get("user:1"));
        collector.stop();
        collector.stop();
      },
      [&] { collector.requests("user:1"); });
  EXPECT_EQ(collector.requests("user:1"), 1u);
}

TEST(StopFlag, TheEndOfTheCollectorEndsItsReceiver) {
  auto collector = std::make_unique<Collector>();
  collector->add(get("user:1"));
  concurrently([&] { collector.reset(); }, [] {});
}

TEST(StopFlag, OneStopDoesNotEndTheOther) {
  Collector one;
  Collector other;
  concurrently([&] { one.stop(); },
               [&] {
                 other.add(get("user:1"));
                 while (other.requests("user:1") == 0) std::this_thread::yield();
               });
  concurrently([&] { other.stop(); }, [] {});
  EXPECT_EQ(other.requests("user:1"), 1u);
}

TEST(StopFlag, LoadOfRecordsBeforeTheStop) {
  constexpr int kRecords = 2'000;
  Collector collector;
  const auto capture = [&](const std::string& key) {
    for (int i = 0; i < kRecords; ++i) collector.add(get(key + std::to_string(i)));
  };
  concurrently([&] { capture("user:"); }, [&] { capture("cart:"); });
  concurrently([&] { collector.stop(); }, [] {});
  for (int i = 0; i < kRecords; ++i) {
    EXPECT_EQ(collector.requests("user:" + std::to_string(i)), 1u);
    EXPECT_EQ(collector.requests("cart:" + std::to_string(i)), 1u);
  }
}

}  // namespace
}  // namespace stop_flag
