#include "drill/explore/search.h"

#include <algorithm>
#include <array>
#include <bit>
#include <random>
#include <utility>

namespace drill::explore {
namespace {

std::uint64_t bit(int slot) { return std::uint64_t{1} << slot; }

// Who may be chosen at a point: who only pauses lets others run.
std::uint64_t candidates_at(const Point& point) {
  const std::uint64_t others = point.enabled & ~bit(point.current);
  return point.current_stays || others == 0 ? point.enabled : others;
}

// At a load that may find an older value, now and then it does.
int older_or_latest(const Point& point, std::uint64_t chance) {
  return chance % 8 == 0 ? point.current : point.by_default;
}

class Random final : public Search {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}

  bool next() override {
    for (auto& priority : priorities_) priority = kChanges + random_() % 1'000'000;
    for (auto& change : changes_) change = 1 + random_() % std::max(report->longest, kLengthMin);
    return true;
  }

  int choose(const Point& point) override {
    if (point.of_value) return older_or_latest(point, random_());
    const auto change = std::find(changes_.begin(), changes_.end(), point.step);
    if (change != changes_.end()) {
      priorities_[static_cast<std::size_t>(point.current)] =
          static_cast<std::uint64_t>(change - changes_.begin());
    }
    std::uint64_t candidates = candidates_at(point);
    int best = std::countr_zero(candidates);
    for (; candidates != 0; candidates &= candidates - 1) {
      const int slot = std::countr_zero(candidates);
      if (priority(slot) > priority(best)) best = slot;
    }
    return best;
  }

  void passed(const Thread&, bool) override {}
  void modified(const Object&) override {}
  void finish() override {}
  bool exhausted() const override { return false; }

 private:
  static constexpr std::size_t kChanges = 2;  // Depth 3: bugs that three orderings make.
  static constexpr std::uint64_t kLengthMin = 16;
  std::uint64_t priority(int slot) const { return priorities_[static_cast<std::size_t>(slot)]; }

  std::mt19937_64 random_;
  std::array<std::uint64_t, kThreadsMax> priorities_{};
  std::array<std::uint64_t, kChanges> changes_{};
};

class Walk final : public Search {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {}

  bool next() override {
    steps_a_choice_ = kStepsAChoice[random_() % kStepsAChoice.size()];
    first_starts_all_ = random_() % 4 != 0;
    for (auto& speed : speeds_) speed = 1 + random_() % 4;
    return true;
  }

  int choose(const Point& point) override {
    if (point.of_value) return older_or_latest(point, random_());
    const std::uint64_t candidates = candidates_at(point);
    if (first_starts_all_ && (candidates & bit(0)) != 0) return 0;
    const bool may_stay = (candidates & bit(point.current)) != 0;
    if (may_stay && random_() % steps_a_choice_ != 0) return point.current;
    return by_speed(candidates);
  }

  void passed(const Thread&, bool) override {}
  void modified(const Object&) override {}
  void finish() override {}
  bool exhausted() const override { return false; }

 private:
  static constexpr std::array<std::uint64_t, 5> kStepsAChoice = {1, 1, 2, 4, 8};

  std::uint64_t speed(int slot) const { return speeds_[static_cast<std::size_t>(slot)]; }

  int by_speed(std::uint64_t candidates) {
    std::uint64_t sum = 0;
    for (auto left = candidates; left != 0; left &= left - 1) sum += speed(std::countr_zero(left));
    for (std::uint64_t at = random_() % sum;; candidates &= candidates - 1) {
      const int slot = std::countr_zero(candidates);
      if (at < speed(slot)) return slot;
      at -= speed(slot);
    }
  }

