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

class Random final : public Search {
 public:
  explicit Random(std::uint64_t seed) : random_(seed) {}

  bool next() override {
    for (auto& priority : priorities_) priority = kChanges + random_() % 1'000'000;
    for (auto& change : changes_) change = 1 + random_() % std::max(report->longest, kLengthMin);
    return true;
  }

  int choose(const Point& point) override {
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

class Sample final : public Search {
 public:
  explicit Sample(std::uint64_t seed) : random_(seed), walk_(seed) {}

  bool next() override {
    walks_ = !walks_;
    return now().next();
  }
  int choose(const Point& point) override { return now().choose(point); }
  void passed(const Thread&, bool) override {}
  void modified(const Object&) override {}
  void finish() override {}
  bool exhausted() const override { return false; }

 private:
  Search& now() { return walks_ ? static_cast<Search&>(walk_) : random_; }

  Random random_;
  Walk walk_;
  bool walks_ = true;
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

std::unique_ptr<Search> make_walk(std::uint64_t seed) { return std::make_unique<Walk>(seed); }

std::unique_ptr<Search> make_sample(std::uint64_t seed) { return std::make_unique<Sample>(seed); }

std::unique_ptr<Search> make_replay(Switches switches) {
  return std::make_unique<Replay>(std::move(switches));
}

}  // namespace drill::explore
