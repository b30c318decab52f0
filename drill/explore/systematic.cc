#include <algorithm>
#include <bit>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "drill/explore/hash.h"
#include "drill/explore/idling.h"
#include "drill/explore/races.h"
#include "drill/explore/search.h"
#include "drill/explore/trace.h"
#include "drill/explore/wakeups.h"

namespace drill::explore {
namespace {

std::uint64_t bit(int slot) { return std::uint64_t{1} << slot; }

// A schedule to run: the last switch is new, those before it were run in another schedule.
struct Item {
  Switches switches;
  std::uint64_t fingerprint = 0;  // At the last switch: other steps than before tell a program that
                                  // is not deterministic.
};

// Of a point or a node: whether to let `slot` run there counts as a preemption.
template <class Place>
bool is_preemption(const Place& place, int slot) {
  return slot == place.current ? place.may_go_on : place.current_stays;
}

std::uint64_t hash_of(const Switches& switches) {
  std::uint64_t hash = switches.size();
  for (const Switch& at : switches) {
    hash = mixed(hash, at.step | static_cast<std::uint64_t>(at.slot) << 32);
  }
  return hash;
}

class Systematic final : public Search {
 public:
  Systematic(int bound, bool reduce) : bound_(bound), reduce_(reduce) { now_.push_back({}); }

  bool next() override;
  int choose(const Point& point) override;
  void passed(const Thread& thread, bool blocked) override;
  void modified(const Object& object) override {
    if (!redundant_) races_.note_write(object);
  }
  void finish() override;
  bool exhausted() const override { return exhausted_; }
  bool leaves_some() const override { return leaves_some_; }

 private:
  static constexpr int kNobody = -1;
  // Schedules known of: about 100 bytes each. Beyond it the search is given up as too large.
  static constexpr std::size_t kKnownMax = 4'000'000;
  struct Sleeper {
    int slot;
    Touches touches;
  };

  int follow(const Point& point);
  int default_awake(const Point& point);
  bool is_asleep(int slot) const {
    return std::any_of(asleep_.begin(), asleep_.end(),
                       [slot](const Sleeper& sleeper) { return sleeper.slot == slot; });
  }
  std::uint64_t sleepers() const {
    std::uint64_t mask = 0;
    for (const Sleeper& sleeper : asleep_) mask |= bit(sleeper.slot);
    return mask;
  }
  std::uint64_t context(const Point& point) const;
  void branch_everywhere();
  void branch_where_one_rests();
  void branch(const Node& node, int slot);
  bool is_known(const Node& node, int slot, const Switches& switches, int preemptions);

  const int bound_;
  const bool reduce_;
  bool exhausted_ = false;
  int level_ = 0;
  std::vector<Item> now_;                         // With level_ preemptions.
  std::vector<Item> later_;                       // With one more.
  std::unordered_map<std::uint64_t, int> known_;  // All that were put there: see is_known().
  std::unordered_set<std::uint64_t> orders_;      // Those that were run, by their partial order.

