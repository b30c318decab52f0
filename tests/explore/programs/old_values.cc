// Loads that find a value which is not the latest, and orders that rule that out: the litmus tests
// of the C++20 memory model, as named by Maranget, Sarkar and Sewell ("A Tutorial Introduction to
// the ARM and POWER Relaxed Memory Models", 2012), and what is built of them.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "tests/explore/programs/together.h"

namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kAcquire = std::memory_order_acquire;
constexpr auto kRelease = std::memory_order_release;
constexpr auto kSequential = std::memory_order_seq_cst;

using Atomic = std::atomic<int>;

// MP: who sees the flag does not see the data.
void pass_message(std::memory_order store, std::memory_order load) {
  Atomic data = 0;
  Atomic flag = 0;
  together(
      [&] {
        data.store(1, kRelaxed);
        flag.store(1, store);
      },
      [&] {
        if (flag.load(load) == 1) {
          EXPECT_EQ(data.load(kRelaxed), 1);
        }
      });
}

TEST(WrongResultWithOnePreemption, AMessageWithoutOrder) { pass_message(kRelaxed, kRelaxed); }
TEST(WrongResultWithOnePreemption, AMessageThatIsOnlyReleased) { pass_message(kRelease, kRelaxed); }
TEST(WrongResultWithOnePreemption, AMessageThatIsOnlyAcquired) { pass_message(kRelaxed, kAcquire); }
TEST(Pass, AMessage) { pass_message(kRelease, kAcquire); }
TEST(Pass, AMessageInOneOrderOfAll) { pass_message(kSequential, kSequential); }

TEST(Pass, AMessageBetweenFences) {
  Atomic data = 0;
  Atomic flag = 0;
  together(
      [&] {
        data.store(1, kRelaxed);
        std::atomic_thread_fence(kRelease);
        flag.store(1, kRelaxed);
      },
      [&] {
        if (flag.load(kRelaxed) == 0) return;
        std::atomic_thread_fence(kAcquire);
        EXPECT_EQ(data.load(kRelaxed), 1);
      });
}

TEST(Pass, AMessageBehindAMutex) {
  std::mutex mutex;
  Atomic data = 0;
  bool sent = false;
  together(
      [&] {
        data.store(1, kRelaxed);
        const std::lock_guard lock(mutex);
        sent = true;
      },
      [&] {
        const std::lock_guard lock(mutex);
        if (sent) {
          EXPECT_EQ(data.load(kRelaxed), 1);
        }
      });
}

TEST(Pass, WhatWasStoredBeforeTheJoin) {
  Atomic data = 0;
  std::thread thread([&] { data.store(1, kRelaxed); });
  thread.join();
  EXPECT_EQ(data.load(kRelaxed), 1);
}

// SB: both look before either's store is seen.
template <class Between>
void look_at_each_other(std::memory_order store, std::memory_order load, Between between) {
  Atomic one = 0;
  Atomic other = 0;
  int seen_by_one = 1;
  int seen_by_other = 1;
  together(
      [&] {
        one.store(1, store);
        between();
        seen_by_one = other.load(load);
      },
      [&] {
        other.store(1, store);
        between();
        seen_by_other = one.load(load);
      });
  EXPECT_EQ(seen_by_one + seen_by_other > 0, true);
}

constexpr auto kNothing = [] {};

TEST(WrongResultWithOnePreemption, TwoWhoAnnounceWithReleaseAndLookWithAcquire) {
  look_at_each_other(kRelease, kAcquire, kNothing);
}
TEST(WrongResultWithOnePreemption, TwoWhoAnnounceAndLookWithAcquire) {
  look_at_each_other(kSequential, kAcquire, kNothing);
}
TEST(Pass, TwoWhoAnnounceAndLookInOneOrderOfAll) {
  look_at_each_other(kSequential, kSequential, kNothing);
}
TEST(Pass, TwoWhoAnnounceAndLookBehindAFence) {
  look_at_each_other(kRelaxed, kRelaxed, [] { std::atomic_thread_fence(kSequential); });
}

// CoRR, CoWR: one place has one order.
TEST(Pass, NobodyFindsTheOldAfterTheNew) {
  Atomic data = 0;
  together([&] { data.store(1, kRelaxed); },
           [&] {
             const int first = data.load(kRelaxed);
             EXPECT_GE(data.load(kRelaxed), first);
           });
}

TEST(Pass, OnesOwnStoreIsFound) {
  Atomic data = 0;
  together([&] { data.store(1, kRelaxed); },
           [&] {
             data.store(2, kRelaxed);
             EXPECT_NE(data.load(kRelaxed), 0);
           });
}

