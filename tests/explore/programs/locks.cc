// Locks of every kind, used rightly and wrongly. A suite's name is the verdict that its tests must
// get, and, where it says so, with how many preemptions.
#include <errno.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <shared_mutex>

#include "tests/explore/programs/together.h"

namespace {

using std::chrono::milliseconds;

// A pthread mutex of a kind.
class Mutex {
 public:
  explicit Mutex(int kind) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, kind);
    pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~Mutex() { pthread_mutex_destroy(&mutex_); }
  pthread_mutex_t* get() { return &mutex_; }

 private:
  pthread_mutex_t mutex_;
};

timespec soon(clockid_t clock) {
  timespec at{};
  clock_gettime(clock, &at);
  at.tv_nsec += 100'000'000;
  if (at.tv_nsec >= 1'000'000'000) {
    ++at.tv_sec;
    at.tv_nsec -= 1'000'000'000;
  }
  return at;
}

TEST(Pass, AMutexOrdersItsSections) {
  std::mutex mutex;
  int count = 0;
  const auto add = [&] {
    const std::lock_guard lock(mutex);
    ++count;
  };
  together(add, add, add);
  EXPECT_EQ(count, 3);
}

TEST(RaceWithNoPreemption, ACountWithoutALock) {
  int count = 0;
  together([&] { ++count; }, [&] { ++count; });
}

TEST(RaceWithNoPreemption, TwoMutexesForOneCount) {
  std::mutex one;
  std::mutex other;
  int count = 0;
  together(
      [&] {
        const std::lock_guard lock(one);
        ++count;
      },
      [&] {
        const std::lock_guard lock(other);
        ++count;
      });
}

// A lucky order of the lock's sections orders the accesses as well; another does not.
TEST(Race, AnAccessBeforeTheLockIsOrderedByLuckOnly) {
  std::mutex mutex;
  int plain = 0;
  together(
      [&] {
        plain = 1;
        const std::lock_guard lock(mutex);
      },
      [&] {
        { const std::lock_guard lock(mutex); }
        plain = 2;
      });
}

TEST(Pass, TwoLocksInOneOrder) {
  std::mutex a;
  std::mutex b;
  const auto both = [&] {
    const std::lock_guard first(a);
    const std::lock_guard second(b);
  };
  together(both, both);
}

TEST(DeadlockWithOnePreemption, TwoLocksInTwoOrders) {
  std::mutex a;
  std::mutex b;
  together(
      [&] {
        const std::lock_guard first(a);
        const std::lock_guard second(b);
      },
      [&] {
        const std::lock_guard first(b);
        const std::lock_guard second(a);
      });
}

TEST(Pass, TwoLocksTakenTogether) {
  std::mutex a;
  std::mutex b;
  together([&] { const std::scoped_lock both(a, b); }, [&] { const std::scoped_lock both(b, a); });
}

TEST(DeadlockWithNoPreemption, AMutexLockedTwice) {
  std::mutex mutex;
  together([&] {
    mutex.lock();
    mutex.lock();
  });
}

TEST(Pass, ARecursiveMutexIsLockedTwice) {
  std::recursive_mutex mutex;
  int count = 0;
  const auto add = [&] {
    const std::lock_guard outer(mutex);
    const std::lock_guard inner(mutex);
    ++count;
  };
  together(add, add);
  EXPECT_EQ(count, 2);
}

TEST(DeadlockWithNoPreemption, ARecursiveMutexUnlockedOnceOfTwice) {
  std::recursive_mutex mutex;
  const auto leave_it = [&] {
    mutex.lock();
    mutex.lock();
    mutex.unlock();
  };
  together(leave_it, leave_it);
}

TEST(Pass, AnErrorCheckingMutexSaysWhatIsWrong) {
  Mutex mutex(PTHREAD_MUTEX_ERRORCHECK);
  together([&] {
    EXPECT_EQ(pthread_mutex_unlock(mutex.get()), EPERM);
    EXPECT_EQ(pthread_mutex_lock(mutex.get()), 0);
    EXPECT_EQ(pthread_mutex_lock(mutex.get()), EDEADLK);
    EXPECT_EQ(pthread_mutex_unlock(mutex.get()), 0);
  });
}

