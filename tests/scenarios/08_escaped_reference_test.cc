#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace escaped_reference {
namespace {

using drill::concurrently;

redis::Record request(const std::string& key, const std::string& command, std::int64_t latency_us) {
  return {.connection = 1, .sequence = 1, .command = command, .key = key, .latency_us = latency_us};
}

// find() gives what can be asked as a pointer can: null or not, and ->. A pointer of any kind will
// do, and an optional.

TEST(EscapedReference, NothingIsFoundUnderAKeyThatNeverCame) {
  Collector collector;
  concurrently([&] { collector.add(request("user:1", "GET", 100)); },
               [&] { EXPECT_FALSE(collector.find("user:2")); });
}

TEST(EscapedReference, WhoLookedInVainFindsItOnceItIsThere) {
  Collector collector;
  concurrently([&] { collector.add(request("user:1", "GET", 100)); },
               [&] { collector.find("user:1"); });
  EXPECT_TRUE(collector.find("user:1"));
}

TEST(EscapedReference, TheMeanCanBeReadWhileARecordArrives) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  concurrently([&] { collector.add(request("user:1", "GET", 300)); },
               [&] {
                 const auto found = collector.find("user:1");
                 ASSERT_TRUE(found);
                 const auto mean = found->mean_latency_us();
                 EXPECT_TRUE(mean == 100 || mean == 200) << "mean_latency_us(): " << mean;
               });
}

TEST(EscapedReference, ACommandCanBeCountedWhileItComesAgain) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  concurrently([&] { collector.add(request("user:1", "GET", 300)); },
               [&] {
                 const auto found = collector.find("user:1");
                 ASSERT_TRUE(found);
                 const auto count = found->count("GET");
                 EXPECT_TRUE(count == 1 || count == 2) << "count(): " << count;
               });
}

TEST(EscapedReference, WhatIsFoundIsOfOneMoment) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  concurrently([&] { collector.add(request("user:1", "SET", 300)); },
               [&] {
                 const auto found = collector.find("user:1");
                 ASSERT_TRUE(found);
                 const auto requests = found->requests();
                 EXPECT_EQ(found->mean_latency_us(), requests == 1 ? 100 : 200);
                 EXPECT_EQ(found->count("SET"), requests - 1);
               });
}

TEST(EscapedReference, WhatWasFoundStaysWhatItWas) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  concurrently(
      [&] {
        collector.add(request("user:1", "SET", 300));
        collector.add(request("user:1", "SET", 300));
      },
      [&] { EXPECT_EQ(found->requests(), 1); });
  EXPECT_EQ(found->mean_latency_us(), 100);
  EXPECT_EQ(found->count("SET"), 0);
}

TEST(EscapedReference, WhatWasFoundOutlastsTheNextLook) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  collector.add(request("user:2", "SET", 300));
  const auto look_at_both = [&] {
    const auto one = collector.find("user:1");
    const auto other = collector.find("user:2");
    ASSERT_TRUE(one);
    ASSERT_TRUE(other);
    EXPECT_EQ(one->mean_latency_us(), 100);
    EXPECT_EQ(other->mean_latency_us(), 300);
  };
  concurrently(look_at_both, look_at_both);
}

TEST(EscapedReference, WhatWasFoundOutlastsTheArrivalOfOtherKeys) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  concurrently([&] { collector.add(request("user:0", "SET", 300)); },
               [&] { EXPECT_EQ(found->count("GET"), 1); });
}

TEST(EscapedReference, WhoHoldsWhatTheyFoundCanAdd) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  concurrently(
      [&] {
        const auto found = collector.find("user:1");
        collector.add(request("user:1", "GET", 300));
        ASSERT_TRUE(found);
      },
      [&] { collector.find("user:1"); });
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->requests(), 2);
}