TEST(Pass, NobodyIsToldOfTheNewAndFindsTheOld) {
  Atomic data = 0;
  Atomic told = 0;
  together([&] { data.store(1, kRelaxed); }, [&] { told.store(data.load(kRelaxed), kRelease); },
           [&] {
             if (told.load(kAcquire) == 1) {
               EXPECT_EQ(data.load(kRelaxed), 1);
             }
           });
}

TEST(Pass, AnExchangeFindsTheLatest) {
  Atomic data = 0;
  const auto add = [&] { data.fetch_add(1, kRelaxed); };
  together(add, add);
  EXPECT_EQ(data.load(kRelaxed), 2);
}

TEST(Pass, WhoLooksAgainFindsItInTheEnd) {
  Atomic data = 0;
  together([&] { data.store(1, kRelaxed); },
           [&] {
             while (data.load(kRelaxed) == 0) std::this_thread::yield();
           });
}

// IRIW: two who look do not agree on what came first.
void look_in_turn(std::memory_order load) {
  Atomic one = 0;
  Atomic other = 0;
  int only_one = 0;
  int only_other = 0;
  together([&] { one.store(1, kSequential); }, [&] { other.store(1, kSequential); },
           [&] { only_one = one.load(load) == 1 && other.load(load) == 0; },
           [&] { only_other = other.load(load) == 1 && one.load(load) == 0; });
  EXPECT_EQ(only_one + only_other < 2, true);
}

TEST(WrongResult, TwoWhoLookDoNotAgree) { look_in_turn(kAcquire); }
TEST(Pass, TwoWhoLookAgreeInOneOrderOfAll) { look_in_turn(kSequential); }

// RWC: a third has seen one and not the other, in the order of all.
template <class Between>
void look_for_a_third(std::memory_order look, Between between) {
  Atomic one = 0;
  Atomic other = 0;
  int only_one = 0;
  int missed_one = 0;
  together([&] { one.store(1, kRelease); },
           [&] {
             const int first = one.load(look);
             between();
             only_one = first == 1 && other.load(look) == 0;
           },
           [&] {
             other.store(1, kSequential);
             missed_one = one.load(kSequential) == 0;
           });
  EXPECT_EQ(only_one + missed_one < 2, true);
}

TEST(Pass, AThirdWhoLooksInTheOrderOfAll) { look_for_a_third(kSequential, kNothing); }
TEST(Pass, AThirdWhoLooksAroundAFence) {
  look_for_a_third(kRelaxed, [] { std::atomic_thread_fence(kSequential); });
}

TEST(Pass, AFenceThatOneIsToldOf) {
  Atomic one = 0;
  Atomic other = 0;
  Atomic told = 0;
  int missed_other = 0;
  int missed_one = 0;
  together(
      [&] {
        one.store(1, kSequential);
        missed_other = other.load(kSequential) == 0;
      },
      [&] {
        other.store(1, kRelaxed);
        std::atomic_thread_fence(kSequential);
        told.store(1, kRelease);
      },
      [&] { missed_one = told.load(kAcquire) == 1 && one.load(kRelaxed) == 0; });
  EXPECT_EQ(missed_other + missed_one < 2, true);
}

// A sequence lock of atomics. (Boehm, "Can Seqlocks Get Along With Programming Language Memory
// Models?", MSPC 2012.)
class Pair {
 public:
  explicit Pair(bool ordered) : ordered_(ordered) {}
  void set(int value) {
    version_.fetch_add(1, kRelaxed);
    if (ordered_) std::atomic_thread_fence(kRelease);
    first_.store(value, kRelaxed);
    second_.store(value, kRelaxed);
    version_.fetch_add(1, ordered_ ? kRelease : kRelaxed);
  }
  bool is_whole() const {
    for (;;) {
      const int version = version_.load(ordered_ ? kAcquire : kRelaxed);
      const int first = first_.load(kRelaxed);
      const int second = second_.load(kRelaxed);
      if (ordered_) std::atomic_thread_fence(kAcquire);
      if (version % 2 == 0 && version_.load(kRelaxed) == version) return first == second;
      std::this_thread::yield();
    }
  }

 private:
  const bool ordered_;
  Atomic version_ = 0;
  Atomic first_ = 0;
  Atomic second_ = 0;
};

TEST(WrongResult, ASequenceLockWithoutOrder) {
  Pair pair(false);
  together([&] { pair.set(1); }, [&] { EXPECT_TRUE(pair.is_whole()); });
}

TEST(Pass, ASequenceLock) {
  Pair pair(true);
  together([&] { pair.set(1); }, [&] { EXPECT_TRUE(pair.is_whole()); });
}

}  // namespace