  // The schedule that runs.
  Item item_;
  std::size_t at_ = 0;  // The switch of item_ to come.
  int preemptions_ = 0;
  bool overflown_ = false;
  bool leaves_some_ = false;  // Schedules with more preemptions than its bound.
  bool redundant_ = false;    // What follows is run in another schedule.
  std::vector<Sleeper> asleep_;
  Races races_;
};

bool Systematic::next() {
  if (now_.empty()) {
    if (overflown_) return false;
    report->bound = level_;
    exhausted_ = level_ == bound_ || later_.empty();
    if (exhausted_) {
      report->bound = bound_;
      return false;
    }
    ++level_;
    now_.swap(later_);
  }
  item_ = std::move(now_.back());
  now_.pop_back();
  at_ = 0;
  preemptions_ = 0;
  redundant_ = false;
  asleep_.clear();
  races_.clear();
  return true;
}

int Systematic::choose(const Point& point) {
  const bool follows = at_ < item_.switches.size() && item_.switches[at_].step == point.step;
  const int before = preemptions_;
  const int by_default = default_awake(point);
  int chosen = follows ? follow(point) : by_default;
  if (chosen == kNobody) {
    redundant_ = true;
    chosen = point.by_default;
  }
  preemptions_ += is_preemption(point, chosen);
  if (!redundant_) {
    races_.note({.step = point.step,
                 .chosen = chosen,
                 .by_default = by_default,
                 .current = point.current,
                 .current_stays = point.current_stays,
                 .pointless = point.repeats && reduce_,
                 .may_go_on = point.may_go_on && !is_asleep(point.current),
                 .candidates = point.enabled & ~bit(chosen) & ~sleepers(),
                 .preemptions = before,
                 .fingerprint = fingerprint(),
                 .context = context(point)});
  }
  return chosen;
}

// Who may go on and who sleeps follow from the past but for the virtual time and for who had to
// give way, which may come of the order of independent operations.
std::uint64_t Systematic::context(const Point& point) const {
  const std::uint64_t hash = mixed(point.enabled, static_cast<std::uint64_t>(now_ns()));
  const int said =
      (has_found_older_value() ? 8 : 0) | (has_woken_by_itself() ? 4 : 0) | (has_gone_on() ? 2 : 0);
  return mixed(mixed(hash, sleepers()), static_cast<std::uint64_t>(said | point.current_stays));
}

int Systematic::follow(const Point& point) {
  const int slot = item_.switches[at_++].slot;
  const bool last = at_ == item_.switches.size();
  const bool goes_on = point.may_go_on && slot == point.current;
  const bool enabled = (point.enabled & bit(slot)) != 0;
  if ((!enabled && !goes_on) || (last && fingerprint() != item_.fingerprint)) {
    conclude(Outcome::kDiverged, "the same choices led to other steps than before");
  }
  // A preemption is worth its while if something that the delayed operation depends on happens
  // before it; else the schedule is one with a later preemption, in another order.
  if (reduce_ && point.current_stays && slot != point.current) {
    asleep_.push_back({point.current, touches_of(point.operation, point.current)});
  }
  return slot;
}

// By default, but nobody who sleeps; kNobody when all do.
int Systematic::default_awake(const Point& point) {
  if (asleep_.empty() || !is_asleep(point.by_default)) return point.by_default;
  if (std::has_single_bit(point.enabled)) return point.by_default;
  const std::uint64_t awake = point.enabled & ~sleepers();
  return awake != 0 ? std::countr_zero(awake) : kNobody;
}

void Systematic::passed(const Thread& thread, bool blocked) {
  if (!redundant_) races_.note(thread, blocked);
  if (asleep_.empty()) return;
  const Operation& operation = thread.pending;
  const Touches touches = touches_of(operation, thread.slot);
  std::erase_if(asleep_, [&](const Sleeper& sleeper) {
    if (sleeper.slot == thread.slot) return !blocked;
    // Who waits for the end of a thread waits for all that it still does.
    const bool joins = operation.kind == OpKind::kJoin && operation.object->owner == sleeper.slot;
    return joins || are_dependent(touches, sleeper.touches);
  });
}

void Systematic::finish() {
  if (at_ != item_.switches.size()) {
    conclude(Outcome::kDiverged, "the same choices led to fewer steps than before");
  }
  if (reduce_) {
    races_.for_each_reversal([this](const Node& node, int slot) { branch(node, slot); });
  } else {
    races_.for_each_reversal([](const Node&, int) {});
    branch_everywhere();
  }
  branch_where_one_rests();
  if (redundant_ || orders_.size() == kKnownMax) return;
  orders_.insert(races_.order());
  report->orders = orders_.size();
}

void Systematic::branch_everywhere() {
  for (const Node& node : races_.nodes()) {
    for (std::uint64_t left = node.candidates; left != 0; left &= left - 1) {
      branch(node, std::countr_zero(left));
    }
  }
}

void Systematic::branch_where_one_rests() {
  for (const Node& node : races_.nodes()) {
    if (node.may_go_on && node.chosen != node.current) branch(node, node.current);
  }
}

// Whether all that can follow once `slot` runs at `node` is run already: the threads are where they
// were at another such point, whatever the order of independent operations that led there; the same
// thread runs on, and at least as many preemptions were left. (Musuvathi and Qadeer, "Partial-Order
// Reduction for Context-Bounded State Exploration", MSR-TR-2007-12: happens-before caching.)
bool Systematic::is_known(const Node& node, int slot, const Switches& switches, int preemptions) {
  const bool delays = node.current_stays && slot != node.current;
  const bool goes_on = node.may_go_on && slot == node.current;
  const auto runs = static_cast<std::uint64_t>(goes_on) << 16 |
                    static_cast<std::uint64_t>(slot) << 8 |
                    (delays ? static_cast<std::uint64_t>(node.current) + 1 : 0);
  const std::uint64_t key =
      reduce_ ? mixed(mixed(node.past, node.context), runs) : hash_of(switches);
  const auto [found, is_new] = known_.try_emplace(key, preemptions);
  if (is_new) return false;
  return found->second <= std::exchange(found->second, std::min(found->second, preemptions));
}

// Has the schedule run that goes as this one until `node`, and there lets `slot` run.
void Systematic::branch(const Node& node, int slot) {
  // That schedule has been run: this one branched from it.
  if (slot == node.by_default) return;
  const int preemptions = node.preemptions + (is_preemption(node, slot) ? 1 : 0);
  if (node.pointless && slot != node.current && preemptions > node.preemptions) return;
  if (preemptions > bound_) {
    leaves_some_ = true;
    return;
  }
  Item child{{}, node.fingerprint};
  for (const Switch& at : item_.switches) {
    if (at.step < node.step) child.switches.push_back(at);
  }
  child.switches.push_back({node.step, slot});
  if (known_.size() == kKnownMax) overflown_ = true;
  if (overflown_ || is_known(node, slot, child.switches, preemptions)) return;
  (preemptions > level_ ? later_ : now_).push_back(std::move(child));
}

}  // namespace

std::unique_ptr<Search> make_systematic(int bound, bool reduce) {
  return std::make_unique<Systematic>(bound, reduce);
}

}  // namespace drill::explore
