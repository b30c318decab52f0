#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "collector.h"
#include "drill/drill.h"
#include "drill/load.h"
#include "redis/record.h"
#include "redis/session.h"

namespace append_and_trim {
namespace {

using drill::concurrently;

redis::Record nth(std::uint32_t connection, std::uint64_t sequence) {
  return {.connection = connection,
          .sequence = sequence,
          .command = "LPUSH",
          .key = "list:1",
          .request_bytes = sequence,
          .response_bytes = sequence};
}

// What a reader saw, as "connection * 100 + sequence", newest last.
template <class Records>
std::vector<std::uint64_t> names(const Records& records) {
  std::vector<std::uint64_t> names;
  for (const redis::Record& record : records) {
    names.push_back(record.connection * 100 + record.sequence);
  }
  return names;
}

using Names = std::vector<std::uint64_t>;

TEST(AppendAndTrim, StartsEmpty) {
  const Collector collector;
  EXPECT_EQ(names(collector.recent()), Names{});
}

TEST(AppendAndTrim, KeepsAHundredByDefault) {
  Collector collector;
  for (std::uint64_t sequence = 1; sequence <= 101; ++sequence) collector.add(nth(1, sequence));
  const auto seen = names(collector.recent());
  ASSERT_EQ(seen.size(), 100u);
  EXPECT_EQ(seen.front(), 102u);
  EXPECT_EQ(seen.back(), 201u);
}

TEST(AppendAndTrim, RecentCanBeReadWhileARecordArrives) {
  Collector collector(4);
  collector.add(nth(1, 1));
  concurrently([&] { collector.add(nth(1, 2)); },
               [&] {
                 const auto seen = names(collector.recent());
                 EXPECT_TRUE(seen == Names{101} || seen == (Names{101, 102}));
               });
}

TEST(AppendAndTrim, RecordsOfTwoThreadsComeOnceEach) {
  Collector collector(4);
  concurrently([&] { collector.add(nth(1, 1)); }, [&] { collector.add(nth(2, 1)); });
  auto seen = names(collector.recent());
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, (Names{101, 201}));
}

TEST(AppendAndTrim, TheNewestIsLast) {
  Collector collector(4);
  collector.add(nth(2, 1));
  concurrently([&] { collector.add(nth(1, 1)); }, [&] { collector.recent(); });
  EXPECT_EQ(names(collector.recent()), (Names{201, 101}));
}

TEST(AppendAndTrim, AConnectionStaysInOrder) {
  Collector collector(4);
  concurrently(
      [&] {
        collector.add(nth(1, 1));
        collector.add(nth(1, 2));
      },
      [&] { collector.add(nth(2, 1)); });
  const auto seen = names(collector.recent());
  ASSERT_EQ(seen.size(), 3u);
  const auto place = [&](std::uint64_t name) { return std::find(seen.begin(), seen.end(), name); };
  EXPECT_LT(place(101), place(102));
  EXPECT_NE(place(102), seen.end());
}

TEST(AppendAndTrim, TheCapHoldsWheneverOneLooks) {
  Collector collector(2);
  collector.add(nth(1, 1));
  collector.add(nth(1, 2));
  concurrently([&] { collector.add(nth(1, 3)); },
               [&] {
                 const auto seen = names(collector.recent());
                 EXPECT_TRUE(seen == (Names{101, 102}) || seen == (Names{102, 103}))
                     << "recent() had " << seen.size() << " records";
               });
}

TEST(AppendAndTrim, AReaderMayBeOvertakenTwice) {
  Collector collector(1);
  collector.add(nth(1, 1));
  concurrently(
      [&] {
        collector.add(nth(1, 2));
        collector.add(nth(1, 3));
      },
      [&] { EXPECT_EQ(names(collector.recent()).size(), 1u); });
}

// However often it tries again.
TEST(AppendAndTrim, AReaderMayBeOvertakenTwentyTimes) {
  Collector collector(2);
  collector.add(nth(1, 1));
  collector.add(nth(1, 2));
  concurrently(
      [&] {
        for (std::uint64_t sequence = 3; sequence <= 22; ++sequence)
          collector.add(nth(1, sequence));
      },
      [&] {
        const auto seen = names(collector.recent());
        ASSERT_EQ(seen.size(), 2u);
        EXPECT_EQ(seen[1], seen[0] + 1);
      });
}

TEST(AppendAndTrim, TheOldestGo) {
  Collector collector(2);
  collector.add(nth(1, 1));
  collector.add(nth(2, 1));
  concurrently([&] { collector.add(nth(1, 2)); }, [&] { collector.add(nth(2, 2)); });
  auto seen = names(collector.recent());
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, (Names{102, 202}));
}

