#include <gtest/gtest.h>

#include <string>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"
#include "redis/session.h"

namespace send_then_touch {
namespace {

using drill::concurrently;

// Long enough for memory of their own, and of one length, so that one fits where the other was.
const std::string kOne = "session:one:0123456789abcdef:items";
const std::string kOther = "session:two:fedcba9876543210:owner";

redis::Record get(const std::string& key) {
  return {.connection = 1, .sequence = 1, .command = "GET", .key = key};
}

TEST(SendThenTouch, NothingIsCountedAtFirst) {
  const Collector collector;
  EXPECT_EQ(collector.counts(), Counts{});
}

TEST(SendThenTouch, ARecordKeepsItsKeyWhenTheNextComes) {
  Collector collector;
  concurrently([&] { collector.add(get(kOne)); }, [&] { collector.counts(); },
               [&] { collector.add(get(kOther)); });
  EXPECT_EQ(collector.counts(), (Counts{{kOne, 1}, {kOther, 1}}));
}

TEST(SendThenTouch, CountsARecordThatIsGoneSinceItWasAdded) {
  Collector collector;
  concurrently([&] { collector.add(get(kOne)); }, [&] { collector.counts(); });
  EXPECT_EQ(collector.counts(), (Counts{{kOne, 1}}));
}

TEST(SendThenTouch, CountsARecordThatIsChangedAfterItWasAdded) {
  Collector collector;
  concurrently(
      [&] {
        auto record = get(kOne);
        collector.add(record);
        EXPECT_EQ(record.key, kOne);
        record.key.assign(kOther);
      },
      [&] { collector.counts(); });
  EXPECT_EQ(collector.counts(), (Counts{{kOne, 1}}));
}

TEST(SendThenTouch, TwoRecordsOfOneThreadKeepTheirKeys) {
  Collector collector;
  concurrently(
      [&] {
        collector.add(get(kOne));
        collector.add(get(kOther));
      },
      [&] { collector.counts(); });
  EXPECT_EQ(collector.counts(), (Counts{{kOne, 1}, {kOther, 1}}));
}

TEST(SendThenTouch, AShortKeyAfterALongOneIsWhole) {
  Collector collector;
  concurrently([&] { collector.add(get(kOne)); }, [&] { collector.add(get("k")); });
  EXPECT_EQ(collector.counts(), (Counts{{"k", 1}, {kOne, 1}}));
}

TEST(SendThenTouch, CountsOneKeyOfTwoThreads) {
  Collector collector;
  concurrently([&] { collector.add(get(kOne)); }, [&] { collector.add(get(kOne)); });
  EXPECT_EQ(collector.counts(), (Counts{{kOne, 2}}));
}

TEST(SendThenTouch, CountsAKeyThatIsEmpty) {
  Collector collector;
  concurrently([&] { collector.add(get("")); }, [&] { collector.add(get(kOne)); });
  EXPECT_EQ(collector.counts(), (Counts{{"", 1}, {kOne, 1}}));
}

// Redis's keys may be long, and hold any byte.
TEST(SendThenTouch, AKeyIsSentWholeToItsLastByte) {
  const std::string one = kOne + std::string(1'000, '\0') + "1";
  const std::string other = kOne + std::string(1'000, '\0') + "2";
  Collector collector;
  concurrently([&] { collector.add(get(one)); }, [&] { collector.add(get(other)); });
  EXPECT_EQ(collector.counts(), (Counts{{one, 1}, {other, 1}}));
}

TEST(SendThenTouch, CountsCanBeReadWhileARecordArrives) {
  Collector collector;
  collector.add(get(kOne));
  concurrently([&] { collector.add(get(kOther)); },
               [&] {
                 const auto counts = collector.counts();
                 const bool before = counts == Counts{{kOne, 1}};
                 EXPECT_TRUE(before || counts == (Counts{{kOne, 1}, {kOther, 1}}));
               });
}

TEST(SendThenTouch, AThreadFindsItsOwnRecordCounted) {
  Collector collector;
  const auto add_and_look = [&](const std::string& key) {
    collector.add(get(key));
    EXPECT_EQ(collector.counts()[key], 1u) << key;
  };
  concurrently([&] { add_and_look(kOne); }, [&] { add_and_look(kOther); });
}

TEST(SendThenTouch, CountsStayWhatTheyWere) {
  Collector collector;
  collector.add(get(kOne));
  const auto counts = collector.counts();
  concurrently([&] { collector.add(get(kOne)); }, [&] { EXPECT_EQ(counts, (Counts{{kOne, 1}})); });
  EXPECT_EQ(counts, (Counts{{kOne, 1}}));
}

TEST(SendThenTouch, TwoCollectorsCountApart) {
  Collector one;
  Collector other;
  concurrently([&] { one.add(get(kOne)); }, [&] { other.add(get(kOther)); });
  EXPECT_EQ(one.counts(), (Counts{{kOne, 1}}));
  EXPECT_EQ(other.counts(), (Counts{{kOther, 1}}));
}

TEST(SendThenTouch, LoadOfARecordedSession) {
  const auto& session = redis::recorded_session();
  const auto connections = redis::by_connection(session);
  Counts expected;
  for (const auto& record : session) ++expected[record.key];
  Collector collector;
  drill::Functions functions;
  for (const auto& records : connections) {
    functions.push_back([&collector, &records] {
      for (const auto& record : records) collector.add(record);
    });
  }
  functions.push_back([&collector] {
    for (int frame = 0; frame < 20; ++frame) collector.counts();
  });
  concurrently(functions);
  EXPECT_EQ(collector.counts(), expected);
}

}  // namespace
}  // namespace send_then_touch
