#pragma once

#include <cstdint>

#include "drill/explore/object.h"

namespace drill::explore {

// What a thread does at a schedule point.
enum class OpKind : std::uint8_t {
  kStart,
  kCreate,
  kJoin,
  kDetach,
  kExit,
  kLock,
  kTryLock,
  kTimedLock,
  kUnlock,
  kReadLock,
  kTryReadLock,
  kTimedReadLock,
  kWriteLock,
  kTryWriteLock,
  kTimedWriteLock,
  kReadWriteUnlock,
  kWait,    // Gives the mutex up and begins to wait on a condition.
  kWakeUp,  // Leaves the wait and takes the mutex again.
  kSignal,
  kBroadcast,
  kLoad,
  kStore,
  kReadModifyWrite,
  kFence,
  kYield,
  kSleep,
  kFutexWait,
  kFutexWakeUp,
  kFutexWake,
  kOnce,
  kArrive,
  kBarrierPass,
  kAcquire,  // Semaphores.
  kTryAcquire,
  kTimedAcquire,
  kRelease,
  kLatestValue,  // A load finds the latest value, as by default,
  kOlderValue,   // or an older one (old_values.h).
  kRead,         // Plain accesses: no points, told in stories only.
  kWrite,
};

inline constexpr std::int64_t kNever = INT64_MAX;

// An operation that a thread is about to carry out. `object` is what it works on; `mutex` the one
// that a wake-up takes again.
struct Operation {
  OpKind kind = OpKind::kStart;
  Object* object = nullptr;
  Object* mutex = nullptr;
  Address pc = 0;
  std::int64_t deadline_ns = kNever;  // Virtual time; kNever: without a limit.
};

// "lock", "wait": the word of the story.
const char* name_of(OpKind kind);

}  // namespace drill::explore