TEST(AppendAndTrim, WhatOneGotStaysWhatItWas) {
  Collector collector(2);
  collector.add(nth(1, 1));
  collector.add(nth(1, 2));
  const auto& got = collector.recent();
  concurrently([&] { collector.add(nth(1, 3)); },
               [&] {
                 EXPECT_EQ(names(got), (Names{101, 102}));
               });
  collector.recent();
  EXPECT_EQ(names(got), (Names{101, 102}));
}

TEST(AppendAndTrim, AThreadSeesItsOwnRecord) {
  Collector collector(4);
  const auto add_and_look = [&](std::uint32_t connection) {
    collector.add(nth(connection, 1));
    const auto seen = names(collector.recent());
    EXPECT_EQ(std::count(seen.begin(), seen.end(), connection * 100 + 1), 1);
  };
  concurrently([&] { add_and_look(1); }, [&] { add_and_look(2); });
}

TEST(AppendAndTrim, RecordsArriveWhole) {
  Collector collector(1);
  collector.add(nth(1, 1));
  concurrently([&] { collector.add(nth(2, 2)); },
               [&] {
                 for (const redis::Record& record : collector.recent()) {
                   EXPECT_TRUE(record == nth(1, 1) || record == nth(2, 2));
                 }
               });
}

TEST(AppendAndTrim, TwoReadersAndAWriterGetAlong) {
  Collector collector(1);
  collector.add(nth(1, 1));
  const auto look = [&] { EXPECT_EQ(names(collector.recent()).size(), 1u); };
  concurrently([&] { collector.add(nth(1, 2)); }, look, look);
  EXPECT_EQ(names(collector.recent()), Names{102});
}

TEST(AppendAndTrim, TwoCollectorsKeepApart) {
  Collector one(4);
  Collector other(4);
  concurrently([&] { one.add(nth(1, 1)); }, [&] { other.add(nth(2, 1)); });
  EXPECT_EQ(names(one.recent()), Names{101});
  EXPECT_EQ(names(other.recent()), Names{201});
}

TEST(AppendAndTrim, TwoWhoFillTheLastPlaceKeepTheCap) {
  Collector collector(2);
  collector.add(nth(1, 1));
  concurrently([&] { collector.add(nth(2, 1)); }, [&] { collector.add(nth(3, 1)); });
  EXPECT_EQ(names(collector.recent()).size(), 2u);
}

TEST(AppendAndTrim, TheOldestGoesFirstWhileTwoArrive) {
  Collector collector(2);
  collector.add(nth(1, 1));
  collector.add(nth(1, 2));
  const auto add_and_look = [&](std::uint32_t connection) {
    collector.add(nth(connection, 1));
    for (const auto name : names(collector.recent())) EXPECT_NE(name, 101u) << "outlived 102";
  };
  concurrently([&] { add_and_look(2); }, [&] { add_and_look(3); });
}

TEST(AppendAndTrim, WhatWasSeenLastGoesLast) {
  Collector collector(2);
  concurrently([&] { collector.add(nth(1, 1)); }, [&] { collector.add(nth(2, 1)); });
  const auto before = names(collector.recent());
  collector.add(nth(3, 1));
  const auto after = names(collector.recent());
  ASSERT_EQ(before.size(), 2u);
  EXPECT_EQ(after, (Names{before[1], 301}));
}

TEST(AppendAndTrim, TheNewestIsLastWhateverItsNumber) {
  Collector collector;
  collector.add(nth(2, 5));
  collector.add(nth(1, 1));
  EXPECT_EQ(names(collector.recent()), (Names{205, 101}));
}

TEST(AppendAndTrim, LoadOfARecordedSessionEndsInItsNewestHundred) {
  const auto& session = redis::recorded_session();
  Collector collector;
  drill::play(
      session, [&](const redis::Record& record) { collector.add(record); },
      [&](const redis::Record&) { EXPECT_LE(names(collector.recent()).size(), 100u); });
  // Sequence, by connection, whose numbers begin with 1.
  std::vector<std::uint64_t> last(redis::by_connection(session).size() + 1);
  std::size_t count = 0;
  for (const redis::Record& record : collector.recent()) {
    ASSERT_LT(record.connection, last.size());
    EXPECT_LT(last[record.connection], record.sequence) << "connection " << record.connection;
    last[record.connection] = record.sequence;
    ++count;
  }
  EXPECT_EQ(count, 100u);
}

}  // namespace
}  // namespace append_and_trim
