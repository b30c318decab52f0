#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace snapshot_swap {
namespace {

using drill::concurrently;

redis::Record nth(const std::string& key, std::uint64_t n) {
  return {.connection = static_cast<std::uint32_t>(n),
          .sequence = n,
          .command = "SET",
          .key = key,
          .request_bytes = n,
          .response_bytes = n};
}

TEST(SnapshotSwap, StartsEmpty) {
  const Collector collector;
  EXPECT_EQ(collector.size(), 0u);
  EXPECT_FALSE(collector.find("user:1"));
}

TEST(SnapshotSwap, FindsARecordWhileItsSnapshotIsReplaced) {
  Collector collector;
  collector.add(nth("user:1", 1));
  concurrently([&] { collector.add(nth("user:2", 1)); },
               [&] {
                 const auto found = collector.find("user:1");
                 ASSERT_TRUE(found);
                 EXPECT_EQ(*found, nth("user:1", 1));
               });
}

TEST(SnapshotSwap, FindsTheOldRecordOrTheNew) {
  Collector collector;
  collector.add(nth("user:1", 1));
  concurrently([&] { collector.add(nth("user:1", 2)); },
               [&] {
                 const auto found = collector.find("user:1");
                 ASSERT_TRUE(found);
                 EXPECT_TRUE(*found == nth("user:1", 1) || *found == nth("user:1", 2));
               });
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, nth("user:1", 2));
}

TEST(SnapshotSwap, AReaderMayBeOvertakenTwice) {
  Collector collector;
  collector.add(nth("user:1", 1));
  concurrently(
      [&] {
        collector.add(nth("user:1", 2));
        collector.add(nth("user:1", 3));
      },
      [&] { EXPECT_TRUE(collector.find("user:1")); });
}

TEST(SnapshotSwap, SizeCanBeReadWhileTheSnapshotIsReplaced) {
  Collector collector;
  collector.add(nth("user:1", 1));
  concurrently([&] { collector.add(nth("user:2", 1)); },
               [&] {
                 const auto size = collector.size();
                 EXPECT_TRUE(size == 1 || size == 2) << "size(): " << size;
               });
}

// Sequences count within a connection.
TEST(SnapshotSwap, TheNewestCameLastWhateverItsNumber) {
  Collector collector;
  collector.add(nth("user:1", 7));
  collector.add(nth("user:1", 1));
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, nth("user:1", 1));
}

TEST(SnapshotSwap, RecordsOfTwoThreadsAreBothKept) {
  Collector collector;
  concurrently([&] { collector.add(nth("user:1", 1)); }, [&] { collector.add(nth("user:2", 1)); });
  EXPECT_EQ(collector.size(), 2u);
  EXPECT_TRUE(collector.find("user:1"));
  EXPECT_TRUE(collector.find("user:2"));
}

TEST(SnapshotSwap, AWriterMayBeOvertakenTwentyTimes) {
  Collector collector;
  concurrently([&] { collector.add(nth("user:1", 1)); },
               [&] {
                 for (std::uint64_t n = 1; n <= 20; ++n) collector.add(nth("user:2", n));
               });
  EXPECT_EQ(collector.find("user:1"), nth("user:1", 1));
  EXPECT_EQ(collector.find("user:2"), nth("user:2", 20));
}

TEST(SnapshotSwap, TwoThreadsOnOneKeyLeaveOneWholeRecord) {
  Collector collector;
  concurrently([&] { collector.add(nth("user:1", 1)); }, [&] { collector.add(nth("user:1", 2)); });
  EXPECT_EQ(collector.size(), 1u);
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_TRUE(*found == nth("user:1", 1) || *found == nth("user:1", 2));
}

TEST(SnapshotSwap, WhatOneGotStaysWhatItWas) {
  Collector collector;
  collector.add(nth("user:1", 1));
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  concurrently([&] { collector.add(nth("user:1", 2)); },
               [&] { EXPECT_EQ(*found, nth("user:1", 1)); });
  EXPECT_EQ(*found, nth("user:1", 1));
}

TEST(SnapshotSwap, AThreadFindsItsOwnRecord) {
  Collector collector;
  const auto add_and_find = [&](const std::string& key) {
    collector.add(nth(key, 1));
    EXPECT_TRUE(collector.find(key)) << key;
  };
  concurrently([&] { add_and_find("user:1"); }, [&] { add_and_find("user:2"); });
}

