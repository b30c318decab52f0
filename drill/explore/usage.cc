#include "drill/explore/usage.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>

#include "drill/collector_size.h"
#include "drill/explore/hash.h"
#include "drill/explore/heap.h"
#include "drill/explore/object.h"

namespace drill::explore {
namespace {

std::uint32_t schedule = 0;

// How often something was counted in this schedule, by open addressing. What does not fit is not
// counted: a bound, and strategies are told from far less.
class Counts {
 public:
  int add(std::uint64_t key) {
    for (std::size_t i = 0; i < kProbesMax; ++i) {
      Entry& entry = entries_[(key + i) % kSize];
      if (entry.schedule != schedule) entry = {key, schedule, 0};
      if (entry.key == key) return ++entry.count;
    }
    return 0;
  }

  bool has(std::uint64_t key) const {
    for (std::size_t i = 0; i < kProbesMax; ++i) {
      const Entry& entry = entries_[(key + i) % kSize];
      if (entry.schedule != schedule) return false;
      if (entry.key == key) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kSize = 4096;
  static constexpr std::size_t kProbesMax = 64;
  struct Entry {
    std::uint64_t key;
    std::uint32_t schedule;
    int count;
  };
  Entry entries_[kSize]{};
};

struct Mutex {
  const Object* object;
  bool of_condition;
};

constexpr int kMutexesMax = 256;
Mutex mutexes[kMutexesMax];
int mutex_count = 0;
const Object* locks[kMutexesMax];  // Mutexes and read-write locks that were taken.
int lock_count = 0;
Counts taken;                              // By place and lock.
const Object* last_unlocked[kThreadsMax];  // When that was what the thread did last.
std::uint64_t test_threads = 1;            // Bit a slot.
int threads_created = 0;
int test_threads_started = 0;
Usage now{};
std::size_t collector_size = 0;  // Set before main(), where the program says it.

Mutex* find(const Object* object) {
  for (int i = 0; i < mutex_count; ++i) {
    if (mutexes[i].object == object) return &mutexes[i];
  }
  if (mutex_count == kMutexesMax || object == nullptr || object->kind != ObjectKind::kMutex) {
    return nullptr;
  }
  mutexes[mutex_count] = {object, false};
  return &mutexes[mutex_count++];
}

void is_of_condition(const Object* object) {
  if (Mutex* mutex = find(object)) mutex->of_condition = true;
}

// Collectors of one test lie beside each other: what is further away than one is large is part of
// another.
bool in_one_collector(Address a, Address b) {
  return std::max(a, b) - std::min(a, b) < collector_size;
}

void note_lock(const Object& object) {
  const auto end = locks + lock_count;
  if (std::find(locks, end, &object) == end && lock_count < kMutexesMax) {
    locks[lock_count++] = &object;
  }
}

// A place in the code that takes several locks of one collector: a loop over shards.
void note_place(const Thread& thread, const Object& object) {
  std::uint64_t place = mixed(2, thread.pending.pc);
  const int depth = std::min(thread.depth, Thread::kDepthMax);
  for (int i = 0; i < depth; ++i) place = mixed(place, thread.stack[static_cast<std::size_t>(i)]);
  if (taken.add(mixed(place, object.address)) != 1) return;
  int together = 0;
  for (int i = 0; i < lock_count; ++i) {
    together += in_one_collector(locks[i]->address, object.address) &&
                taken.has(mixed(place, locks[i]->address));
  }
  // Those on the heap may be of two collectors all the same: condition_variable_any has one there.
  if (together >= (on_heap(object.address) ? 3 : 2)) now.shards = std::max(now.shards, together);
}

bool of_condition(const Object& object) {
  return std::any_of(mutexes, mutexes + mutex_count, [&](const Mutex& mutex) {
    return mutex.object == &object && mutex.of_condition;
  });
}

// The locks of one kind and one collector that lie as in an array with room for more: at distances
// that have a common measure, no less than a lock's size. Those of queues are none.
int locks_in_an_array() {
  constexpr Address kLockSize = 40;     // std::mutex; read-write locks are larger.
  constexpr Address kElementSize = 64;  // A lock with the least that it could guard.
  int most = 0;
  for (int i = 0; i < lock_count; ++i) {
    if (of_condition(*locks[i])) continue;
    const Address first = locks[i]->address;
    int count = 0;
    Address measure = 0;
    for (int j = 0; j < lock_count; ++j) {
      const Object& other = *locks[j];
      const bool alike = other.kind == locks[i]->kind && !of_condition(other);
      if (!alike || other.address < first || !in_one_collector(first, other.address)) continue;
      ++count;
      measure = std::gcd(measure, other.address - first);
    }
    if (count < 2 || measure < kLockSize) continue;
    // Two tell no measure, only that they are apart, in a collector that has room for more.
    const bool roomy = count >= 3 ? collector_size / measure >= 3
                                  : measure >= kElementSize && collector_size >= 8 * kElementSize;
    if (roomy) most = std::max(most, count);
  }
  return most;
}

void note_wait(const Thread& thread) {
  const bool of_test = (test_threads >> thread.slot & 1) != 0;
  (of_test ? now.asked : now.owner_waits) = 1;
}

}  // namespace

void begin_usage() {
  ++schedule;
  mutex_count = 0;
  lock_count = 0;
  std::fill(std::begin(last_unlocked), std::end(last_unlocked), nullptr);
  test_threads = 1;
  threads_created = test_threads_started = 0;
  now = {};
}

void note_test_thread(const Thread& thread) {
  test_threads |= std::uint64_t{1} << thread.slot;
  ++test_threads_started;
}

void note_use(const Thread& thread) {
  const Operation& operation = thread.pending;
  const Object*& unlocked = last_unlocked[thread.slot];
  switch (operation.kind) {
    case OpKind::kReadLock:
      // Numbers are given in order of first use: the largest says how many.
      now.read_locks = std::max(now.read_locks, 1);
      [[fallthrough]];
    case OpKind::kLock:
    case OpKind::kWriteLock:
      note_lock(*operation.object);
      note_place(thread, *operation.object);
      find(operation.object);
      break;
    case OpKind::kWait:
      is_of_condition(operation.mutex);
      // A condition variable for any lock has given its caller's up just before.
      is_of_condition(unlocked);
      note_wait(thread);
      break;
    case OpKind::kSignal:
    case OpKind::kBroadcast:
      if (!thread.held.empty()) is_of_condition(thread.held.back().object);
      break;
    case OpKind::kFutexWait:
    case OpKind::kAcquire:
      note_wait(thread);
      break;
    case OpKind::kCreate:
      ++threads_created;
      break;
    default:
      break;
  }
  unlocked = operation.kind == OpKind::kUnlock ? operation.object : nullptr;
}

void add_usage(Usage& sum) {
  now.guards = static_cast<int>(std::count_if(
      mutexes, mutexes + mutex_count, [](const Mutex& mutex) { return !mutex.of_condition; }));
  now.owner_threads = threads_created - test_threads_started;
  sum.shards = std::max({sum.shards, now.shards, locks_in_an_array()});
  sum.read_locks = std::max(sum.read_locks, now.read_locks);
  // The fewest: one schedule may never have come to the wait that tells a queue's lock.
  sum.guards = sum.guards < 0 ? now.guards : std::min(sum.guards, now.guards);
  sum.owner_threads = std::max(sum.owner_threads, now.owner_threads);
  sum.owner_waits = std::max(sum.owner_waits, now.owner_waits);
  sum.asked = std::max(sum.asked, now.asked);
}

}  // namespace drill::explore

extern "C" void racelab_note_collector_size(std::size_t size) {
  drill::explore::collector_size = size;
}
