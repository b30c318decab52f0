// The programs of the textbooks: each fault with the fewest preemptions that it needs, and the
// version without it.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "tests/explore/programs/together.h"

namespace {

// Peterson's algorithm. Weaker orders are found as races on the data: with relaxed ones since
// nothing publishes it, with release and acquire by a look that finds an older value.
template <std::memory_order kStore, std::memory_order kLoad>
void peterson(int& count) {
  std::array<std::atomic<bool>, 2> wants{};
  std::atomic<int> turn = 0;
  const auto enter = [&](std::size_t me) {
    wants[me].store(true, kStore);
    turn.store(static_cast<int>(1 - me), kStore);
    while (wants[1 - me].load(kLoad) && turn.load(kLoad) != static_cast<int>(me)) {
      std::this_thread::yield();
    }
    ++count;
    wants[me].store(false, kStore);
  };
  together([&] { enter(0); }, [&] { enter(1); });
}

TEST(Pass, PetersonWithSequentialConsistency) {
  int count = 0;
  peterson<std::memory_order_seq_cst, std::memory_order_seq_cst>(count);
  EXPECT_EQ(count, 2);
}

TEST(Race, PetersonWithRelaxedOrders) {
  int count = 0;
  peterson<std::memory_order_relaxed, std::memory_order_relaxed>(count);
}

TEST(RaceWithTwoPreemptions, PetersonWithReleaseAndAcquire) {
  int count = 0;
  peterson<std::memory_order_release, std::memory_order_acquire>(count);
}

// Who looks before it says what it wants has to be interrupted in between, and the other inside.
TEST(WrongResultWithTwoPreemptions, PetersonWithItsFirstLinesSwapped) {
  std::array<std::atomic<bool>, 2> wants{};
  std::atomic<int> inside = 0;
  const auto enter = [&](std::size_t me) {
    while (wants[1 - me].load()) std::this_thread::yield();
    wants[me].store(true);
    EXPECT_EQ(++inside, 1);
    --inside;
    wants[me].store(false);
  };
  together([&] { enter(0); }, [&] { enter(1); });
}

// Each of three philosophers takes the fork on the left, then that on the right. One is interrupted
// between the two; the others, in the right order, come to wait by themselves.
TEST(DeadlockWithOnePreemption, ThreePhilosophers) {
  std::array<std::mutex, 3> forks;
  const auto dine = [&](std::size_t seat) {
    const std::lock_guard left(forks[seat]);
    const std::lock_guard right(forks[(seat + 1) % 3]);
  };
  together([&] { dine(0); }, [&] { dine(1); }, [&] { dine(2); });
}

TEST(Pass, ThreePhilosophersWhoTakeForksInOrder) {
  std::array<std::mutex, 3> forks;
  const auto dine = [&](std::size_t first, std::size_t second) {
    const std::lock_guard one(forks[first]);
    const std::lock_guard other(forks[second]);
  };
  together([&] { dine(0, 1); }, [&] { dine(1, 2); }, [&] { dine(0, 2); });
}

// A buffer of one place. `kAgain`: who waited looks again.
template <bool kAgain>
class Buffer {
 public:
  void put(int value) {
    std::unique_lock lock(mutex_);
    wait(lock, [this] { return values_.empty(); });
    values_.push_back(value);
    changed_.notify_all();
  }
  int take() {
    std::unique_lock lock(mutex_);
    wait(lock, [this] { return !values_.empty(); });
    EXPECT_FALSE(values_.empty());
    const int value = values_.front();
    values_.pop_front();
    changed_.notify_all();
    return value;
  }

 private:
  template <class Predicate>
  void wait(std::unique_lock<std::mutex>& lock, Predicate predicate) {
    if constexpr (kAgain) {
      while (!predicate()) changed_.wait(lock);
    } else {
      if (!predicate()) changed_.wait(lock);
    }
  }

  std::mutex mutex_;  // Guards values_.
  std::condition_variable changed_;
  std::deque<int> values_;
};

template <bool kAgain>
void one_puts_for_two() {
  Buffer<kAgain> buffer;
  std::atomic<int> taken = 0;
  const auto take = [&] { taken += buffer.take(); };
  together(take, take, [&] {
    buffer.put(1);
    buffer.put(2);
  });
  EXPECT_EQ(taken, 3);
}

TEST(WrongResultWithNoPreemption, ABoundedBufferWithIf) { one_puts_for_two<false>(); }
TEST(Pass, ABoundedBufferWithWhile) { one_puts_for_two<true>(); }

// Readers and writers, of a mutex and a count of readers.
template <bool kFirstLocks>
class ReadersWriters {
 public:
  int read() {
    {
      const std::lock_guard lock(count_mutex_);
      if (++readers_ == 1 && kFirstLocks) writing_.lock();
    }
    const int value = value_;
    const std::lock_guard lock(count_mutex_);
    if (--readers_ == 0 && kFirstLocks) writing_.unlock();
    return value;
  }
  void write() {
    const std::lock_guard lock(writing_);
    ++value_;
  }