TEST(SnapshotSwap, NobodyFindsTheOldAfterTheNew) {
  Collector collector;
  collector.add(nth("user:1", 1));
  concurrently([&] { collector.add(nth("user:1", 2)); },
               [&] {
                 const auto first = collector.find("user:1");
                 const auto second = collector.find("user:1");
                 ASSERT_TRUE(first);
                 ASSERT_TRUE(second);
                 EXPECT_LE(first->sequence, second->sequence);
               });
}

TEST(SnapshotSwap, TwoReadersAndAWriterGetAlong) {
  Collector collector;
  collector.add(nth("user:1", 1));
  const auto look = [&] { EXPECT_TRUE(collector.find("user:1")); };
  concurrently([&] { collector.add(nth("user:1", 2)); }, look, look);
}

TEST(SnapshotSwap, TwoCollectorsKeepApart) {
  Collector one;
  Collector other;
  concurrently(
      [&] {
        one.add(nth("user:1", 1));
        EXPECT_TRUE(one.find("user:1"));
        EXPECT_FALSE(other.find("user:1"));
      },
      [&] { other.add(nth("user:2", 1)); });
  EXPECT_TRUE(one.find("user:1"));
  EXPECT_FALSE(other.find("user:1"));
}

TEST(SnapshotSwap, ACollectorKnowsNothingOfTheOneBefore) {
  std::optional<Collector> place;
  for (std::uint64_t n = 1; n <= 2; ++n) {
    auto& collector = place.emplace();
    collector.add(nth("user:1", n));
    const auto found = collector.find("user:1");
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, nth("user:1", n));
  }
}

TEST(SnapshotSwap, WhatIsFoundIsCounted) {
  Collector collector;
  collector.add(nth("user:1", 1));
  concurrently([&] { collector.add(nth("user:2", 2)); },
               [&] {
                 if (collector.find("user:2")) {
                   EXPECT_EQ(collector.size(), 2u);
                 }
               });
}

TEST(SnapshotSwap, WhoLookedBeforeFindsWhatCameSince) {
  Collector collector;
  collector.add(nth("user:1", 1));
  EXPECT_TRUE(collector.find("user:1"));
  concurrently([&] { collector.add(nth("user:1", 2)); }, [&] { collector.size(); });
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, nth("user:1", 2));
}

TEST(SnapshotSwap, WhoLookedWhileItArrivedFindsItOnceItIsThere) {
  Collector collector;
  collector.add(nth("user:1", 1));
  std::atomic<bool> added = false;
  concurrently(
      [&] {
        collector.add(nth("user:1", 2));
        added = true;
      },
      [&] {
        collector.find("user:1");
        const bool there = added;
        const auto found = collector.find("user:1");
        ASSERT_TRUE(found);
        EXPECT_TRUE(!there || *found == nth("user:1", 2));
      });
}

TEST(SnapshotSwap, ALargeSnapshotIsReplacedLikeASmallOne) {
  constexpr std::uint64_t kKeys = 100;
  const auto key = [](std::uint64_t n) { return "user:" + std::to_string(n); };
  Collector collector;
  for (std::uint64_t n = 1; n <= kKeys; ++n) collector.add(nth(key(n), n));
  concurrently([&] { collector.add(nth(key(kKeys + 1), 1)); },
               [&] { EXPECT_EQ(collector.find(key(kKeys)), nth(key(kKeys), kKeys)); });
  EXPECT_EQ(collector.size(), kKeys + 1);
}

TEST(SnapshotSwap, LoadOfATenthOfARecordedSessionKeepsTheLatestRecordOfEachKey) {
  // A table is copied for each record, so that a tenth of the session is load enough.
  const auto& whole = redis::recorded_session();
  const redis::Session session(whole.begin(),
                               whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 10));
  const auto latest = redis::latest_by_key(session);
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record& record) {
        const auto found = collector.find(record.key);
        EXPECT_TRUE(!found || found->key == record.key);
      });
  EXPECT_EQ(collector.size(), latest.size());
  for (const auto& [key, records] : latest) {
    const auto found = collector.find(key);
    ASSERT_TRUE(found) << key;
    EXPECT_EQ(std::count(records.begin(), records.end(), *found), 1) << key;
  }
}

}  // namespace
}  // namespace snapshot_swap
