#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace map_read_write {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key) {
  return {.connection = 1, .sequence = 1, .command = "GET", .key = key};
}

// The n-th request for a key: every field tells which, so that a torn record shows.
redis::Record nth(const std::string& key, std::uint64_t n) {
  return {.connection = static_cast<std::uint32_t>(n),
          .sequence = n,
          .command = n == 1 ? "GET" : "SETRANGE",
          .key = key,
          .request_bytes = n,
          .response_bytes = n};
}

TEST(MapReadWrite, FindSeesARecordWhileAnotherArrives) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.find("user:1"); });
  EXPECT_EQ(collector.size(), 1u);
  EXPECT_TRUE(collector.find("user:1"));
}

TEST(MapReadWrite, FindsNothingUnderAKeyThatNeverCame) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:2")); },
               [&] { EXPECT_FALSE(collector.find("user:3")); });
}

TEST(MapReadWrite, FindsWhatCameBefore) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:2")); },
               [&] {
                 const auto found = collector.find("user:1");
                 ASSERT_TRUE(found);
                 EXPECT_EQ(*found, get("user:1"));
               });
}

TEST(MapReadWrite, AThreadFindsItsOwnRecord) {
  Collector collector;
  const auto add_and_find = [&](const std::string& key) {
    collector.add(get(key));
    EXPECT_TRUE(collector.find(key)) << key;
  };
  concurrently([&] { add_and_find("user:1"); }, [&] { add_and_find("user:2"); });
}

TEST(MapReadWrite, KeepsTheRecordsOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:2")); });
  EXPECT_EQ(collector.size(), 2u);
  EXPECT_TRUE(collector.find("user:1"));
  EXPECT_TRUE(collector.find("user:2"));
}

TEST(MapReadWrite, TwoThreadsOnOneKeyLeaveOneWholeRecord) {
  Collector collector;
  concurrently([&] { collector.add(nth("user:1", 1)); }, [&] { collector.add(nth("user:1", 2)); });
  EXPECT_EQ(collector.size(), 1u);
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_TRUE(*found == nth("user:1", 1) || *found == nth("user:1", 2));
}

TEST(MapReadWrite, TheLatestRecordOfAKeyIsFound) {
  Collector collector;
  collector.add(nth("user:1", 1));
  concurrently(
      [&] {
        collector.add(nth("user:1", 2));
        const auto found = collector.find("user:1");
        ASSERT_TRUE(found);
        EXPECT_EQ(found->sequence, 2u);
      },
      [&] { collector.add(get("user:2")); });
}

TEST(MapReadWrite, FindGivesAWholeRecordWhileItIsReplaced) {
  Collector collector;
  collector.add(nth("user:1", 1));
  concurrently([&] { collector.add(nth("user:1", 2)); },
               [&] {
                 const auto found = collector.find("user:1");
                 ASSERT_TRUE(found);
                 EXPECT_TRUE(*found == nth("user:1", 1) || *found == nth("user:1", 2));
               });
}

TEST(MapReadWrite, AFoundRecordStaysWhatItWas) {
  Collector collector;
  collector.add(nth("user:1", 1));
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  concurrently([&] { collector.add(nth("user:1", 2)); },
               [&] { EXPECT_EQ(*found, nth("user:1", 1)); });
  EXPECT_EQ(*found, nth("user:1", 1));
}

TEST(MapReadWrite, SizeCanBeReadWhileARecordArrives) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:2")); },
               [&] {
                 const auto size = collector.size();
                 EXPECT_TRUE(size == 1 || size == 2) << "size(): " << size;
               });
}

TEST(MapReadWrite, TwoWritersAndAReaderGetAlong) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:2")); },
               [&] { collector.find("user:1"); });
  EXPECT_EQ(collector.size(), 2u);
}

TEST(MapReadWrite, TwoReadersAndAWriterGetAlong) {
  Collector collector;
  collector.add(nth("user:1", 1));
  const auto look = [&] { EXPECT_TRUE(collector.find("user:1")); };
  concurrently([&] { collector.add(nth("user:1", 2)); }, look, look);
}

TEST(MapReadWrite, TwoCollectorsKeepApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(get("user:1")); }, [&] { other.add(get("user:2")); });
  EXPECT_EQ(one.size(), 1u);
  EXPECT_FALSE(one.find("user:2"));
}

TEST(MapReadWrite, TwoReadersOfTheSizeGetAlong) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { EXPECT_EQ(collector.size(), 1u); }, [&] { EXPECT_EQ(collector.size(), 1u); });
}

TEST(MapReadWrite, WhoLookedBeforeFindsWhatCameSince) {
  Collector collector;
  collector.add(nth("user:1", 1));
  EXPECT_TRUE(collector.find("user:1"));
  EXPECT_FALSE(collector.find("user:2"));
  concurrently([&] { collector.add(nth("user:1", 2)); }, [&] { collector.add(get("user:2")); });
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, nth("user:1", 2));
  EXPECT_TRUE(collector.find("user:2"));
  EXPECT_EQ(collector.size(), 2u);
}

TEST(MapReadWrite, WhoLookedWhileItArrivedFindsItOnceItIsThere) {
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

TEST(MapReadWrite, ACollectorKnowsNothingOfTheOneBefore) {
  std::optional<Collector> place;
  for (std::uint64_t n = 1; n <= 2; ++n) {
    auto& collector = place.emplace();
    collector.add(nth("user:1", n));
    const auto found = collector.find("user:1");
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, nth("user:1", n));
  }
}

TEST(MapReadWrite, LoadOfManyKeysKeepsThemApart) {
  constexpr int kEach = 1'000;
  const auto key = [](int writer, int i) {
    return std::to_string(writer) + ":" + std::to_string(i);
  };
  Collector collector;
  const auto capture = [&](int writer) {
    for (int i = 0; i < kEach; ++i) collector.add(get(key(writer, i)));
  };
  concurrently([&] { capture(1); }, [&] { capture(2); });
  EXPECT_EQ(collector.size(), std::size_t{2 * kEach});
  for (const int writer : {1, 2}) {
    for (int i = 0; i < kEach; ++i) {
      const auto found = collector.find(key(writer, i));
      ASSERT_TRUE(found) << key(writer, i);
      EXPECT_EQ(*found, get(key(writer, i)));
    }
  }
}

TEST(MapReadWrite, LoadOfARecordedSessionKeepsTheLatestRecordOfEachKey) {
  const auto& session = redis::recorded_session();
  const auto latest = redis::latest_by_key(session);
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record& record) { collector.find(record.key); });
  EXPECT_EQ(collector.size(), latest.size());
  for (const auto& [key, records] : latest) {
    const auto found = collector.find(key);
    ASSERT_TRUE(found) << key;
    EXPECT_EQ(std::count(records.begin(), records.end(), *found), 1) << key;
  }
}

}  // namespace
}  // namespace map_read_write
