// Threads that wait for each other: conditions, semaphores, barriers, futexes, futures, time. A
// suite's name is the verdict that its tests must get.
#include <gtest/gtest.h>
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <stop_token>
#include <thread>

#include "tests/explore/programs/together.h"

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Mailbox {
  std::mutex mutex;
  std::condition_variable arrived;
  bool full = false;  // Guarded by mutex.
};

TEST(Pass, AConditionWithAPredicateMissesNothing) {
  Mailbox box;
  together(
      [&] {
        const std::lock_guard lock(box.mutex);
        box.full = true;
        box.arrived.notify_one();
      },
      [&] {
        std::unique_lock lock(box.mutex);
        box.arrived.wait(lock, [&] { return box.full; });
      });
}

TEST(LostWakeUpWithNoPreemption, AWaitWithoutAPredicate) {
  Mailbox box;
  together(
      [&] {
        const std::lock_guard lock(box.mutex);
        box.arrived.notify_one();
      },
      [&] {
        std::unique_lock lock(box.mutex);
        box.arrived.wait(lock);
      });
}

TEST(LostWakeUp, OneNotificationForTwoWhoWait) {
  Mailbox box;
  const auto wait = [&] {
    std::unique_lock lock(box.mutex);
    box.arrived.wait(lock, [&] { return box.full; });
  };
  together(wait, wait, [&] {
    const std::lock_guard lock(box.mutex);
    box.full = true;
    box.arrived.notify_one();
  });
}

TEST(Pass, AllAreNotified) {
  Mailbox box;
  const auto wait = [&] {
    std::unique_lock lock(box.mutex);
    box.arrived.wait(lock, [&] { return box.full; });
  };
  together(wait, wait, [&] {
    const std::lock_guard lock(box.mutex);
    box.full = true;
    box.arrived.notify_all();
  });
}

// The flag is set without the mutex, between the other's look and its wait.
TEST(LostWakeUpWithOnePreemption, AFlagSetOutsideOfTheMutex) {
  std::mutex mutex;
  std::condition_variable arrived;
  std::atomic<bool> full = false;
  together(
      [&] {
        std::unique_lock lock(mutex);
        while (!full) arrived.wait(lock);
      },
      [&] {
        full = true;
        arrived.notify_one();
      });
}

// The limit is meant never to pass: in tests, that is, not in a collector (--patience-seconds).
TEST(Pass, AWaitOfSecondsIsNotGivenUp) {
  Mailbox box;
  together(
      [&] {
        std::unique_lock lock(box.mutex);
        EXPECT_TRUE(box.arrived.wait_for(lock, std::chrono::seconds(5), [&] { return box.full; }));
      },
      [&] {
        const std::lock_guard lock(box.mutex);
        box.full = true;
        box.arrived.notify_one();
      });
}

TEST(WrongResult, AWaitForATimeAlwaysSucceeds) {
  Mailbox box;
  together(
      [&] {
        std::unique_lock lock(box.mutex);
        EXPECT_TRUE(box.arrived.wait_for(lock, milliseconds(100), [&] { return box.full; }));
      },
      [&] {
        const std::lock_guard lock(box.mutex);
        box.full = true;
        box.arrived.notify_one();
      });
}

TEST(WrongResult, AWaitForATimeNeverSucceedsOnceItWaits) {
  Mailbox box;
  together(
      [&] {
        std::unique_lock lock(box.mutex);
        if (box.full) return;
        EXPECT_EQ(box.arrived.wait_for(lock, milliseconds(100)), std::cv_status::timeout);
      },
      [&] {
        const std::lock_guard lock(box.mutex);
        box.full = true;
        box.arrived.notify_one();
      });
}

