#include "drill/explore/fairness.h"

#include <array>
#include <bit>

namespace drill::explore {
namespace {

constexpr int kYields = 5;

// Sets of threads, a bit a slot.
struct Turns {
  int yields = 0;             // Since the last that counted.
  std::uint64_t starved = 0;  // May have run ever since, and has not.
  std::uint64_t kept = 0;     // Was kept from running by it since, by a lock for one, and has not.
  std::uint64_t before = 0;   // Run first, as long as they can.
};

std::array<Turns, kThreadsMax> turns;
std::uint64_t yielding = 0;        // Who has yielded: nobody else gives way.
std::uint64_t enabled_before = 0;  // At the point before.

Turns& of(const Thread& thread) { return turns[static_cast<std::size_t>(thread.slot)]; }
std::uint64_t bit(int slot) { return std::uint64_t{1} << slot; }

template <class Visit>
void each_yielding(Visit visit) {
  for (std::uint64_t left = yielding; left != 0; left &= left - 1) {
    visit(std::countr_zero(left), turns[static_cast<std::size_t>(std::countr_zero(left))]);
  }
}

}  // namespace

void begin_fairness() {
  turns.fill({});
  yielding = 0;
  enabled_before = 0;
}

void note_yield(const Thread& thread, std::uint64_t enabled) {
  of(thread).kept |= enabled_before & ~enabled & ~bit(thread.slot);
  enabled_before = enabled;
  const auto kind = thread.pending.kind;
  // A wait with a limit that passes is a yield as well.
  const bool yields = kind == OpKind::kYield || thread.pending.deadline_ns != kNever;
  if (!yields) return;
  Turns& own = of(thread);
  const auto others = enabled & ~bit(thread.slot);
  if (own.yields++ == 0) {
    own.starved = others;
    own.kept = 0;
  }
  yielding |= bit(thread.slot);
  if (own.yields < kYields) return;
  own.before |= own.starved | own.kept;
  own.starved = others;
  own.kept = 0;
  own.yields = 1;
}

std::uint64_t fair(std::uint64_t enabled) {
  std::uint64_t result = enabled;
  each_yielding([&](int slot, Turns& each) {
    each.starved &= enabled;
    if ((each.before & enabled) != 0) result &= ~bit(slot);
  });
  return result;
}

void note_blocked(const Thread& thread) {
  // A lock is free again soon, and who gets it looks and yields as before.
  const auto kind = thread.pending.kind;
  if (kind == OpKind::kLock || kind == OpKind::kReadLock || kind == OpKind::kWriteLock) return;
  if ((yielding & bit(thread.slot)) != 0) of(thread).yields = 0;
}

void note_run(const Thread& thread) {
  each_yielding([&](int, Turns& each) {
    each.starved &= ~bit(thread.slot);
    each.kept &= ~bit(thread.slot);
    each.before &= ~bit(thread.slot);
  });
}

}  // namespace drill::explore
