#include <algorithm>
#include <bit>
#include <deque>

#include "drill/explore/search.h"
#include "drill/explore/trace.h"

namespace drill::explore {
namespace {

std::uint64_t bit(int slot) { return std::uint64_t{1} << slot; }

bool touches(const Operation& a, const Object* object) {
  return object != nullptr && (a.object == object || a.mutex == object);
}

// Whether swapping two neighbouring operations of different threads can be told.
bool dependent(const Operation& a, const Operation& b) {
  if (only_reads(a.kind) && only_reads(b.kind)) return false;
  return touches(a, b.object) || touches(a, b.mutex);
}

// A point of the schedule at which others could have run.
struct Node {
  std::uint32_t step;
  int chosen;
  bool current_stays;
  bool pointless;            // Preempting here leads nowhere new.
  std::uint64_t candidates;  // Bit a slot: could have run instead.
  Address object;            // Of the operation that a preemption would delay.
  std::uint64_t fingerprint;
};

// A schedule to run: the last switch is new, those before it were run in another schedule.
struct Item {
  Switches switches;
  int preemptions = 0;
  std::uint64_t fingerprint =
      0;  // At the last switch, to notice a program that is not deterministic.
};

class Systematic final : public Search {
 public:
  Systematic(int bound, bool reduce) : bound_(bound), reduce_(reduce) { now_.push_back({}); }

  bool next() override {
    if (now_.empty() && !deepen()) return false;
    item_ = std::move(now_.back());
    now_.pop_back();
    at_ = 0;
    redundant_ = false;
    nodes_.clear();
    asleep_.clear();
    touched_.clear();
    return true;
  }

  int choose(const Point& point) override {
    if (at_ < item_.switches.size() && item_.switches[at_].step == point.step) return follow(point);
    const int chosen = wake_default(point);
    if (at_ == item_.switches.size() && !redundant_) note(point, chosen);
    return chosen;
  }

  void passed(const Thread& thread, bool blocked) override;
  void finish() override;
  bool exhausted() const override { return exhausted_; }

 private:
  struct Sleeper {
    int slot;
    Operation operation;
  };
  struct Touched {
    const Object* object;
    std::uint64_t by, written_by;
  };

  bool deepen();
  int follow(const Point& point);
  int wake_default(const Point& point);
  void note(const Point& point, int chosen);
  void note_use(const Thread& thread);
  bool is_asleep(int slot) const {
    return std::any_of(asleep_.begin(), asleep_.end(),
                       [slot](const Sleeper& sleeper) { return sleeper.slot == slot; });
  }
  void branch(const Node& node);

  int bound_;
  bool reduce_;
  bool exhausted_ = false;
  bool found_shared_ = false;  // Since the search began anew.
  std::uint64_t runs_ = 0;     // Since the search began anew.
  int level_ = 0;
  std::vector<Item> now_;    // With level_ preemptions.
  std::vector<Item> later_;  // With one more.
  Item item_;
  std::size_t at_ = 0;      // The switch of item_ to come.
  bool redundant_ = false;  // What follows is run in another schedule.
  std::vector<Node> nodes_;
  std::vector<Sleeper> asleep_;
  std::vector<Touched> touched_;
  std::unordered_set<Address> shared_;  // Objects that two threads use and one changes.
};

// When a level has been run: on to the next; or from the start, when objects turned out to be
// shared after schedules had been left out because they were not.
bool Systematic::deepen() {
  if (found_shared_) {
    found_shared_ = false;
    runs_ = 0;
    level_ = 0;
    later_.clear();
    now_.push_back({});
    return true;
  }
  report->bound = level_;
  if (level_ == bound_ || later_.empty()) {
    exhausted_ = true;
    report->bound = bound_;
    return false;
  }
  ++level_;
  now_.swap(later_);
  return true;
}

int Systematic::follow(const Point& point) {
  const int slot = item_.switches[at_++].slot;
  const bool last = at_ == item_.switches.size();
  if ((point.enabled & bit(slot)) == 0 || (last && fingerprint() != item_.fingerprint)) {
    conclude(Outcome::kDiverged, "the same choices led to other steps than before");
  }
  if (reduce_ && point.current_stays && slot != point.current) {
    asleep_.push_back({point.current, point.operation});
  }
  return slot;
}

// By default, but nobody who sleeps.
int Systematic::wake_default(const Point& point) {
  if (asleep_.empty() || !is_asleep(point.by_default)) return point.by_default;
  std::uint64_t awake = point.enabled;
  for (const Sleeper& sleeper : asleep_) awake &= ~bit(sleeper.slot);
  if (awake != 0) return std::countr_zero(awake);
  redundant_ = true;
  return point.by_default;
}

void Systematic::note(const Point& point, int chosen) {
  std::uint64_t candidates = point.enabled & ~bit(chosen);
  for (const Sleeper& sleeper : asleep_) candidates &= ~bit(sleeper.slot);
  if (candidates == 0) return;
  const Object* object = point.operation.object;
  nodes_.push_back({point.step, chosen, point.current_stays, point.repeats && reduce_, candidates,
                    object != nullptr ? object->address : 0, fingerprint()});
}

void Systematic::passed(const Thread& thread, bool blocked) {
  const Operation& operation = thread.pending;
  note_use(thread);
  std::erase_if(asleep_, [&](const Sleeper& sleeper) {
    if (sleeper.slot == thread.slot) return !blocked;
    // Who waits for the end of a thread waits for all that it still does.
    const bool joins = operation.kind == OpKind::kJoin && operation.object->owner == sleeper.slot;
    return joins || dependent(operation, sleeper.operation);
  });
}

void Systematic::note_use(const Thread& thread) {
  for (const Object* object : {thread.pending.object, thread.pending.mutex}) {
    if (object == nullptr) continue;
    auto found = std::find_if(touched_.begin(), touched_.end(),
                              [&](const Touched& touched) { return touched.object == object; });
    if (found == touched_.end()) found = touched_.insert(found, {object, 0, 0});
    found->by |= bit(thread.slot);
    if (!only_reads(thread.pending.kind)) found->written_by |= bit(thread.slot);
  }
}

void Systematic::finish() {
  if (at_ != item_.switches.size()) {
    conclude(Outcome::kDiverged, "the same choices led to fewer steps than before");
  }
  for (const Touched& touched : touched_) {
    if (std::popcount(touched.by) < 2 || touched.written_by == 0) continue;
    const bool is_new = shared_.insert(touched.object->address).second;
    found_shared_ = found_shared_ || (is_new && runs_ > 0);
  }
  ++runs_;
  for (const Node& node : nodes_) branch(node);
}

void Systematic::branch(const Node& node) {
  const bool needless = node.pointless || (reduce_ && !shared_.contains(node.object));
  for (std::uint64_t left = node.candidates; left != 0; left &= left - 1) {
    const int slot = std::countr_zero(left);
    const bool preempts = node.current_stays;
    if (preempts && (needless || item_.preemptions == bound_)) continue;
    Item child{item_.switches, item_.preemptions + preempts, node.fingerprint};
    child.switches.push_back({node.step, slot});
    (preempts ? later_ : now_).push_back(std::move(child));
  }
}

}  // namespace

std::unique_ptr<Search> make_systematic(int bound, bool reduce) {
  return std::make_unique<Systematic>(bound, reduce);
}

}  // namespace drill::explore
