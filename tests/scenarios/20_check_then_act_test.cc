#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace check_then_act {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key) {
  return {.connection = 1, .sequence = 1, .command = "GET", .key = key};
}

TEST(CheckThenAct, AKeyThatNeverCameHasNoHits) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); },
               [&] { EXPECT_EQ(collector.hits("user:2"), 0u); });
}

TEST(CheckThenAct, TwoFirstHitsOfAKeyAreBothCounted) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:1")); });
  EXPECT_EQ(collector.hits("user:1"), 2u);
}

TEST(CheckThenAct, TwoLaterHitsOfAKeyAreBothCounted) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:1")); });
  EXPECT_EQ(collector.hits("user:1"), 3u);
}

TEST(CheckThenAct, AThreadMayBeOvertakenTwentyTimes) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); },
               [&] {
                 for (int i = 0; i < 20; ++i) collector.add(get("user:1"));
               });
  EXPECT_EQ(collector.hits("user:1"), 21u);
}

// A table has to grow for some of them.
TEST(CheckThenAct, AHitIsCountedWhileManyKeysArrive) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:1")); },
               [&] {
                 for (int i = 0; i < 16; ++i) collector.add(get("cart:" + std::to_string(i)));
               });
  EXPECT_EQ(collector.hits("user:1"), 2u);
}

TEST(CheckThenAct, FirstHitsOfTwoKeysAreCountedApart) {
  Collector collector;
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.add(get("user:2")); });
  EXPECT_EQ(collector.hits("user:1"), 1u);
  EXPECT_EQ(collector.hits("user:2"), 1u);
}

TEST(CheckThenAct, AThreadSeesItsOwnHit) {
  Collector collector;
  const auto add_and_look = [&] {
    collector.add(get("user:1"));
    EXPECT_GE(collector.hits("user:1"), 1u);
  };
  concurrently(add_and_look, add_and_look);
  EXPECT_EQ(collector.hits("user:1"), 2u);
}

TEST(CheckThenAct, HitsNeverGoBack) {
  Collector collector;
  collector.add(get("user:1"));
  concurrently([&] { collector.add(get("user:1")); },
               [&] {
                 const std::uint64_t first = collector.hits("user:1");
                 const std::uint64_t second = collector.hits("user:1");
                 EXPECT_GE(first, 1u);
                 EXPECT_LE(first, second);
                 EXPECT_LE(second, 2u);
               });
}

TEST(CheckThenAct, HitsOfThreeThreadsAreAllCounted) {
  Collector collector;
  const auto hit = [&] { collector.add(get("user:1")); };
  concurrently(hit, hit, hit);
  EXPECT_EQ(collector.hits("user:1"), 3u);
}

TEST(CheckThenAct, TwoCollectorsCountApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(get("user:1")); }, [&] { other.add(get("user:1")); });
  EXPECT_EQ(one.hits("user:1"), 1u);
  EXPECT_EQ(other.hits("user:1"), 1u);
}

TEST(CheckThenAct, TwoWhoAskForAKeyThatNeverCameGetAlong) {
  Collector collector;
  concurrently([&] { EXPECT_EQ(collector.hits("user:1"), 0u); },
               [&] { EXPECT_EQ(collector.hits("user:2"), 0u); });
}

TEST(CheckThenAct, WhoAskedBeforeSeesWhatCameSince) {
  Collector collector;
  collector.add(get("user:1"));
  EXPECT_EQ(collector.hits("user:1"), 1u);
  concurrently([&] { collector.add(get("user:1")); }, [&] { collector.hits("user:2"); });
  EXPECT_EQ(collector.hits("user:1"), 2u);
}

TEST(CheckThenAct, LoadOfARecordedSessionIsCountedWhole) {
  const auto& session = redis::recorded_session();
  std::map<std::string, std::uint64_t> hits;
  for (const auto& record : session) ++hits[record.key];
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record& record) {
        EXPECT_LE(collector.hits(record.key), hits.at(record.key));
      });
  for (const auto& [key, expected] : hits) EXPECT_EQ(collector.hits(key), expected) << key;
}

}  // namespace
}  // namespace check_then_act
