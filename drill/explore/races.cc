#include "drill/explore/races.h"

#include <algorithm>
#include <bit>

namespace drill::explore {
namespace {

bool touches(const Operation& operation, const Object* object) {
  return object != nullptr && (operation.object == object || operation.mutex == object);
}

// After these, and not before, others can have the object.
bool gives_up(OpKind kind) {
  return kind == OpKind::kUnlock || kind == OpKind::kReadWriteUnlock || kind == OpKind::kWait;
}

// The thread that an operation creates or joins.
int peer_of(const Operation& operation) {
  if (operation.kind != OpKind::kCreate && operation.kind != OpKind::kJoin) return -1;
  return static_cast<int>(reinterpret_cast<const Thread*>(operation.object->address) -
                          threads.data());
}

}  // namespace

bool are_dependent(const Operation& a, const Operation& b) {
  if (only_reads(a.kind) && only_reads(b.kind)) return false;
  return touches(a, b.object) || touches(a, b.mutex);
}

void Races::clear() {
  nodes_.clear();
  events_.clear();
  objects_.clear();
  node_step_ = 0;
}

void Races::note(const Node& node) {
  nodes_.push_back(node);
  node_step_ = node.step;
}

int Races::number_of(const Object* object) {
  // Threads are joined and created in one order only.
  if (object == nullptr || object->kind == ObjectKind::kThread) return kNone;
  const auto found = std::find(objects_.begin(), objects_.end(), object);
  const auto number = static_cast<int>(found - objects_.begin());
  if (found == objects_.end()) objects_.push_back(object);
  return number;
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
                     .writes = !may_only_read(operation.kind),
                     .peer = peer_of(operation),
                     .objects = {number_of(operation.object), number_of(operation.mutex)},
                     .node = chosen_here ? static_cast<int>(nodes_.size()) - 1 : kNone,
                     .turn = same_turn ? events_.back().turn : at,
                     .yields = yields      ? at
                               : same_turn ? events_.back().yields
                                           : kNone});
}

void Races::advance(Order& order, const Event& event, int at) {
  auto& own = order[static_cast<std::size_t>(event.slot)];
  own[static_cast<std::size_t>(event.slot)] = at;
  if (event.peer == kNone || event.blocked) return;
  auto& peer = order[static_cast<std::size_t>(event.peer)];
  auto& later = event.kind == OpKind::kCreate ? peer : own;
  const auto& earlier = event.kind == OpKind::kCreate ? own : peer;
  for (std::size_t i = 0; i < later.size(); ++i) later[i] = std::max(later[i], earlier[i]);
}

void Races::for_each_reversal(const std::function<void(const Node&, int)>& reverse) const {
  std::vector<Last> last(objects_.size());
  for (Last& of : last) {
    of.read.fill(kNone);
    of.write.fill(kNone);
    of.acquire.fill(kNone);
  }
  Order order(static_cast<std::size_t>(slots_in_use));
  for (auto& before : order) before.fill(kNone);
  const auto try_at = [&](int event, int slot) {
    const int at = events_[static_cast<std::size_t>(event)].node;
    if (at == kNone) return;
    const Node& node = nodes_[static_cast<std::size_t>(at)];
    if (node.chosen == slot) return;
    std::uint64_t wanted = node.candidates;
    if ((wanted >> slot & 1) != 0) wanted = std::uint64_t{1} << slot;
    for (; wanted != 0; wanted &= wanted - 1) reverse(node, std::countr_zero(wanted));
  };
  const auto reverse_before = [&](int event, int slot) {
    if (event == kNone) return;
    const Event& first = events_[static_cast<std::size_t>(event)];
    try_at(event, slot);
    try_at(first.turn, slot);
    if (first.yields != kNone) try_at(first.yields, slot);
  };
  for (int j = 0; j < static_cast<int>(events_.size()); ++j) {
    const Event& event = events_[static_cast<std::size_t>(j)];
    advance(order, event, j);
    const auto own = static_cast<std::size_t>(event.slot);
    for (const int object : event.objects) {
      if (object == kNone) continue;
      Last& of = last[static_cast<std::size_t>(object)];
      for (std::size_t other = 0; other < order.size(); ++other) {
        if (other == own) continue;
        const int before =
            event.writes ? std::max(of.read[other], of.write[other]) : of.write[other];
        // Created after it, or having joined its thread: in no schedule the other way round.
        if (before <= order[own][other]) continue;
        reverse_before(before, event.slot);
        if (gives_up(events_[static_cast<std::size_t>(before)].kind)) {
          reverse_before(of.acquire[other], event.slot);
        }
      }
      if (event.blocked) continue;
      (event.writes ? of.write : of.read)[own] = j;
      if (!gives_up(event.kind)) of.acquire[own] = j;
    }
  }
}

}  // namespace drill::explore
