#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace write_under_read_lock {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key, std::uint64_t sequence = 1) {
  return {.connection = 1, .sequence = sequence, .command = "GET", .key = key};
}

TEST(WriteUnderReadLock, TwoLooksAtAKeyAreBothCounted) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.find("user:1"); }, [&] { collector.find("user:1"); });
  EXPECT_EQ(collector.looks("user:1"), 2u);
}

TEST(WriteUnderReadLock, AThreadMayBeOvertakenTwentyTimes) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.find("user:1"); },
               [&] {
                 for (int i = 0; i < 20; ++i) collector.find("user:1");
               });
  EXPECT_EQ(collector.looks("user:1"), 21u);
}

TEST(WriteUnderReadLock, LooksAtTwoKeysAreCountedApart) {
  Collector collector;
  collector.add(get("user:1"));
  collector.add(get("user:2"));
  concurrently([&] { collector.find("user:1"); }, [&] { collector.find("user:2"); });
  EXPECT_EQ(collector.looks("user:1"), 1u);
  EXPECT_EQ(collector.looks("user:2"), 1u);
}

TEST(WriteUnderReadLock, LooksCanBeReadWhileSomebodyLooks) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.find("user:1"); },
               [&] { EXPECT_LE(collector.looks("user:1"), 1u); });
  EXPECT_EQ(collector.looks("user:1"), 1u);
}

TEST(WriteUnderReadLock, ANewRecordKeepsTheLooksOfItsKey) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:1", 2)); }, [&] { collector.find("user:1"); });
  EXPECT_EQ(collector.looks("user:1"), 1u);
}

TEST(WriteUnderReadLock, FindGivesAWholeRecordWhileItIsReplaced) {
  Collector collector;
  collector.add(get("user:1", 1));
  concurrently([&] { collector.add(get("user:1", 2)); },
               [&] {
                 const auto found = collector.find("user:1");
                 ASSERT_TRUE(found);
                 EXPECT_TRUE(*found == get("user:1", 1) || *found == get("user:1", 2));
               });
}

TEST(WriteUnderReadLock, WhatNeverCameIsNotFoundAndNotCounted) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { EXPECT_FALSE(collector.find("user:2")); },
               [&] { EXPECT_FALSE(collector.find("user:2")); });
  EXPECT_EQ(collector.looks("user:2"), 0u);
}

TEST(WriteUnderReadLock, FindCanRunWhileAnotherKeyArrives) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:2")); },
               [&] { EXPECT_TRUE(collector.find("user:1")); });
  EXPECT_EQ(collector.looks("user:1"), 1u);
  EXPECT_EQ(collector.looks("user:2"), 0u);
}

TEST(WriteUnderReadLock, WhoLookedInVainFindsItOnceItIsThere) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.find("user:1"); });
  EXPECT_TRUE(collector.find("user:1"));
}

TEST(WriteUnderReadLock, AThreadSeesItsOwnLook) {
  Collector collector;
  collector.add(get("user:1"));
  const auto look = [&] {
    collector.find("user:1");
    EXPECT_GE(collector.looks("user:1"), 1u);
  };
  concurrently(look, look);
}

TEST(WriteUnderReadLock, ThreeLooksAreAllCounted) {
  Collector collector;
  collector.add(get("user:1"));
  const auto look = [&] { collector.find("user:1"); };
  concurrently(look, look, look);
  EXPECT_EQ(collector.looks("user:1"), 3u);
}

TEST(WriteUnderReadLock, TwoCollectorsCountApart) {
  Collector one;
  Collector other;
  one.add(get("user:1"));
  other.add(get("user:1"));
  concurrently([&] { one.find("user:1"); }, [&] { other.find("user:1"); });
  EXPECT_EQ(one.looks("user:1"), 1u);
  EXPECT_EQ(other.looks("user:1"), 1u);
}

TEST(WriteUnderReadLock, ALookInVainIsNone) {
  Collector collector;
  EXPECT_FALSE(collector.find("user:1"));
  collector.add(get("user:1"));
  EXPECT_EQ(collector.looks("user:1"), 0u);
}

TEST(WriteUnderReadLock, LoadOfLooksAtAThousandKeys) {
  constexpr int kKeys = 1'000;
  const auto key = [](int i) { return "user:" + std::to_string(i); };
  Collector collector;
  for (int i = 0; i < kKeys; ++i) collector.add(get(key(i)));
  const auto look = [&] {
    for (int i = 0; i < kKeys; ++i) collector.find(key(i));
  };
  concurrently(look, look);
  for (int i = 0; i < kKeys; ++i) EXPECT_EQ(collector.looks(key(i)), 2u) << key(i);
}

TEST(WriteUnderReadLock, LoadOfARecordedSessionCountsEveryLook) {
  const auto& session = redis::recorded_session();
  const std::string key = session.front().key;
  Collector collector;
  collector.add(get(key));
  drill::play(
      session,
      [&](const redis::Record& record) {
        collector.add(record);
        EXPECT_TRUE(collector.find(key));
      },
      [&](const redis::Record&) { EXPECT_LE(collector.looks(key), session.size()); });
  EXPECT_EQ(collector.looks(key), session.size());
}

}  // namespace
}  // namespace write_under_read_lock
