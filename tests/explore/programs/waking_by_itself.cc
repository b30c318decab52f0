// Waits that end though nobody has notified: spurious wake-ups.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "tests/explore/programs/together.h"

namespace {

using namespace std::chrono_literals;

struct Mailbox {
  std::mutex mutex;
  std::condition_variable arrived;
  bool full = false;  // Guarded by mutex.

  void fill() {
    const std::lock_guard lock(mutex);
    full = true;
    arrived.notify_one();
  }
};

TEST(WrongResultWithOnePreemption, AnIfInsteadOfALoop) {
  Mailbox box;
  together([&] { box.fill(); },
           [&] {
             std::unique_lock lock(box.mutex);
             if (!box.full) box.arrived.wait(lock);
             EXPECT_TRUE(box.full);
           });
}

TEST(WrongResultWithOnePreemption, NotTimedOutIsNotNotified) {
  Mailbox box;
  together([&] { box.fill(); },
           [&] {
             std::unique_lock lock(box.mutex);
             if (box.full) return;
             if (box.arrived.wait_for(lock, 1h) == std::cv_status::no_timeout) {
               EXPECT_TRUE(box.full);
             }
           });
}

TEST(WrongResultWithOnePreemption, AnIfBeforeAConditionVariableAny) {
  std::mutex mutex;
  std::condition_variable_any arrived;
  bool full = false;
  together(
      [&] {
        const std::lock_guard lock(mutex);
        full = true;
        arrived.notify_one();
      },
      [&] {
        std::unique_lock lock(mutex);
        if (!full) arrived.wait(lock);
        EXPECT_TRUE(full);
      });
}

TEST(Pass, ALoopAsksAgain) {
  Mailbox box;
  together([&] { box.fill(); },
           [&] {
             std::unique_lock lock(box.mutex);
             while (!box.full) box.arrived.wait(lock);
             EXPECT_TRUE(box.full);
           });
}

TEST(Pass, APredicateIsALoop) {
  Mailbox box;
  together([&] { box.fill(); },
           [&] {
             std::unique_lock lock(box.mutex);
             EXPECT_TRUE(box.arrived.wait_for(lock, 1h, [&] { return box.full; }) || !box.full);
           });
}

TEST(Pass, AStopTokenWakesInALoopToo) {
  std::mutex mutex;
  std::condition_variable_any arrived;
  std::jthread waits([&](const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    EXPECT_FALSE(arrived.wait(lock, stop, [] { return false; }));
    EXPECT_TRUE(stop.stop_requested());
  });
}

// Whoever wakes by itself takes no notification: the other one still gets it.
TEST(Pass, ANotificationIsNotTakenByWhoWokeByItself) {
  Mailbox box;
  bool taken = false;
  const auto take = [&] {
    std::unique_lock lock(box.mutex);
    while (!box.full) box.arrived.wait(lock);
    box.full = false;
    taken = true;
  };
  together([&] { box.fill(); }, take);
  EXPECT_TRUE(taken);
}

// That nobody is ever notified is a deadlock still: a wait need not wake by itself.
TEST(DeadlockWithNoPreemption, NobodyNotifies) {
  Mailbox box;
  together([] {},
           [&] {
             std::unique_lock lock(box.mutex);
             box.arrived.wait(lock);
           });
}

}  // namespace