TEST(EscapedReference, RecordsOfTwoThreadsAreAllCounted) {
  Collector collector;
  concurrently([&] { collector.add(request("user:1", "GET", 100)); },
               [&] { collector.add(request("user:1", "SET", 300)); });
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->requests(), 2);
  EXPECT_EQ(found->mean_latency_us(), 200);
  EXPECT_EQ(found->count("GET"), 1);
  EXPECT_EQ(found->count("SET"), 1);
}

TEST(EscapedReference, KeysAreKeptApart) {
  Collector collector;
  concurrently([&] { collector.add(request("user:1", "GET", 100)); },
               [&] { collector.add(request("user:2", "GET", 300)); });
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->requests(), 1);
  EXPECT_EQ(found->mean_latency_us(), 100);
}

TEST(EscapedReference, AThreadFindsItsOwnRecord) {
  Collector collector;
  const auto add_and_find = [&](const std::string& command) {
    collector.add(request("user:1", command, 100));
    const auto found = collector.find("user:1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->count(command), 1);
  };
  concurrently([&] { add_and_find("GET"); }, [&] { add_and_find("SET"); });
}

TEST(EscapedReference, EveryLookIsANewOne) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  ASSERT_TRUE(collector.find("user:1"));
  concurrently(
      [&] {
        collector.add(request("user:1", "GET", 300));
        const auto found = collector.find("user:1");
        ASSERT_TRUE(found);
        EXPECT_EQ(found->requests(), 2);
      },
      [&] { collector.find("user:1"); });
}

TEST(EscapedReference, TwoReadersAndAWriterGetAlong) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  const auto look = [&] {
    const auto found = collector.find("user:1");
    ASSERT_TRUE(found);
    EXPECT_GE(found->requests(), 1);
  };
  concurrently([&] { collector.add(request("user:1", "GET", 300)); }, look, look);
}

TEST(EscapedReference, TwoWhoCountACommandThatNeverCameGetAlong) {
  Collector collector;
  collector.add(request("user:1", "GET", 100));
  const auto look = [&] {
    const auto found = collector.find("user:1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->count("SET"), 0);
  };
  concurrently(look, look);
}

TEST(EscapedReference, TwoCollectorsKeepApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(request("user:1", "GET", 100)); },
               [&] { other.add(request("user:2", "GET", 100)); });
  EXPECT_TRUE(one.find("user:1"));
  EXPECT_FALSE(one.find("user:2"));
}

TEST(EscapedReference, TheMeanIsOfAllLatencies) {
  Collector collector;
  for (const std::int64_t latency_us : {1, 2, 3, 4}) {
    collector.add(request("user:1", "GET", latency_us));
  }
  const auto found = collector.find("user:1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->mean_latency_us(), 2);  // 10 / 4, not what is left of rounded means.
}

TEST(EscapedReference, LoadOfARecordedSessionIsCountedWhole) {
  const auto& session = redis::recorded_session();
  std::map<std::string, std::map<std::string, std::int64_t>> counts;  // By key, by command.
  std::map<std::string, std::int64_t> requests;                       // By key.
  for (const auto& record : session) {
    ++counts[record.key][record.command];
    ++requests[record.key];
  }
  // Whoever found the first record holds what they found while all others come.
  Collector collector;
  const auto& first = session[1];  // Its key comes often.
  collector.add(first);
  ++counts[first.key][first.command];
  ++requests[first.key];
  const auto held = collector.find(first.key);
  ASSERT_TRUE(held);
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record& record) {
        const auto found = collector.find(record.key);
        if (!found) return;
        EXPECT_LE(found->requests(), requests.at(record.key));
        EXPECT_LE(found->count(record.command), found->requests());
      });
  for (int looks = 0; looks < 1'200; ++looks) ASSERT_TRUE(collector.find(first.key));
  EXPECT_EQ(held->requests(), 1);
  for (const auto& [key, commands] : counts) {
    const auto found = collector.find(key);
    ASSERT_TRUE(found) << key;
    EXPECT_EQ(found->requests(), requests.at(key)) << key;
    for (const auto& [command, count] : commands) EXPECT_EQ(found->count(command), count) << key;
  }
}

}  // namespace
}  // namespace escaped_reference