TEST(Crash, AMutexUnlockedTwice) {
  std::mutex mutex;
  together([&] {
    mutex.lock();
    mutex.unlock();
    mutex.unlock();
  });
}

TEST(Crash, AMutexUnlockedByAnother) {
  std::mutex mutex;
  mutex.lock();
  together([&] { mutex.unlock(); });
}

TEST(Pass, TryLockNeverWaits) {
  std::mutex mutex;
  int count = 0;
  std::atomic<int> got = 0;
  const auto attempt = [&] {
    if (!mutex.try_lock()) return;
    ++count;
    ++got;
    mutex.unlock();
  };
  together(attempt, attempt);
  EXPECT_EQ(count, got);
  EXPECT_GE(count, 1);
}

TEST(WrongResultWithOnePreemption, TryLockAlwaysSucceeds) {
  std::mutex mutex;
  const auto attempt = [&] {
    EXPECT_TRUE(mutex.try_lock());
    mutex.unlock();
  };
  together(attempt, attempt);
}

TEST(WrongResultWithOnePreemption, ATimedLockNeverTimesOut) {
  std::timed_mutex mutex;
  const auto attempt = [&] {
    const std::unique_lock lock(mutex, milliseconds(100));
    EXPECT_TRUE(lock.owns_lock());
  };
  together(attempt, attempt);
}

TEST(Pass, ATimedLockOrdersOrTimesOut) {
  std::timed_mutex mutex;
  int count = 0;
  const auto attempt = [&] {
    const std::unique_lock lock(mutex, milliseconds(100));
    if (lock) ++count;
  };
  together(attempt, attempt);
  EXPECT_GE(count, 1);
}

TEST(WrongResult, ATimedLockThatWaitsNeverGetsIt) {
  std::timed_mutex mutex;
  std::atomic<bool> held = false;
  together(
      [&] {
        const std::lock_guard lock(mutex);
        held = true;
        held = false;
      },
      [&] {
        const bool waits = held;
        const std::unique_lock lock(mutex, milliseconds(100));
        EXPECT_FALSE(waits && lock.owns_lock());
      });
}

TEST(Pass, ALockWithAClockOfItsOwnTimesOut) {
  Mutex mutex(PTHREAD_MUTEX_NORMAL);
  together([&] {
    pthread_mutex_lock(mutex.get());
    const timespec wall = soon(CLOCK_REALTIME);
    const timespec steady = soon(CLOCK_MONOTONIC);
    EXPECT_EQ(pthread_mutex_timedlock(mutex.get(), &wall), ETIMEDOUT);
    EXPECT_EQ(pthread_mutex_clocklock(mutex.get(), CLOCK_MONOTONIC, &steady), ETIMEDOUT);
    pthread_mutex_unlock(mutex.get());
  });
}

TEST(Pass, AReadWriteLockOrdersWritersAndReaders) {
  std::shared_mutex mutex;
  int value = 0;
  together(
      [&] {
        const std::unique_lock lock(mutex);
        value = 1;
      },
      [&] {
        const std::shared_lock lock(mutex);
        EXPECT_LE(value, 1);
      },
      [&] {
        const std::shared_lock lock(mutex);
        EXPECT_LE(value, 1);
      });
}

TEST(RaceWithNoPreemption, AWriteUnderAReadLock) {
  std::shared_mutex mutex;
  int value = 0;
  const auto write = [&] {
    const std::shared_lock lock(mutex);
    ++value;
  };
  together(write, write);
}

TEST(WrongResultWithOnePreemption, ReadersAreNeverInsideTogether) {
  std::shared_mutex mutex;
  std::atomic<int> inside = 0;
  const auto read = [&] {
    const std::shared_lock lock(mutex);
    EXPECT_EQ(++inside, 1);
    --inside;
  };
  together(read, read);
}