  std::mt19937_64 random_;
  std::uint64_t steps_a_choice_ = 1;
  bool first_starts_all_ = true;  // Before any of them runs: else most are over before they meet.
  std::array<std::uint64_t, kThreadsMax> speeds_{};  // One may overtake another many times.
};

// One thread is overtaken as often as the others can: whenever it is about to come back to what it
// has used before (the exchange of a loop, the second look of a sequence lock), others run until
// that has changed. A few schedules: each thread in turn, by one change, two and three.
class Overtaken final : public Search {
 public:
  bool next() override {
    const int others = std::min(std::max(slots_in_use - 1, 1), kVictimsMax);
    if (round_ >= others * kChangesMax) return false;
    victim_ = 1 + round_ % others;
    changes_wanted_ = 1 + round_ / others;
    ++round_;
    used_.clear();
    changes_ = 0;
    return true;
  }

  int choose(const Point& point) override {
    const std::uint64_t candidates = candidates_at(point);
    if ((candidates & bit(0)) != 0) return 0;  // It starts the others.
    const std::uint64_t others = candidates & ~bit(victim_);
    if (others == candidates || (others != 0 && is_to_wait())) {
      return (others & bit(point.current)) != 0 ? point.current : std::countr_zero(others);
    }
    return victim_;
  }

  void passed(const Thread& thread, bool blocked) override {
    if (thread.slot != victim_ || blocked) return;
    used_.insert(thread.pending.object);
    changes_ = 0;
  }
  void modified(const Object& object) override {
    if (running().slot == victim_) return;
    if (&object == threads[static_cast<std::size_t>(victim_)].pending.object) ++changes_;
  }
  void finish() override {}
  bool exhausted() const override { return false; }

 private:
  static constexpr int kVictimsMax = 6;
  static constexpr int kChangesMax = 3;

  bool is_to_wait() const {
    const Object* object = threads[static_cast<std::size_t>(victim_)].pending.object;
    return object != nullptr && used_.contains(object) && changes_ < changes_wanted_;
  }

  int round_ = 0;
  int victim_ = 1;
  int changes_wanted_ = 1;
  int changes_ = 0;                         // Of what the victim is about to use.
  std::unordered_set<const Object*> used_;  // By the victim, in this schedule.
};

class Sample final : public Search {
 public:
  Sample(std::uint64_t seed, bool with_priorities)
      : with_priorities_(with_priorities), random_(seed), walk_(seed) {}

  bool next() override {
    if (now_ == &overtaken_ && now_->next()) return true;
    now_ = with_priorities_ && now_ == &walk_ ? static_cast<Search*>(&random_) : &walk_;
    return now_->next();
  }
  int choose(const Point& point) override { return now_->choose(point); }
  void passed(const Thread& thread, bool blocked) override { now_->passed(thread, blocked); }
  void modified(const Object& object) override { now_->modified(object); }
  void finish() override {}
  bool exhausted() const override { return false; }

 private:
  const bool with_priorities_;
  Overtaken overtaken_;
  Random random_;
  Walk walk_;
  Search* now_ = &overtaken_;
};

class Replay final : public Search {
 public:
  explicit Replay(Switches switches) : switches_(std::move(switches)) {}

  bool next() override { return !std::exchange(started_, true); }

  int choose(const Point& point) override {
    while (at_ < switches_.size() && switches_[at_].step < point.step) ++at_;
    if (at_ == switches_.size() || switches_[at_].step != point.step) return point.by_default;
    const int slot = switches_[at_].slot;
    // A switch that cannot be made is left out; the fingerprint tells.
    const bool goes_on = point.may_go_on && slot == point.current;
    const bool enabled = slot < kThreadsMax && (point.enabled & bit(slot)) != 0;
    return enabled || goes_on ? slot : point.by_default;
  }

  void passed(const Thread&, bool) override {}
  void modified(const Object&) override {}
  void finish() override {}
  bool exhausted() const override { return false; }

 private:
  Switches switches_;
  std::size_t at_ = 0;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Search> make_random(std::uint64_t seed) { return std::make_unique<Random>(seed); }

std::unique_ptr<Search> make_beyond(std::uint64_t seed) {
  return std::make_unique<Sample>(seed, false);
}

std::unique_ptr<Search> make_sample(std::uint64_t seed) {
  return std::make_unique<Sample>(seed, true);
}

std::unique_ptr<Search> make_replay(Switches switches) {
  return std::make_unique<Replay>(std::move(switches));
}

}  // namespace drill::explore
