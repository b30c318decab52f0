#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "collector.h"
#include "drill/drill.h"
#include "redis/record.h"

namespace lock_order {
namespace {

using drill::concurrently;

redis::Record get(const std::string& key) {
  return {.connection = 1, .sequence = 1, .command = "GET", .key = key};
}

// Collectors live on the heap here. A std::mutex on the stack ends without a word to the detector,
// which would take the next test's mutex at the same address for the same one, order and all.
auto make_collector() { return std::make_unique<Collector>(); }

TEST(LockOrder, CountsTheRequestsOfEachKey) {
  const auto collector = make_collector();
  collector->add(get("user:1"));
  collector->add(get("user:2"));
  collector->add(get("user:1"));
  EXPECT_EQ(collector->requests("user:1"), 2u);
  EXPECT_EQ(collector->requests("user:2"), 1u);
  EXPECT_EQ(collector->requests("user:3"), 0u);
}

TEST(LockOrder, AMergeAddsWhatTheOtherCounted) {
  const auto one = make_collector();
  const auto other = make_collector();
  one->add(get("user:1"));
  other->add(get("user:1"));
  other->add(get("user:2"));
  one->merge(*other);
  EXPECT_EQ(one->requests("user:1"), 2u);
  EXPECT_EQ(one->requests("user:2"), 1u);
}

TEST(LockOrder, AMergeLeavesTheOtherEmpty) {
  const auto one = make_collector();
  const auto other = make_collector();
  other->add(get("user:1"));
  one->merge(*other);
  EXPECT_EQ(other->requests("user:1"), 0u);
}

TEST(LockOrder, TheOtherCountsOnAfterAMerge) {
  const auto one = make_collector();
  const auto other = make_collector();
  one->merge(*other);
  other->add(get("user:1"));
  one->merge(*other);
  EXPECT_EQ(one->requests("user:1"), 1u);
}

TEST(LockOrder, MergingIntoItselfKeepsItsCounts) {
  const auto collector = make_collector();
  collector->add(get("user:1"));
  concurrently([&] { collector->merge(*collector); }, [&] { collector->requests("user:1"); });
  EXPECT_EQ(collector->requests("user:1"), 1u);
}

TEST(LockOrder, MergingCrosswiseLosesNothing) {
  const auto one = make_collector();
  const auto other = make_collector();
  one->add(get("user:1"));
  other->add(get("user:1"));
  concurrently([&] { one->merge(*other); }, [&] { other->merge(*one); });
  EXPECT_EQ(one->requests("user:1") + other->requests("user:1"), 2u);
}

TEST(LockOrder, MergingCrosswiseLosesNothingWhicheverTwoOfThree) {
  const auto one = make_collector();
  const auto between = make_collector();
  const auto other = make_collector();
  one->add(get("user:1"));
  concurrently([&] { one->merge(*other); }, [&] { other->merge(*one); });
  EXPECT_EQ(one->requests("user:1") + other->requests("user:1"), 1u);
}

TEST(LockOrder, MergingCrosswiseLosesNothingWhoeverMadeThem) {
  std::unique_ptr<Collector> one;
  std::unique_ptr<Collector> other;
  concurrently([&] { one = make_collector(); }, [&] { other = make_collector(); });
  one->add(get("user:1"));
  concurrently([&] { one->merge(*other); }, [&] { other->merge(*one); });
  EXPECT_EQ(one->requests("user:1") + other->requests("user:1"), 1u);
}

TEST(LockOrder, MergingInARingLosesNothing) {
  const auto first = make_collector();
  const auto second = make_collector();
  const auto third = make_collector();
  for (const auto& each : {first.get(), second.get(), third.get()}) each->add(get("user:1"));
  concurrently([&] { first->merge(*second); }, [&] { second->merge(*third); },
               [&] { third->merge(*first); });
  EXPECT_EQ(first->requests("user:1") + second->requests("user:1") + third->requests("user:1"), 3u);
}

TEST(LockOrder, ARecordThatArrivesInTheOtherIsCounted) {
  const auto one = make_collector();
  const auto other = make_collector();
  other->add(get("user:1"));
  concurrently([&] { one->merge(*other); }, [&] { other->add(get("user:1")); });
  EXPECT_EQ(one->requests("user:1") + other->requests("user:1"), 2u);
}

TEST(LockOrder, ARecordThatArrivesInTheMergingIsCounted) {
  const auto one = make_collector();
  const auto other = make_collector();
  other->add(get("user:1"));
  concurrently([&] { one->merge(*other); }, [&] { one->add(get("user:1")); });
  EXPECT_EQ(one->requests("user:1"), 2u);
}

TEST(LockOrder, TwoMergesOfOneCollectorTakeItOnce) {
  const auto one = make_collector();
  const auto two = make_collector();
  const auto other = make_collector();
  other->add(get("user:1"));
  concurrently([&] { one->merge(*other); }, [&] { two->merge(*other); });
  EXPECT_EQ(one->requests("user:1") + two->requests("user:1"), 1u);
}

TEST(LockOrder, CountsCanBeReadDuringAMerge) {
  const auto one = make_collector();
  const auto other = make_collector();
  one->add(get("user:1"));
  other->add(get("user:1"));
  concurrently([&] { one->merge(*other); },
               [&] {
                 const auto seen = one->requests("user:1");
                 EXPECT_TRUE(seen == 1 || seen == 2) << "requests(): " << seen;
               });
  EXPECT_EQ(one->requests("user:1"), 2u);
}

// A merge must not give up because somebody holds the other's lock.
TEST(LockOrder, AMergeTakesAllThatWasCountedBefore) {
  const auto one = make_collector();
  const auto other = make_collector();
  other->add(get("user:1"));
  concurrently([&] { one->merge(*other); }, [&] { other->requests("user:1"); });
  EXPECT_EQ(one->requests("user:1"), 1u);
}

TEST(LockOrder, CollectorsAreMadeOnTwoThreads) {
  const auto merged = [] {
    const auto one = make_collector();
    const auto other = make_collector();
    one->add(get("user:1"));
    other->add(get("user:1"));
    one->merge(*other);
    EXPECT_EQ(one->requests("user:1"), 2u);
  };
  concurrently(merged, merged);
}

// An order by number has to tell any two apart, however many were made.
TEST(LockOrder, LoadOfMergesAfterManyCollectors) {
  for (const int between : {3, 7, 15, 255}) {
    const auto one = make_collector();
    for (int i = 0; i < between; ++i) make_collector();
    const auto other = make_collector();
    one->add(get("user:1"));
    other->add(get("user:1"));
    concurrently([&] { one->merge(*other); }, [&] { other->merge(*one); });
    EXPECT_EQ(one->requests("user:1") + other->requests("user:1"), 2u);
  }
}

TEST(LockOrder, LoadOfMergesHoweverManyLieBetween) {
  constexpr int kCollectors = 260;
  std::vector<std::unique_ptr<Collector>> all;
  for (int i = 0; i < kCollectors; ++i) {
    all.push_back(make_collector());
    all.back()->add(get("user:1"));
  }
  concurrently(
      [&] {
        for (int i = 1; i < kCollectors; ++i) all[0]->merge(*all[static_cast<std::size_t>(i)]);
      },
      [] {});
  EXPECT_EQ(all[0]->requests("user:1"), static_cast<std::uint64_t>(kCollectors));
}

TEST(LockOrder, LoadOfMergesInARing) {
  constexpr int kRounds = 2'000;
  const auto first = make_collector();
  const auto second = make_collector();
  const auto third = make_collector();
  const auto add_and_merge = [](Collector& own, Collector& next) {
    for (int i = 0; i < kRounds; ++i) {
      own.add(get("user:1"));
      own.merge(next);
    }
  };
  concurrently([&] { add_and_merge(*first, *second); }, [&] { add_and_merge(*second, *third); },
               [&] { add_and_merge(*third, *first); });
  EXPECT_EQ(first->requests("user:1") + second->requests("user:1") + third->requests("user:1"),
            3u * kRounds);
}

}  // namespace
}  // namespace lock_order
