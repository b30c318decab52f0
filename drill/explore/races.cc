#include "drill/explore/races.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "drill/explore/findings.h"
#include "drill/explore/hash.h"

namespace drill::explore {
namespace {

std::uint64_t bit(int slot) { return std::uint64_t{1} << slot; }

// The thread that an operation creates or joins.
int peer_of(const Operation& operation) {
  if (operation.kind != OpKind::kCreate && operation.kind != OpKind::kJoin) return -1;
  return static_cast<int>(reinterpret_cast<const Thread*>(operation.object->address) -
                          threads.data());
}

// Operations that are found to change something, or not, when they are carried out.
bool may_only_read(OpKind kind) {
  switch (kind) {
    case OpKind::kReadModifyWrite:  // Of a taken spin lock.
    case OpKind::kTryLock:
    case OpKind::kTryAcquire:
    case OpKind::kSignal:  // Nobody waits.
    case OpKind::kBroadcast:
    case OpKind::kFutexWait:  // The value is another by now.
    case OpKind::kFutexWake:
    case OpKind::kOnce:  // It has been done.
      return true;
    default:
      return false;
  }
}

bool reads_only(const Operation& operation, int slot) {
  switch (operation.kind) {
    case OpKind::kLoad:
    // Readers do not tell each other's coming and going. A writer's try does, even a failed one.
    case OpKind::kReadLock:
    case OpKind::kTryReadLock:
    case OpKind::kTimedReadLock:
      return true;
    case OpKind::kReadWriteUnlock:
      return operation.object->owner != slot;
    default:
      return false;
  }
}

// A lock is not given up while another takes it: their order changes with who took it first. One
// who waits until a deadline can be in between.
bool never_both(OpKind before, OpKind after) {
  const bool gives_up =
      before == OpKind::kUnlock || before == OpKind::kReadWriteUnlock || before == OpKind::kWait;
  return gives_up &&
         (after == OpKind::kLock || after == OpKind::kReadLock || after == OpKind::kWriteLock);
}

bool waits_in_queue(OpKind kind) {
  switch (kind) {
    case OpKind::kWait:
    case OpKind::kWakeUp:
    case OpKind::kSignal:
    case OpKind::kBroadcast:
    case OpKind::kFutexWait:
    case OpKind::kFutexWakeUp:
    case OpKind::kFutexWake:
    case OpKind::kArrive:
    case OpKind::kBarrierPass:
      return true;
    default:
      return false;
  }
}

}  // namespace

void Touches::add(const Object& object, bool queue, bool write) {
  if (count == kMax) {
    conclude(Outcome::kUnsupported, "an atomic operation covers more objects than fit");
  }
  at[static_cast<std::size_t>(count++)] = {2 * object.index + (queue ? 1 : 0), write};
}

Touches touches_of(const Operation& operation, int slot) {
  Touches touches;
  const Object* object = operation.object;
  // Threads are joined and created in one order only.
  if (object == nullptr || object->kind == ObjectKind::kThread) return touches;
  // The load before it has touched the object, and nobody runs between the two.
  if (operation.kind == OpKind::kLatestValue || operation.kind == OpKind::kOlderValue) {
    return touches;
  }
  touches.add(*object, waits_in_queue(operation.kind), !reads_only(operation, slot));
  if (operation.kind == OpKind::kFutexWait) touches.add(*object, false, false);
  if (operation.mutex != nullptr) touches.add(*operation.mutex, false, true);
  for (const Object* other : object->overlaps) {
    touches.add(*other, false, !reads_only(operation, slot));
  }
  return touches;
}

bool are_dependent(const Touches& a, const Touches& b) {
  for (int i = 0; i < a.count; ++i) {
    for (int j = 0; j < b.count; ++j) {
      const Touch& one = a.at[static_cast<std::size_t>(i)];
      const Touch& other = b.at[static_cast<std::size_t>(j)];
      if (one.place == other.place && (one.write || other.write)) return true;
    }
  }
  return false;
}

void Races::clear() {
  nodes_.clear();
  events_.clear();
  node_step_ = 0;
}

void Races::note(const Node& node) {
  nodes_.push_back(node);
  node_step_ = node.step;
}

void Races::note(const Thread& thread, bool blocked) {
  const Operation& operation = thread.pending;
  const int at = static_cast<int>(events_.size());
  const bool chosen_here = !blocked && node_step_ == step();
  const bool same_turn = !events_.empty() && events_.back().slot == thread.slot;
  const bool yields = operation.kind == OpKind::kYield;
  events_.push_back({.slot = thread.slot,
                     .kind = operation.kind,
                     .blocked = blocked,
                     .enabled = enabled_here(),
                     .peer = peer_of(operation),
                     .touches = touches_of(operation, thread.slot),
                     .earlier = {},
                     .node = chosen_here ? static_cast<int>(nodes_.size()) - 1 : kNone,
                     .turn = same_turn ? events_.back().turn : at,
                     .yields = yields      ? at
                               : same_turn ? events_.back().yields
                                           : kNone});
  // Until it is told that it has changed something.
  if (may_only_read(operation.kind)) events_.back().touches.at[0].write = false;
}

void Races::note_write(const Object& object) {
  Event& event = events_.back();
  if (may_only_read(event.kind) && event.touches.at[0].place / 2 == object.index) {
    event.touches.at[0].write = true;
  }
}

void Races::join(Past& past, const Past& other) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(slots_in_use); ++i) {
    past[i] = std::max(past[i], other[i]);
  }
}

