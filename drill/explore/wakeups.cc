#include "drill/explore/wakeups.h"

#include <algorithm>
#include <bit>

#include "drill/explore/thread.h"

namespace drill::explore {
namespace {

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

void end_waiting(Object& object, int slot, bool timed_out) {
  object.waiters &= ~bit(slot);
  if (!timed_out) {
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