TEST(Pass, AWaitThatNobodyEndsTimesOut) {
  Mailbox box;
  const auto start = steady_clock::now();
  std::unique_lock lock(box.mutex);
  EXPECT_EQ(box.arrived.wait_until(lock, start + milliseconds(50)), std::cv_status::timeout);
  EXPECT_EQ(box.arrived.wait_until(lock, std::chrono::system_clock::now() + milliseconds(50)),
            std::cv_status::timeout);
  EXPECT_GE(steady_clock::now() - start, milliseconds(100));
  EXPECT_LT(steady_clock::now() - start, milliseconds(200));
}

TEST(Pass, AConditionOfAnyLockEndsWithItsStopToken) {
  std::mutex mutex;
  std::condition_variable_any arrived;
  bool stopped = false;
  std::jthread waiter([&](const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    stopped = !arrived.wait(lock, stop, [] { return false; });
  });
  waiter.request_stop();
  waiter.join();
  EXPECT_TRUE(stopped);
}

TEST(DeadlockWithNoPreemption, AConditionOfAnyLockThatNobodyStops) {
  std::mutex mutex;
  std::condition_variable_any arrived;
  std::jthread waiter([&](const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    arrived.wait(lock, stop, [] { return false; });
  });
  waiter.join();
}

TEST(Pass, ASemaphoreLetsInAsManyAsItHas) {
  sem_t semaphore;
  sem_init(&semaphore, 0, 1);
  int count = 0;
  const auto add = [&] {
    sem_wait(&semaphore);
    ++count;
    sem_post(&semaphore);
  };
  together(add, add);
  EXPECT_EQ(count, 2);
  int value = 0;
  sem_getvalue(&semaphore, &value);
  EXPECT_EQ(value, 1);
  EXPECT_EQ(sem_trywait(&semaphore), 0);
  EXPECT_EQ(sem_trywait(&semaphore), -1);
  timespec wall{};
  clock_gettime(CLOCK_REALTIME, &wall);
  EXPECT_EQ(sem_timedwait(&semaphore, &wall), -1);
  sem_destroy(&semaphore);
}

TEST(RaceWithOnePreemption, ASemaphoreThatLetsTwoIn) {
  sem_t semaphore;
  sem_init(&semaphore, 0, 2);
  int count = 0;
  const auto add = [&] {
    sem_wait(&semaphore);
    ++count;
    sem_post(&semaphore);
  };
  together(add, add);
  sem_destroy(&semaphore);
}

TEST(DeadlockWithNoPreemption, ASemaphoreThatNobodyPosts) {
  sem_t semaphore;
  sem_init(&semaphore, 0, 0);
  together([&] { sem_wait(&semaphore); }, [] {});
  sem_destroy(&semaphore);
}

TEST(Pass, ACountingSemaphoreBoundsWhoIsInside) {
  std::counting_semaphore<2> places(2);
  std::atomic<int> inside = 0;
  const auto visit = [&] {
    places.acquire();
    EXPECT_LE(++inside, 2);
    --inside;
    places.release();
  };
  together(visit, visit, visit);
}

TEST(Pass, ABarrierOrdersItsPhases) {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, 2);
  int values[2] = {0, 0};
  const auto work = [&](int own) {
    values[own] = 1;
    pthread_barrier_wait(&barrier);
    EXPECT_EQ(values[1 - own], 1);
  };
  together([&] { work(0); }, [&] { work(1); });
  pthread_barrier_destroy(&barrier);
}

TEST(DeadlockWithNoPreemption, ABarrierThatOneOfTwoNeverReaches) {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, nullptr, 2);
  together([&] { pthread_barrier_wait(&barrier); }, [] {});
}

TEST(Pass, ABarrierOfTheLibraryRunsItsCompletionOnce) {
  int completions = 0;
  std::barrier barrier(2, [&]() noexcept { ++completions; });
  const auto work = [&] {
    barrier.arrive_and_wait();
    EXPECT_EQ(completions, 1);
  };
  together(work, work);
}

TEST(Pass, ALatchOrdersWhatCameBefore) {
  std::latch ready(1);
  int value = 0;
  together(
      [&] {
        value = 1;
        ready.count_down();
      },
      [&] {
        ready.wait();
        EXPECT_EQ(value, 1);
      });
}