TEST(Pass, WritersAreNeverInsideTogether) {
  std::shared_mutex mutex;
  std::atomic<int> inside = 0;
  const auto write = [&] {
    const std::unique_lock lock(mutex);
    EXPECT_EQ(++inside, 1);
    --inside;
  };
  together(write, write);
}

TEST(DeadlockWithNoPreemption, ReadersWhoAskToWriteWithoutLettingGo) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  const auto upgrade = [&] {
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_wrlock(&lock);
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_unlock(&lock);
  };
  together(upgrade, upgrade);
}

// A shared_mutex may not be asked so; a writer that waits in between would be waited for.
TEST(DeadlockWithNoPreemption, AReaderWhoAsksToReadWithoutLettingGo) {
  std::shared_mutex mutex;
  together([&] {
    const std::shared_lock lock(mutex);
    const std::shared_lock again(mutex);
  });
}

TEST(Pass, AReaderMayTryAgainAndLetsGoOfBoth) {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  int value = 0;
  const auto read = [&] {
    pthread_rwlock_rdlock(&lock);
    if (pthread_rwlock_tryrdlock(&lock) == 0) pthread_rwlock_unlock(&lock);
    EXPECT_LE(value, 1);
    pthread_rwlock_unlock(&lock);
  };
  together(read, [&] {
    pthread_rwlock_wrlock(&lock);
    value = 1;
    pthread_rwlock_unlock(&lock);
  });
}

TEST(DeadlockWithNoPreemption, OneMutexGivenTwiceToAScopedLock) {
  std::mutex mutex;
  std::mutex& other = mutex;
  together([&] { const std::scoped_lock lock(mutex, other); });
}

TEST(Pass, TriesAtAReadWriteLock) {
  std::shared_timed_mutex mutex;
  together([&] {
    EXPECT_TRUE(mutex.try_lock_shared());
    EXPECT_FALSE(mutex.try_lock());
    EXPECT_FALSE(mutex.try_lock_for(milliseconds(10)));
    mutex.unlock_shared();
    EXPECT_TRUE(mutex.try_lock());
    EXPECT_FALSE(mutex.try_lock_shared());
    mutex.unlock();
    EXPECT_TRUE(mutex.try_lock_for(milliseconds(10)));
    mutex.unlock();
    EXPECT_TRUE(mutex.try_lock_shared_for(milliseconds(10)));
    mutex.unlock_shared();
  });
}

TEST(WrongResultWithOnePreemption, ATimedReadLockNeverTimesOut) {
  std::shared_timed_mutex mutex;
  together([&] { const std::unique_lock lock(mutex); },
           [&] {
             const std::shared_lock lock(mutex, milliseconds(100));
             EXPECT_TRUE(lock.owns_lock());
           });
}

TEST(Pass, ASpinLockOrdersItsSections) {
  pthread_spinlock_t lock;
  pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
  int count = 0;
  const auto add = [&] {
    pthread_spin_lock(&lock);
    ++count;
    pthread_spin_unlock(&lock);
  };
  const auto attempt = [&] {
    if (pthread_spin_trylock(&lock) != 0) return;
    ++count;
    pthread_spin_unlock(&lock);
  };
  together(add, add, attempt);
  EXPECT_GE(count, 2);
  pthread_spin_destroy(&lock);
}

TEST(Pass, ASpinLockOfAFlagOrdersItsSections) {
  std::atomic_flag flag;
  int count = 0;
  const auto add = [&] {
    while (flag.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    ++count;
    flag.clear(std::memory_order_release);
  };
  together(add, add);
  EXPECT_EQ(count, 2);
}

TEST(Race, ASpinLockThatReleasesNothing) {
  std::atomic_flag flag;
  int count = 0;
  const auto add = [&] {
    while (flag.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    ++count;
    flag.clear(std::memory_order_relaxed);
  };
  together(add, add);
}

}  // namespace
