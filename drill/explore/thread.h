#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "drill/explore/clock.h"
#include "drill/explore/operation.h"

namespace drill::explore {

enum class ThreadState : std::uint8_t { kIdle, kAlive, kFinished };

// Tells a thread that waits by looking again and again from one that gets on.
struct Idling {
  static constexpr int kLooksMax = 8;
  struct Look {
    Address pc;
    Object* object;
    std::uint32_t version;
  };
  std::array<Look, kLooksMax> looks{};  // What it has read since it last changed anything.
  int look_count = 0;
  int repeats = 0;  // Reads that found what an earlier one had found.
  int pauses = 0;   // Yields and sleeps since others last changed anything.
  std::uint64_t own_changes = 0;
  std::uint64_t changes_seen = 0;  // By others, at its last pause or expired deadline.
  bool rests = false;              // Not to run before something changes, if others can.
  int looks_left = 0;              // Of one who was let go on.
};

struct HeldLock {
  Object* object;
  Address pc;
  bool write;
};

// A thread of the program under test, in one schedule. It runs on a kernel thread that the next
// schedule uses again (kernel_threads.h); its slot is the same in every schedule.
struct Thread {
  static constexpr int kDepthMax = 4096;

  int slot = 0;
  ThreadState state = ThreadState::kIdle;
  bool joinable = false;
  bool joined = false;
  bool timed_out = false;      // Its last wait ended by its deadline.
  bool woken_by_none = false;  // Its last wait on a condition variable ended by itself: spuriously.
  int children = 0;            // Threads that it has created in this schedule.
  int own_tries = 0;           // Times that it tried in vain to lock what it holds itself.
  std::uint32_t accesses = 0;  // Plain and atomic accesses so far: names an access in a replay.
  std::uint32_t accesses_at_point = 0;
  Operation pending;
  Idling idling;
  VectorClock clock;
  VectorClock fence_acquired;  // What relaxed loads saw, for an acquire fence to come.
  VectorClock fence_released;  // What relaxed stores publish since the last release fence.
  std::vector<HeldLock> held;
  // Return addresses of the functions that it is in, outermost first.
  std::array<Address, kDepthMax> stack{};
  int depth = 0;
  // When tracing: the whole stack at its last point, innermost first.
  std::array<Address, 64> standing{};
  int standing_depth = 0;
  void* (*function)(void*) = nullptr;
  void* argument = nullptr;
  void* result = nullptr;

  void reset();
};

// The thread that runs now, or none outside a schedule: then everything passes straight through.
// It is asked at every access; initial-exec makes that one load.
extern thread_local Thread* self __attribute__((tls_model("initial-exec")));

// While it lives the runtime's own doings (allocation, say) pass straight through.
class PassThrough {
 public:
  PassThrough() : kept_(self) { self = nullptr; }
  ~PassThrough() { self = kept_; }
  PassThrough(const PassThrough&) = delete;
  PassThrough& operator=(const PassThrough&) = delete;

 private:
  Thread* kept_;
};

}  // namespace drill::explore
