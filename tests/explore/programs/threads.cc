// Threads, memory and what ends badly. A suite's name is the verdict that its tests must get.
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "tests/explore/programs/together.h"

namespace {

TEST(Pass, CreationAndJoinOrder) {
  int value = 1;
  std::thread thread([&] { ++value; });
  thread.join();
  EXPECT_EQ(value, 2);
}

TEST(RaceWithNoPreemption, ReadBeforeTheJoin) {
  int value = 0;
  std::thread thread([&] { value = 1; });
  const int seen = value;
  thread.join();
  EXPECT_LE(seen, 1);
}

TEST(Pass, ThreadsStartThreads) {
  int value = 0;
  std::thread outer([&] {
    std::thread inner([&] { ++value; });
    inner.join();
    ++value;
  });
  outer.join();
  EXPECT_EQ(value, 2);
}

TEST(Pass, AJthreadStopsAndJoinsByItself) {
  int rounds = 0;
  {
    std::jthread worker([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::this_thread::yield();
      ++rounds;
    });
  }
  EXPECT_EQ(rounds, 1);
}

TEST(Pass, AStopCallbackRunsOnce) {
  std::stop_source source;
  std::atomic<int> calls = 0;
  together([&] { const std::stop_callback callback(source.get_token(), [&] { ++calls; }); },
           [&] { source.request_stop(); });
  EXPECT_LE(calls, 1);
}

TEST(WrongResult, AStopCallbackAlwaysRuns) {
  std::stop_source source;
  std::atomic<int> calls = 0;
  together([&] { const std::stop_callback callback(source.get_token(), [&] { ++calls; }); },
           [&] { source.request_stop(); });
  EXPECT_EQ(calls, 1);
}

struct Local {
  ~Local() {
    if (ended) ++*ended;
  }
  std::atomic<int>* ended = nullptr;
};
thread_local Local local;

TEST(Pass, ThreadLocalsAreDestroyedBeforeTheJoin) {
  std::atomic<int> ended = 0;
  together([&] { local.ended = &ended; }, [&] { local.ended = &ended; });
  EXPECT_EQ(ended, 2);
}

thread_local int own = 0;

TEST(Pass, EachThreadHasItsOwnThreadLocals) {
  const auto add = [] { EXPECT_EQ(++own, 1); };
  together(add, add);
  EXPECT_EQ(own, 0);
}

TEST(Pass, TheFirstThreadsThreadLocalsAreAsAtTheStartInEachSchedule) {
  EXPECT_EQ(++own, 1);
  thread_local const std::string made = "anew";
  EXPECT_EQ(made, "anew");
  std::atomic<int> both = 0;
  together([&] { ++both; }, [&] { ++both; });
}

TEST(Pass, ADetachedThreadTellsThatItHasEnded) {
  std::mutex mutex;
  std::condition_variable changed;
  bool ended = false;
  int value = 0;
  std::thread([&] {
    std::unique_lock lock(mutex);
    value = 1;
    ended = true;
    std::notify_all_at_thread_exit(changed, std::move(lock));
  }).detach();
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return ended; });
  EXPECT_EQ(value, 1);
}

TEST(Pass, ValuesOfAKeyAreEachThreadsOwnAndDestroyedAtItsEnd) {
  static std::atomic<int> destroyed;
  pthread_key_t key;
  pthread_key_create(&key, [](void*) { ++destroyed; });
  int value = 0;
  const auto use = [&] {
    EXPECT_EQ(pthread_getspecific(key), nullptr);
    pthread_setspecific(key, &value);
    EXPECT_EQ(pthread_getspecific(key), &value);
  };
  together(use, use);
  EXPECT_EQ(pthread_getspecific(key), nullptr);
  EXPECT_EQ(destroyed, 2);
  pthread_key_delete(key);
}

int count_of_all_schedules = 0;

TEST(Pass, GlobalsAreAsAtTheStartInEachSchedule) {
  std::atomic<int> both = 0;
  together([&] { ++both; }, [&] { ++both; });
  EXPECT_EQ(++count_of_all_schedules, 1);
}

TEST(Pass, ADetachedThreadMayEndLater) {
  auto value = std::make_shared<std::atomic<int>>(0);
  std::thread([value] { ++*value; }).detach();
  EXPECT_LE(value->load(), 1);
}

