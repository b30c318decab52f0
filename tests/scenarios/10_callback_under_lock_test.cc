#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"

namespace callback_under_lock {
namespace {

using drill::concurrently;
using redis::Record;

Record get(const std::string& key, std::uint64_t sequence = 1) {
  return {.connection = 1, .sequence = sequence, .command = "GET", .key = key};
}

// On the heap: a std::mutex on the stack ends without a word to the detector, which would take the
// next test's mutex at the same address for the same one.
auto make_collector() { return std::make_unique<Collector>(); }

TEST(CallbackUnderLock, FindsTheLatestRecordOfAKey) {
  const auto collector = make_collector();
  collector->add(get("user:1", 1));
  collector->add(get("user:1", 2));
  EXPECT_EQ(collector->find("user:1"), get("user:1", 2));
  EXPECT_EQ(collector->find("user:2"), std::nullopt);
}

TEST(CallbackUnderLock, AnObserverIsToldBeforeAddReturns) {
  const auto collector = make_collector();
  std::vector<Record> told;
  collector->subscribe([&](const Record& record) { told.push_back(record); });
  collector->add(get("user:1"));
  collector->add(get("user:2"));
  EXPECT_EQ(told, (std::vector{get("user:1"), get("user:2")}));
}

TEST(CallbackUnderLock, AnObserverIsToldOnlyOfWhatComesLater) {
  const auto collector = make_collector();
  int told = 0;
  collector->add(get("user:1"));
  collector->subscribe([&](const Record&) { ++told; });
  collector->add(get("user:2"));
  EXPECT_EQ(told, 1);
}

TEST(CallbackUnderLock, RecordsOfTwoThreadsAreBothTold) {
  const auto collector = make_collector();
  std::atomic<int> told = 0;  // Two threads add, so two may be telling.
  collector->subscribe([&](const Record&) { ++told; });
  concurrently([&] { collector->add(get("user:1")); }, [&] { collector->add(get("user:2")); });
  EXPECT_EQ(told, 2);
}

TEST(CallbackUnderLock, AnObserverIsToldTheRecordThatItsThreadAdded) {
  const auto collector = make_collector();
  std::atomic<std::uint64_t> sum = 0;
  collector->subscribe([&](const Record& record) { sum += record.sequence; });
  concurrently([&] { collector->add(get("user:1", 1)); },
               [&] { collector->add(get("user:1", 10)); });
  EXPECT_EQ(sum, 11u);
}

TEST(CallbackUnderLock, AnObserverCanSubscribeWhileARecordArrives) {
  const auto collector = make_collector();
  std::atomic<int> told = 0;
  collector->subscribe([&](const Record&) { ++told; });
  concurrently([&] { collector->add(get("user:1")); },
               [&] { collector->subscribe([&](const Record&) { told += 10; }); });
  EXPECT_TRUE(told == 1 || told == 11) << "told " << told;
}

TEST(CallbackUnderLock, AnObserverFindsTheRecordThatItIsToldOf) {
  const auto collector = make_collector();
  std::atomic<int> found = 0;
  collector->subscribe(
      [&](const Record& record) { found += collector->find(record.key) == record; });
  concurrently([&] { collector->add(get("user:1")); }, [&] { collector->add(get("user:2")); });
  EXPECT_EQ(found, 2);
}

TEST(CallbackUnderLock, TwoCollectorsMayWatchEachOther) {
  const auto one = make_collector();
  const auto other = make_collector();
  one->subscribe([&](const Record& record) { other->find(record.key); });
  other->subscribe([&](const Record& record) { one->find(record.key); });
  concurrently([&] { one->add(get("user:1")); }, [&] { other->add(get("user:2")); });
  EXPECT_TRUE(one->find("user:1") && other->find("user:2"));
}

TEST(CallbackUnderLock, AnObserverMayAddARecord) {
  const auto collector = make_collector();
  collector->subscribe([&](const Record& record) {
    if (record.key == "user:1") collector->add(get("seen:1"));
  });
  concurrently([&] { collector->add(get("user:1")); }, [&] { collector->find("seen:1"); });
  EXPECT_TRUE(collector->find("seen:1"));
}

TEST(CallbackUnderLock, ARecordThatAnObserverAddsIsToldToo) {
  const auto collector = make_collector();
  std::atomic<int> told = 0;
  collector->subscribe([&](const Record& record) {
    if (record.key == "user:1") collector->add(get("seen:1"));
    if (record.key == "seen:1") ++told;
  });
  concurrently([&] { collector->add(get("user:1")); }, [&] { collector->find("seen:1"); });
  EXPECT_EQ(told, 1);
}

TEST(CallbackUnderLock, ARecordThatAnObserverAddsIsToldBeforeThatAddReturns) {
  const auto collector = make_collector();
  std::atomic<int> told = 0;
  std::atomic<int> told_by_then = -1;
  collector->subscribe([&](const Record& record) {
    if (record.key == "seen:1") ++told;
    if (record.key != "user:1") return;
    collector->add(get("seen:1"));
    told_by_then = told.load();
  });
  concurrently([&] { collector->add(get("user:1")); }, [&] { collector->find("seen:1"); });
  EXPECT_EQ(told_by_then, 1);
}

TEST(CallbackUnderLock, WhoSubscribesWhileAnotherTellsIsToldOfWhatTheyAdd) {
  const auto collector = make_collector();
  std::atomic<int> told = 0;
  collector->subscribe([](const Record&) {});
  concurrently([&] { collector->add(get("user:1")); },
               [&] {
                 collector->subscribe([&](const Record& record) { told += record.sequence == 2; });
                 collector->add(get("user:2", 2));
                 EXPECT_EQ(told, 1);
               });
}

TEST(CallbackUnderLock, AnObserverMaySubscribeAnother) {
  const auto collector = make_collector();
  std::atomic<int> told = 0;
  collector->subscribe([&](const Record& record) {
    if (record.key == "user:1") collector->subscribe([&](const Record&) { ++told; });
  });
  collector->subscribe([&](const Record&) { told += 10; });
  concurrently([&] { collector->add(get("user:1")); }, [&] { collector->find("user:1"); });
  const int after_first = told;
  collector->add(get("user:2"));
  EXPECT_EQ(told - after_first, 11);
}

// Who subscribes may make room for it: whoever is being called meanwhile stays what he was.
TEST(CallbackUnderLock, ManyObserversAreTold) {
  constexpr int kObservers = 64;
  const auto collector = make_collector();
  int told = 0;
  for (int i = 1; i < kObservers; ++i) collector->subscribe([&](const Record&) { ++told; });
  const std::string kept = "what an observer holds does not fit into its std::function";
  collector->subscribe([&, kept](const Record& record) {
    if (record.key == "user:1") collector->subscribe([&](const Record&) { ++told; });
    if (kept.size() > 40) ++told;
  });
  collector->add(get("user:1"));
  const int after_first = told;
  EXPECT_GE(after_first, kObservers);
  collector->add(get("user:2"));
  EXPECT_EQ(told - after_first, kObservers + 1);
}

// Whatever holds the observers has to grow for some of those who come.
TEST(CallbackUnderLock, ManyObserversComeWhileManyAreTold) {
  constexpr int kBefore = 60;
  constexpr int kMore = 30;
  const auto collector = make_collector();
  int told = 0;  // By the one thread that adds.
  const auto subscribe = [&] { collector->subscribe([&](const Record&) { ++told; }); };
  for (int i = 0; i < kBefore; ++i) subscribe();
  concurrently([&] { collector->add(get("user:1")); },
               [&] {
                 for (int i = 0; i < kMore; ++i) subscribe();
               });
  EXPECT_GE(told, kBefore);
  EXPECT_LE(told, kBefore + kMore);
}

TEST(CallbackUnderLock, ARecordCanBeLookedUpWhileAnObserverRuns) {
  const auto collector = make_collector();
  std::latch looked_up(1);
  collector->subscribe([&](const Record&) { looked_up.wait(); });
  concurrently([&] { collector->add(get("user:1")); },
               [&] {
                 collector->find("user:1");
                 looked_up.count_down();
               });
  EXPECT_TRUE(collector->find("user:1"));
}

TEST(CallbackUnderLock, TwoWhoSubscribeAtOnceAreBothTold) {
  const auto collector = make_collector();
  std::atomic<int> told = 0;
  concurrently([&] { collector->subscribe([&](const Record&) { ++told; }); },
               [&] { collector->subscribe([&](const Record&) { ++told; }); });
  collector->add(get("user:1"));
  EXPECT_EQ(told, 2);
}

TEST(CallbackUnderLock, EachThreadsRecordIsToldBeforeItsAddReturns) {
  const auto collector = make_collector();
  std::atomic<bool> told[2] = {};
  collector->subscribe([&](const Record& record) { told[record.sequence - 1] = true; });
  concurrently(
      [&] {
        collector->add(get("user:1", 1));
        EXPECT_TRUE(told[0]);
      },
      [&] {
        collector->add(get("user:1", 2));
        EXPECT_TRUE(told[1]);
      });
}

TEST(CallbackUnderLock, AnObserverIsCalledByTheThreadThatAdds) {
  const auto collector = make_collector();
  thread_local int told = 0;
  collector->subscribe([](const Record&) { ++told; });
  const auto add_and_see = [&](const std::string& key) {
    told = 0;
    collector->add(get(key));
    EXPECT_EQ(told, 1) << key;
  };
  concurrently([&] { add_and_see("user:1"); }, [&] { add_and_see("user:2"); });
}

TEST(CallbackUnderLock, WhoHasSubscribedIsToldByWhoToldMeanwhile) {
  const auto collector = make_collector();
  std::atomic<int> told = 0;
  std::atomic<bool> subscribed = false;
  concurrently(
      [&] {
        collector->subscribe([&](const Record& record) { told += record.sequence == 2; });
        subscribed = true;
      },
      [&] {
        collector->add(get("user:1", 1));
        const bool there = subscribed;
        collector->add(get("user:1", 2));
        EXPECT_TRUE(!there || told == 1);
      });
}

TEST(CallbackUnderLock, LoadOfObserversThatComeWhileRecordsArrive) {
  constexpr int kObservers = 300;
  const auto collector = make_collector();
  std::atomic<int> told = 0;
  const auto subscribe = [&] { collector->subscribe([&](const Record&) { ++told; }); };
  subscribe();
  concurrently(
      [&] {
        for (int i = 0; i < 100; ++i) collector->add(get("user:1"));
      },
      [&] {
        for (int i = 0; i < kObservers; ++i) subscribe();
      });
  EXPECT_GE(told, 100);
}

TEST(CallbackUnderLock, LoadOfRecordsThatAreLookedUpWhenTold) {
  constexpr int kRecords = 2'000;
  const auto collector = make_collector();
  std::atomic<int> found = 0;
  collector->subscribe(
      [&](const Record& record) { found += collector->find(record.key) != std::nullopt; });
  const auto capture = [&](const std::string& key) {
    for (int i = 0; i < kRecords; ++i) collector->add(get(key + std::to_string(i % 100)));
  };
  concurrently([&] { capture("user:"); }, [&] { capture("user:"); }, [&] { capture("cart:"); });
  EXPECT_EQ(found, 3 * kRecords);
}

}  // namespace
}  // namespace callback_under_lock
