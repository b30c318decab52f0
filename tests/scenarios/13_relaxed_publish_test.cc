#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"
#include "redis/session.h"

namespace relaxed_publish {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key, std::uint64_t sequence = 1) {
  return {.connection = 1, .sequence = sequence, .command = "GET", .key = key};
}

TEST(RelaxedPublish, FindsTheNewestRecordOfAKey) {
  Collector collector;
  collector.add(get("user:1", 1));
  collector.add(get("user:2", 2));
  collector.add(get("user:1", 3));
  EXPECT_EQ(collector.find("user:1"), get("user:1", 3));
  EXPECT_EQ(collector.find("user:2"), get("user:2", 2));
  EXPECT_EQ(collector.find("user:3"), std::nullopt);
}

// Sequences count within a connection.
TEST(RelaxedPublish, TheNewestCameLastWhateverItsNumber) {
  auto of_another_connection = get("user:1", 1);
  of_another_connection.connection = 2;
  Collector collector;
  collector.add(get("user:1", 7));
  collector.add(of_another_connection);
  EXPECT_EQ(collector.find("user:1"), of_another_connection);
}

TEST(RelaxedPublish, ARecordIsFoundWholeOrNotAtAll) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); },
               [&] {
                 const auto seen = collector.find("user:1");
                 EXPECT_TRUE(!seen || *seen == get("user:1"));
               });
  EXPECT_EQ(collector.find("user:1"), get("user:1"));
}

TEST(RelaxedPublish, ALongKeyIsFoundWholeToo) {
  const std::string key = "session:" + std::string(100, '7');
  Collector collector;
  concurrently([&] { collector.add(get(key)); },
               [&] {
                 const auto seen = collector.find(key);
                 EXPECT_TRUE(!seen || *seen == get(key));
               });
  EXPECT_EQ(collector.find(key), get(key));
}

TEST(RelaxedPublish, AnOlderRecordStaysInSight) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:2")); },
               [&] { EXPECT_EQ(collector.find("user:1"), get("user:1")); });
  EXPECT_TRUE(collector.find("user:2"));
}

TEST(RelaxedPublish, WhatWasFoundOnceIsFoundAgain) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); },
               [&] {
                 const bool first = collector.find("user:1").has_value();
                 const bool second = collector.find("user:1").has_value();
                 EXPECT_TRUE(second || !first);
               });
}

TEST(RelaxedPublish, ANewerRecordTakesThePlaceOfAnOlder) {
  Collector collector;
  collector.add(get("user:1", 1));
  concurrently([&] { collector.add(get("user:1", 2)); },
               [&] {
                 const auto seen = collector.find("user:1");
                 EXPECT_TRUE(seen == get("user:1", 1) || seen == get("user:1", 2));
               });
  EXPECT_EQ(collector.find("user:1"), get("user:1", 2));
}

TEST(RelaxedPublish, RecordsOfTwoThreadsAreBothFound) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:2")); });
  EXPECT_TRUE(collector.find("user:1"));
  EXPECT_TRUE(collector.find("user:2"));
}

TEST(RelaxedPublish, AWriterMayBeOvertakenTwentyTimes) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); },
               [&] {
                 for (std::uint64_t n = 1; n <= 20; ++n) collector.add(get("user:2", n));
               });
  EXPECT_EQ(collector.find("user:1"), get("user:1"));
  EXPECT_EQ(collector.find("user:2"), get("user:2", 20));
}

TEST(RelaxedPublish, AReaderBesideTwoWritersFindsWholeRecords) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:2")); },
               [&] {
                 const auto seen = collector.find("user:2");
                 EXPECT_TRUE(!seen || *seen == get("user:2"));
               });
}

TEST(RelaxedPublish, NoRecordIsTooOldToBeFound) {
  Collector collector;
  for (int i = 0; i < 20; ++i) collector.add(get("user:" + std::to_string(i)));
  concurrently([&] { EXPECT_EQ(collector.find("user:0"), get("user:0")); },
               [&] { collector.add(get("user:20")); });
}

// Whatever holds the records has to grow for some of those that come.
TEST(RelaxedPublish, ARecordIsFoundWhileManyArrive) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { EXPECT_EQ(collector.find("user:1"), get("user:1")); },
               [&] {
                 for (std::uint64_t n = 1; n <= 100; ++n) collector.add(get("user:2", n));
               });
}

TEST(RelaxedPublish, TwoReadersGetAlong) {
  Collector collector;
  collector.add(get("user:1"));
  collector.add(get("user:2"));
  concurrently([&] { EXPECT_TRUE(collector.find("user:1")); },
               [&] { EXPECT_TRUE(collector.find("user:2")); });
}

TEST(RelaxedPublish, WhoLookedBeforeFindsWhatCameSince) {
  Collector collector;
  collector.add(get("user:1", 1));
  EXPECT_TRUE(collector.find("user:1"));
  concurrently([&] { collector.add(get("user:1", 2)); }, [&] { collector.find("user:2"); });
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->sequence, 2u);
}

TEST(RelaxedPublish, LoadOfTheRecordedSession) {
  // The last records of a session: the list is walked from its head, and is long.
  const auto& session = redis::recorded_session();
  const auto begin = session.size() < 500 ? session.begin() : session.end() - 500;
  std::unordered_map<std::string, std::uint64_t> keys;
  for (auto record = begin; record != session.end(); ++record) ++keys[record->key];
  Collector collector;
  // Half of them first, so that who looks walks a long list from the start.
  const auto middle = begin + (session.end() - begin) / 2;
  for (auto record = begin; record != middle; ++record) collector.add(*record);
  const auto capture = [&](std::uint32_t share) {
    for (auto record = middle; record != session.end(); ++record) {
      if (record->connection % 2 == share) collector.add(*record);
    }
  };
  const auto look = [&] {
    for (const auto& [key, count] : keys) {
      const auto seen = collector.find(key);
      EXPECT_TRUE(!seen || seen->key == key);
    }
  };
  concurrently([&] { capture(0); }, [&] { capture(1); }, look, look);
  for (const auto& [key, count] : keys) EXPECT_TRUE(collector.find(key)) << key;
}

}  // namespace
}  // namespace relaxed_publish