TEST(Crash, AThreadThatNobodyJoins) {
  pthread_t thread;
  pthread_create(
      &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
}

TEST(Pass, AnExceptionIsCaughtWhereItIsThrown) {
  const auto fail = [] { EXPECT_THROW(throw std::runtime_error("here"), std::runtime_error); };
  together(fail, fail);
}

TEST(Pass, AnExceptionTravelsByPointer) {
  std::exception_ptr error;
  std::thread thread([&] {
    try {
      throw std::runtime_error("there");
    } catch (...) {
      error = std::current_exception();
    }
  });
  thread.join();
  EXPECT_THROW(std::rethrow_exception(error), std::runtime_error);
}

struct Told {
  int value = 0;
};

TEST(Race, AnExceptionThatOneChangesAndOneReads) {
  const auto one = std::make_exception_ptr(Told{});
  int sum = 0;
  together(
      [one] {
        try {
          std::rethrow_exception(one);
        } catch (Told& told) {
          told.value = 1;
        }
      },
      [one, &sum] {
        try {
          std::rethrow_exception(one);
        } catch (const Told& told) {
          sum += told.value;
        }
      });
  EXPECT_LE(sum, 1);
}

TEST(Crash, AnExceptionThatLeavesItsThread) {
  std::thread thread([] { throw std::runtime_error("away"); });
  thread.join();
}

TEST(Pass, AsyncRunsAside) {
  auto one = std::async(std::launch::async, [] { return 1; });
  auto two = std::async(std::launch::deferred, [] { return 2; });
  EXPECT_EQ(one.get() + two.get(), 3);
}

TEST(UseAfterFree, AReadAfterTheOthersDelete) {
  auto* value = new std::string("a text that is too long to be kept inside");
  together([&] { delete value; }, [&] { EXPECT_GE(value->size(), 1u); });
}

TEST(UseAfterFree, AReadOfWhatWasFreedBefore) {
  auto* value = static_cast<int*>(std::malloc(sizeof(int)));
  *value = 1;
  together([&] { std::free(value); });
  EXPECT_EQ(*const_cast<volatile int*>(value), 1);
}

struct Door {
  std::mutex mutex;
  std::condition_variable changed;
  bool open = false;
};

// Who waits sees the door open before it is told so, and takes the door away.
TEST(UseAfterFree, NotifyingWhatTheOneWhoWaitedHasDestroyed) {
  auto door = std::make_unique<Door>();
  Door& seen = *door;
  together(
      [&] {
        {
          const std::lock_guard lock(seen.mutex);
          seen.open = true;
        }
        seen.changed.notify_one();
      },
      [&] {
        {
          std::unique_lock lock(seen.mutex);
          seen.changed.wait(lock, [&] { return seen.open; });
        }
        door.reset();
      });
}

TEST(Pass, NotifyingUnderTheLockLeavesNothingToDestroyTooEarly) {
  auto door = std::make_unique<Door>();
  Door& seen = *door;
  together(
      [&] {
        const std::lock_guard lock(seen.mutex);
        seen.open = true;
        seen.changed.notify_one();
      },
      [&] {
        {
          std::unique_lock lock(seen.mutex);
          seen.changed.wait(lock, [&] { return seen.open; });
        }
        door.reset();
      });
}

TEST(UseAfterFree, LockingWhatTheOtherHasDestroyed) {
  auto mutex = std::make_unique<std::mutex>();
  std::mutex& seen = *mutex;
  together([&] { mutex.reset(); }, [&] { const std::lock_guard lock(seen); });
}

TEST(Pass, MemoryIsHandedOnAtTheJoin) {
  std::unique_ptr<std::vector<int>> made;
  together([&] { made = std::make_unique<std::vector<int>>(100, 1); });
  EXPECT_EQ(made->size(), 100u);
  made.reset();
}

TEST(Pass, AllocationsOfAllKindsAreGivenBack) {
  const auto allocate = [] {
    void* memory = std::calloc(4, 100);
    memory = std::realloc(memory, 4000);
    std::memset(memory, 1, 4000);
    std::free(memory);
    std::free(std::aligned_alloc(64, 128));
    const std::vector<int> large(200'000, 1);
    EXPECT_EQ(large.back(), 1);
  };
  together(allocate, allocate);
}

TEST(Race, ACopyOfMemoryRacesWithAWrite) {
  const std::vector<char> from(1000, 'f');
  std::vector<char> to(1000);
  together([&] { std::memcpy(to.data(), from.data(), from.size()); }, [&] { to.back() = 'x'; });
}

TEST(Pass, NeighboursInMemoryDoNotRace) {
  struct {
    char one, other;
  } pair{};
  together([&] { pair.one = 1; }, [&] { pair.other = 1; });
  EXPECT_EQ(pair.one + pair.other, 2);
}

TEST(Crash, ANullPointerInOneOrderOnly) {
  std::atomic<int*> pointer = nullptr;
  int value = 0;
  together([&] { pointer = &value; },
           [&] {
             const int* seen = pointer;
             EXPECT_EQ(*const_cast<const volatile int*>(seen), 0);
           });
}

TEST(Timeout, TwoWhoMakeWayForEver) {
  std::atomic<bool> wants[2] = {false, false};
  const auto enter = [&](int me) {
    wants[me] = true;
    while (wants[1 - me]) {
      wants[me] = false;
      wants[me] = true;
    }
  };
  together([&] { enter(0); }, [&] { enter(1); });
}

TEST(Timeout, AFlagThatNobodySets) {
  const std::atomic<bool> stop = false;
  together([&] {
    while (!stop) std::this_thread::yield();
  });
}

TEST(Pass, AFlagThatIsSetEndsALoop) {
  std::atomic<bool> stop = false;
  int value = 0;
  together(
      [&] {
        value = 1;
        stop = true;
      },
      [&] {
        while (!stop) std::this_thread::yield();
        EXPECT_EQ(value, 1);
      });
}

}  // namespace