 private:
  std::mutex count_mutex_;  // Guards readers_.
  std::mutex writing_;      // Guards value_; the first reader takes it for all.
  int readers_ = 0;
  int value_ = 0;
};

TEST(RaceWithNoPreemption, ReadersWhoDoNotKeepWritersOut) {
  ReadersWriters<false> shared;
  together([&] { EXPECT_LE(shared.read(), 1); }, [&] { shared.write(); });
}

TEST(Pass, ReadersAndWriters) {
  ReadersWriters<true> shared;
  together([&] { EXPECT_LE(shared.read(), 1); }, [&] { shared.write(); });
}

struct Table {
  int size = 42;
};

template <class Pointer>
int checked_twice(Pointer& table, std::mutex& mutex) {
  if (table == nullptr) {
    const std::lock_guard lock(mutex);
    if (table == nullptr) table = new Table;
  }
  return static_cast<Table*>(table)->size;
}

TEST(RaceWithNoPreemption, DoubleCheckedLockingOfAPlainPointer) {
  std::mutex mutex;
  Table* table = nullptr;
  together([&] { checked_twice(table, mutex); }, [&] { checked_twice(table, mutex); });
}

TEST(Pass, DoubleCheckedLockingOfAnAtomicPointer) {
  std::mutex mutex;
  std::atomic<Table*> table = nullptr;
  const auto look = [&] { EXPECT_EQ(checked_twice(table, mutex), 42); };
  together(look, look);
  delete table.load();
}

// A stack after Treiber; nodes are handed back to be used again.
struct Node {
  int value = 0;
  std::atomic<Node*> next = nullptr;
};

class Stack {
 public:
  void push(Node* node) {
    Node* top = top_.load();
    do {
      node->next = top;
    } while (!top_.compare_exchange_strong(top, node));
  }
  Node* pop() {
    Node* top = top_.load();
    while (top != nullptr && !top_.compare_exchange_strong(top, top->next.load())) {
    }
    return top;
  }

 private:
  std::atomic<Node*> top_ = nullptr;
};

// While one is between its look at the next node and its exchange, the other takes two nodes and
// puts the first one back: the exchange succeeds, and the second node is in the stack again.
TEST(WrongResultWithOnePreemption, ABAOnAStack) {
  Stack stack;
  std::array<Node, 2> nodes;
  stack.push(&nodes[0]);
  stack.push(&nodes[1]);
  std::atomic<bool> taken = false;
  together([&] { stack.pop(); },
           [&] {
             Node* first = stack.pop();
             const Node* second = stack.pop();
             if (first == &nodes[1] && second == &nodes[0]) {
               taken = true;
               stack.push(first);
             }
           });
  // The second thread keeps nodes[0] for itself.
  if (taken) {
    for (const Node* node = stack.pop(); node != nullptr; node = stack.pop()) {
      EXPECT_NE(node, &nodes[0]);
    }
  }
}

TEST(Pass, AStackWhoseNodesAreNotUsedAgain) {
  Stack stack;
  std::array<Node, 3> nodes;
  stack.push(&nodes[0]);
  stack.push(&nodes[1]);
  std::atomic<int> popped = 0;
  const auto pop = [&] { popped += stack.pop() != nullptr ? 1 : 0; };
  together(pop, [&] {
    pop();
    stack.push(&nodes[2]);
  });
  while (stack.pop() != nullptr) ++popped;
  EXPECT_EQ(popped, 3);
}

// A barrier that can be passed twice. `kPhase`: who waits looks at the phase, not at the count,
// which those who come round again have changed.
template <bool kPhase>
class Barrier {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    const int phase = phase_;
    if (++arrived_ == 2) {
      arrived_ = 0;
      ++phase_;
      all_here_.notify_all();
    } else if (kPhase) {
      all_here_.wait(lock, [&] { return phase_ != phase; });
    } else {
      all_here_.wait(lock, [&] { return arrived_ == 0; });
    }
  }

 private:
  std::mutex mutex_;  // Guards what follows.
  std::condition_variable all_here_;
  int arrived_ = 0;
  int phase_ = 0;
};

template <bool kPhase>
void pass_twice() {
  Barrier<kPhase> barrier;
  const auto work = [&] {
    barrier.pass();
    barrier.pass();
  };
  together(work, work);
}

TEST(LostWakeUpWithNoPreemption, ABarrierThatIsPassedAgainTooSoon) { pass_twice<false>(); }
TEST(Pass, ABarrierWithPhases) { pass_twice<true>(); }

TEST(WrongResultWithOnePreemption, CheckThenAct) {
  std::mutex mutex;
  int count = 0;
  const auto read = [&] {
    const std::lock_guard lock(mutex);
    return count;
  };
  const auto add = [&] {
    const int seen = read();
    const std::lock_guard lock(mutex);
    count = seen + 1;
  };
  together(add, add);
  EXPECT_EQ(count, 2);
}

// Both threads have to be interrupted: the first between its two stores, the second between its
// two loads.
TEST(WrongResultWithTwoPreemptions, ASnapshotWithoutALock) {
  std::atomic<int> first = 0;
  std::atomic<int> second = 0;
  std::atomic<int> torn = 0;
  together(
      [&] {
        first = 1;
        second = 1;
        first = 2;
        second = 2;
      },
      [&] {
        const int a = first;
        const int b = second;
        if (a == 1 && b == 2) ++torn;
      });
  EXPECT_EQ(torn, 0);
}

}  // namespace
