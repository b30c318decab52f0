#include "drill/explore/usage.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "drill/explore/object.h"

namespace drill::explore {
namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
  return hash ^ hash >> 29;
}

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
Counts taken;                              // By place and lock.
Counts places;                             // Distinct locks by place.
const Object* last_unlocked[kThreadsMax];  // When that was what the thread did last.
std::uint64_t test_threads = 1;            // Bit a slot.
int threads_created = 0;
int test_threads_started = 0;
Usage now{};

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

// Counts this lock at the place `hash`; how many distinct ones that makes.
int count_at(std::uint64_t hash, const Object& object) {
  return taken.add(mixed(hash, object.address)) == 1 ? places.add(hash) : 0;
}

void note_place(const Thread& thread, const Object& object) {
  constexpr int kInner = 2;
  const int depth = std::min(thread.depth, Thread::kDepthMax);
  std::uint64_t inner = mixed(1, thread.pending.pc);
  std::uint64_t whole = mixed(2, thread.pending.pc);
  for (int i = depth - 1; i >= 0; --i) {
    const auto frame = thread.stack[static_cast<std::size_t>(i)];
    if (depth - i <= kInner) inner = mixed(inner, frame);
    whole = mixed(whole, frame);
  }
  if (const int count = count_at(whole, object); count >= 2) {
    now.locks_at_one_place = std::max(now.locks_at_one_place, count);
  }
  if (const int count = count_at(inner, object); count >= 3) {
    now.locks_at_one_place = std::max(now.locks_at_one_place, count);
  }
}

void note_wait(const Thread& thread) {
  const bool of_test = (test_threads >> thread.slot & 1) != 0;
  (of_test ? now.asked : now.owner_waits) = 1;
}

}  // namespace

void begin_usage() {
  ++schedule;
  mutex_count = 0;
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
  sum.locks_at_one_place = std::max(sum.locks_at_one_place, now.locks_at_one_place);
  sum.read_locks = std::max(sum.read_locks, now.read_locks);
  // The fewest: one schedule may never have come to the wait that tells a queue's lock.
  sum.guards = sum.guards < 0 ? now.guards : std::min(sum.guards, now.guards);
  sum.owner_threads = std::max(sum.owner_threads, now.owner_threads);
  sum.owner_waits = std::max(sum.owner_waits, now.owner_waits);
  sum.asked = std::max(sum.asked, now.asked);
}

}  // namespace drill::explore
