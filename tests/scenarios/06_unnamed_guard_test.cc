#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace unnamed_guard {
namespace {

using drill::concurrently;

// Every field tells the latency, so that a torn record shows.
redis::Record took(std::int64_t latency_us) {
  return {.connection = static_cast<std::uint32_t>(latency_us),
          .sequence = static_cast<std::uint64_t>(latency_us),
          .command = latency_us < 10 ? "GET" : "SORT",
          .key = "leaderboard:1",
          .latency_us = latency_us};
}

TEST(UnnamedGuard, ThereIsNoSlowestAtFirst) {
  const Collector collector;
  EXPECT_FALSE(collector.slowest());
}

TEST(UnnamedGuard, KeepsTheSlowerOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(took(5)); }, [&] { collector.add(took(70)); });
  const auto slowest = collector.slowest();
  ASSERT_TRUE(slowest);
  EXPECT_EQ(*slowest, took(70));
}

TEST(UnnamedGuard, AFasterOneDoesNotReplaceIt) {
  Collector collector;
  collector.add(took(70));
  concurrently([&] { collector.add(took(5)); }, [&] { collector.add(took(6)); });
  const auto slowest = collector.slowest();
  ASSERT_TRUE(slowest);
  EXPECT_EQ(*slowest, took(70));
}

TEST(UnnamedGuard, SlowestCanBeReadWhileItIsReplaced) {
  Collector collector;
  collector.add(took(5));
  concurrently([&] { collector.add(took(70)); },
               [&] {
                 const auto slowest = collector.slowest();
                 ASSERT_TRUE(slowest);
                 EXPECT_TRUE(*slowest == took(5) || *slowest == took(70));
               });
}

TEST(UnnamedGuard, SlowestCanBeReadWhileTheFirstArrives) {
  Collector collector;
  concurrently([&] { collector.add(took(5)); },
               [&] {
                 const auto slowest = collector.slowest();
                 if (slowest) {
                   EXPECT_EQ(*slowest, took(5));
                 }
               });
}

TEST(UnnamedGuard, AThreadSeesWhatItAdded) {
  Collector collector;
  const auto add_and_look = [&](std::int64_t latency_us) {
    collector.add(took(latency_us));
    const auto slowest = collector.slowest();
    ASSERT_TRUE(slowest);
    EXPECT_GE(slowest->latency_us, latency_us);
  };
  concurrently([&] { add_and_look(5); }, [&] { add_and_look(70); });
}

TEST(UnnamedGuard, WhatOneGotStaysWhatItWas) {
  Collector collector;
  collector.add(took(5));
  const auto& got = collector.slowest();
  ASSERT_TRUE(got);
  concurrently([&] { collector.add(took(70)); }, [&] { EXPECT_EQ(*got, took(5)); });
  collector.slowest();
  EXPECT_EQ(*got, took(5));
}

TEST(UnnamedGuard, TwoReadersAndAWriterGetAlong) {
  Collector collector;
  collector.add(took(5));
  const auto look = [&] { EXPECT_TRUE(collector.slowest()); };
  concurrently([&] { collector.add(took(70)); }, look, look);
}

TEST(UnnamedGuard, AScreenMayBeOvertakenTwice) {
  Collector collector;
  collector.add(took(5));
  concurrently(
      [&] {
        collector.add(took(6));
        collector.add(took(70));
      },
      [&] {
        const auto seen = collector.slowest();
        ASSERT_TRUE(seen);
        EXPECT_EQ(*seen, took(seen->latency_us)) << "not whole";
      });
}

// Whatever is used again for a new record must not be in use.
TEST(UnnamedGuard, TheSlowestStaysThoughFasterOnesCome) {
  Collector collector;
  concurrently([&] { collector.add(took(9)); },
               [&] {
                 collector.add(took(5));
                 collector.add(took(6));
               });
  collector.add(took(70));
  concurrently([&] { collector.add(took(3)); }, [&] { collector.add(took(4)); });
  EXPECT_EQ(collector.slowest(), took(70));
}

TEST(UnnamedGuard, TwoCollectorsKeepApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(took(5)); }, [&] { other.add(took(70)); });
  ASSERT_TRUE(one.slowest());
  EXPECT_EQ(one.slowest()->latency_us, 5);
}

TEST(UnnamedGuard, ARequestThatTookNoTimeIsARequest) {
  Collector collector;
  collector.add(took(0));
  const auto slowest = collector.slowest();
  ASSERT_TRUE(slowest);
  EXPECT_EQ(*slowest, took(0));
}

TEST(UnnamedGuard, TwoScreensGetAlong) {
  Collector collector;
  collector.add(took(5));
  concurrently([&] { EXPECT_TRUE(collector.slowest()); },
               [&] { EXPECT_TRUE(collector.slowest()); });
  collector.add(took(20));
  const auto slowest = collector.slowest();
  ASSERT_TRUE(slowest);
  EXPECT_EQ(*slowest, took(20));
}

TEST(UnnamedGuard, LoadOfARecordedSessionLeavesItsSlowest) {
  const auto& session = redis::recorded_session();
  const auto by_latency = [](const auto& a, const auto& b) { return a.latency_us < b.latency_us; };
  const auto expected = std::max_element(session.begin(), session.end(), by_latency)->latency_us;
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record&) {
        const auto slowest = collector.slowest();
        if (slowest) {
          EXPECT_LE(slowest->latency_us, expected);
        }
      });
  const auto slowest = collector.slowest();
  ASSERT_TRUE(slowest);
  EXPECT_EQ(slowest->latency_us, expected);
}

}  // namespace
}  // namespace unnamed_guard