// `slot` is to run instead of `event`, or, where it could not, who brought it to where it is now.
void Races::try_at(int event, int slot, const Past& past, const Reverse& reverse) const {
  const int at = events_[static_cast<std::size_t>(event)].node;
  if (at == kNone) return;
  const Node& node = nodes_[static_cast<std::size_t>(at)];
  if (node.chosen == slot) return;
  std::uint64_t wanted = node.candidates & bit(slot);
  if (wanted == 0) {
    for (std::uint64_t left = node.candidates; left != 0; left &= left - 1) {
      const int other = std::countr_zero(left);
      if (past[static_cast<std::size_t>(other)] >= event) wanted |= bit(other);
    }
  }
  if (wanted == 0) wanted = node.candidates;
  for (; wanted != 0; wanted &= wanted - 1) reverse(node, std::countr_zero(wanted));
}

void Races::reverse_before(int event, int j, const Past& past, const Reverse& reverse) const {
  const Event& first = events_[static_cast<std::size_t>(event)];
  const int slot = events_[static_cast<std::size_t>(j)].slot;
  try_at(event, slot, past, reverse);
  try_at(first.turn, slot, past, reverse);
  if (first.yields != kNone) try_at(first.yields, slot, past, reverse);
}

void Races::find_reversals(int j, const Reverse& reverse) const {
  const Event& event = events_[static_cast<std::size_t>(j)];
  const Past& past = pasts_[static_cast<std::size_t>(event.slot)];
  const int previous = previous_[static_cast<std::size_t>(event.slot)];
  for (int i = 0; i < event.touches.count; ++i) {
    const Touch& touch = event.touches.at[static_cast<std::size_t>(i)];
    const Place& place = places_[static_cast<std::size_t>(touch.place)];
    for (int other = 0; other < slots_in_use; ++other) {
      if (other == event.slot) continue;
      int at = place.last[static_cast<std::size_t>(other)];
      // What is ordered before it otherwise comes first in every schedule, unless the other order
      // is tried of what orders them.
      while (at > past[static_cast<std::size_t>(other)]) {
        const Event& before = events_[static_cast<std::size_t>(at)];
        std::size_t of = 0;
        while (before.touches.at[of].place != touch.place) ++of;
        const bool conflict = touch.write || before.touches.at[of].write;
        // Standing at the operation already, but unable to carry it out.
        const bool impossible = at > previous && (before.enabled & bit(event.slot)) == 0;
        if (conflict && !impossible && !never_both(before.kind, event.kind)) {
          reverse_before(at, j, past, reverse);
          break;
        }
        // Who came up to the lock before it was given up would give way there for nothing, where to
        // be preempted later is one preemption more.
        if (conflict && !impossible && at < previous) try_at(at, event.slot, past, reverse);
        at = before.earlier[of];
      }
    }
  }
}

// Of what its thread did before, and of what it depends on in other threads.
std::uint64_t Races::hash_of_past(const Event& event) const {
  std::uint64_t hash =
      mixed(hashes_[static_cast<std::size_t>(event.slot)], static_cast<std::uint64_t>(event.kind));
  for (int i = 0; i < event.touches.count; ++i) {
    const Touch& touch = event.touches.at[static_cast<std::size_t>(i)];
    const Place& place = places_[static_cast<std::size_t>(touch.place)];
    hash = mixed(hash, place.writer);
    if (touch.write) hash = mixed(hash, place.readers);
  }
  return hash;
}

std::uint64_t Races::order() const {
  std::uint64_t hash = hashes_.size();
  for (const std::uint64_t of_thread : hashes_) hash = mixed(hash, of_thread);
  return hash;
}

// What follows from the event's being carried out.
void Races::advance(int j) {
  Event& event = events_[static_cast<std::size_t>(j)];
  const auto own = static_cast<std::size_t>(event.slot);
  if (event.node != kNone) nodes_[static_cast<std::size_t>(event.node)].past = order();
  const std::uint64_t hash = hash_of_past(event);
  hashes_[own] = hash;
  Past& past = pasts_[own];
  if (event.kind == OpKind::kJoin) join(past, pasts_[static_cast<std::size_t>(event.peer)]);
  for (int i = 0; i < event.touches.count; ++i) {
    const Touch& touch = event.touches.at[static_cast<std::size_t>(i)];
    const Place& place = places_[static_cast<std::size_t>(touch.place)];
    join(past, place.written);
    if (touch.write) join(past, place.read);
  }
  past[own] = j;
  previous_[own] = j;
  for (int i = 0; i < event.touches.count; ++i) {
    const Touch& touch = event.touches.at[static_cast<std::size_t>(i)];
    Place& place = places_[static_cast<std::size_t>(touch.place)];
    join(touch.write ? place.written : place.read, past);
    if (touch.write) {
      place.writer = hash;
      place.readers = 0;
    } else {
      place.readers += hash;
    }
    event.earlier[static_cast<std::size_t>(i)] = place.last[own];
    place.last[own] = j;
  }
  if (event.kind == OpKind::kCreate) join(pasts_[static_cast<std::size_t>(event.peer)], past);
}

void Races::for_each_reversal(const Reverse& reverse) {
  Past nothing;
  nothing.fill(kNone);
  places_.assign(static_cast<std::size_t>(2 * objects_used()), {nothing, nothing, nothing, 0, 0});
  pasts_.assign(static_cast<std::size_t>(slots_in_use), nothing);
  previous_.assign(static_cast<std::size_t>(slots_in_use), kNone);
  hashes_.resize(static_cast<std::size_t>(slots_in_use));
  std::iota(hashes_.begin(), hashes_.end(), 1);
  for (int j = 0; j < static_cast<int>(events_.size()); ++j) {
    find_reversals(j, reverse);
    if (!events_[static_cast<std::size_t>(j)].blocked) advance(j);
  }
}

}  // namespace drill::explore
