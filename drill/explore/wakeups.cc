#include "drill/explore/wakeups.h"

#include <algorithm>
#include <bit>

namespace drill::explore {
namespace {

bool woken_by_itself = false;  // Once a schedule.

std::uint64_t bit(int slot) { return std::uint64_t{1} << slot; }

// Wake-ups that fewer are left for than there are wake-ups have gone to those who left.
void drop_void_wakeups(Object& object) {
  for (std::size_t i = 0; i < object.wakeups.size();) {
    if (static_cast<std::size_t>(std::popcount(object.wakeups[i])) < i + 1) {
      object.wakeups.erase(object.wakeups.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

}  // namespace

void begin_waiting(Object& object, int slot) { object.waiters |= bit(slot); }

void wake_one(Object& object) {
  // Every waiter has a wake-up of its own already.
  if (object.wakeups.size() == static_cast<std::size_t>(std::popcount(object.waiters))) return;
  const PassThrough pass_through;
  object.wakeups.push_back(object.waiters);
}

void wake_all(Object& object) {
  const PassThrough pass_through;
  object.wakeups.assign(static_cast<std::size_t>(std::popcount(object.waiters)), object.waiters);
}

bool may_leave(const Object& object, int slot) {
  return std::any_of(object.wakeups.begin(), object.wakeups.end(),
                     [slot](std::uint64_t meant_for) { return (meant_for & bit(slot)) != 0; });
}

bool may_wake_by_itself(const Thread& thread) {
  const Operation& pending = thread.pending;
  return !woken_by_itself && pending.kind == OpKind::kWakeUp && pending.mutex->owner < 0;
}

void wake_by_itself(Thread& thread) { woken_by_itself = thread.woken_by_none = true; }

bool has_woken_by_itself() { return woken_by_itself; }

void begin_wakeups() { woken_by_itself = false; }

void end_waiting(Object& object, int slot, bool woken) {
  object.waiters &= ~bit(slot);
  if (woken) {
    // The oldest that it may take: later ones are meant for at least as many.
    const auto taken =
        std::find_if(object.wakeups.begin(), object.wakeups.end(),
                     [slot](std::uint64_t meant_for) { return (meant_for & bit(slot)) != 0; });
    if (taken != object.wakeups.end()) object.wakeups.erase(taken);
  }
  for (std::uint64_t& meant_for : object.wakeups) meant_for &= ~bit(slot);
  drop_void_wakeups(object);
}

}  // namespace drill::explore