TEST(DeadlockWithNoPreemption, ALatchThatCountsTooFar) {
  std::latch ready(2);
  together([&] { ready.count_down(); }, [&] { ready.wait(); });
}

TEST(Pass, AnAtomicIsWaitedFor) {
  std::atomic<int> state = 0;
  int value = 0;
  together(
      [&] {
        value = 1;
        state.store(1, std::memory_order_release);
        state.notify_one();
      },
      [&] {
        state.wait(0, std::memory_order_acquire);
        EXPECT_EQ(value, 1);
      });
}

TEST(Deadlock, AnAtomicThatIsSetButNotNotified) {
  std::atomic<int> state = 0;
  together([&] { state = 1; }, [&] { state.wait(0); });
}

TEST(Pass, OnceIsOnce) {
  std::once_flag once;
  int made = 0;
  const auto make = [&] {
    std::call_once(once, [&] { ++made; });
    EXPECT_EQ(made, 1);
  };
  together(make, make);
}

TEST(Pass, OnceIsTriedAgainAfterAnException) {
  std::once_flag once;
  int tries = 0;
  std::atomic<int> thrown = 0;
  const auto make = [&] {
    try {
      std::call_once(once, [&] {
        if (++tries == 1) throw std::runtime_error("not yet");
      });
    } catch (const std::runtime_error&) {
      ++thrown;
    }
  };
  together(make, make);
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(thrown, 1);
}

int make_slowly() {
  static const int value = [] {
    std::this_thread::yield();
    return 42;
  }();
  return value;
}

TEST(Pass, AStaticLocalIsMadeOnce) {
  together([] { EXPECT_EQ(make_slowly(), 42); }, [] { EXPECT_EQ(make_slowly(), 42); });
}

TEST(Pass, APromiseIsKept) {
  std::promise<int> promise;
  auto future = promise.get_future();
  together([&] { promise.set_value(7); }, [&] { EXPECT_EQ(future.get(), 7); });
}

TEST(DeadlockWithNoPreemption, APromiseThatIsNeitherKeptNorBroken) {
  std::promise<int> promise;
  auto future = promise.get_future();
  together([&] { future.wait(); });
}

TEST(Pass, AnExceptionTravelsInAFuture) {
  auto future = std::async(std::launch::async, []() -> int { throw std::runtime_error("far"); });
  EXPECT_THROW(future.get(), std::runtime_error);
}

TEST(Pass, APackagedTaskGivesItsResult) {
  std::packaged_task<int(int)> task([](int x) { return x + 1; });
  auto future = task.get_future();
  std::thread worker(std::move(task), 1);
  EXPECT_EQ(future.get(), 2);
  worker.join();
}

TEST(WrongResult, AFutureIsAlwaysReadyInTime) {
  std::promise<int> promise;
  auto future = promise.get_future();
  together([&] { promise.set_value(7); },
           [&] { EXPECT_EQ(future.wait_for(milliseconds(50)), std::future_status::ready); });
}

TEST(Pass, SleepingTakesVirtualTimeOnly) {
  const auto start = steady_clock::now();
  std::this_thread::sleep_for(std::chrono::hours(1));
  EXPECT_GE(steady_clock::now() - start, std::chrono::hours(1));
  EXPECT_LT(steady_clock::now() - start, std::chrono::hours(2));
}

TEST(RaceWithNoPreemption, ASleepOrdersNothing) {
  int value = 0;
  together([&] { value = 1; },
           [&] {
             std::this_thread::sleep_for(milliseconds(100));
             EXPECT_EQ(value, 1);
           });
}

TEST(WrongResult, ASleepIsLongEnoughForTheOther) {
  std::atomic<int> value = 0;
  together([&] { value = 1; },
           [&] {
             std::this_thread::sleep_for(milliseconds(100));
             EXPECT_EQ(value, 1);
           });
}

}  // namespace
