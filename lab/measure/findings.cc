#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "lab/measure/bench.h"

namespace lab::measure {
namespace {

// A difference smaller than this is not told, however little repetitions differ.
constexpr double kTold = 0.05;
constexpr std::size_t kRepetitionsMin = 3;
const std::vector<std::string> kMixes = {"read_mostly", "write_mostly"};

std::string in_words(const std::string& mix) {
  return mix == "read_mostly" ? "read-mostly" : "write-mostly";
}

std::string threads_in_words(int threads) {
  return fmt::format("{} thread{}", threads, threads == 1 ? "" : "s");
}

// How one variant does beside another in one cell.
struct Ratio {
  std::string mix;
  int threads = 0;
  double value = 0;  // Of their rates.
  int sign = 0;      // -1, 0, 1: slower, about the same, faster.
};

std::vector<Ratio> ratios(const ScenarioBench& scenario, const Measured& one,
                          const Measured& other) {
  std::vector<Ratio> result;
  for (const auto& mix : kMixes) {
    for (const int threads : scenario.threads) {
      const auto* a = one.cell(mix, threads);
      const auto* b = other.cell(mix, threads);
      if (!a || !b || b->rate() <= 0 || a->rate() <= 0) continue;
      const double value = a->rate() / b->rate();
      // Half the spread on either side of a median.
      const double noise = std::max(kTold, (a->spread() + b->spread()) / 2);
      const int sign = std::abs(value - 1) <= noise ? 0 : (value > 1 ? 1 : -1);
      result.push_back({mix, threads, value, sign});
    }
  }
  return result;
}

std::string factor(double value) {
  if (value < 1) return fmt::format("{:.0f}% fewer calls", (1 - value) * 100);
  if (value < 1.95) return fmt::format("{:.0f}% more calls", (value - 1) * 100);
  return fmt::format("{:.1f} times the calls", value);
}

// "on 1 thread read-mostly (12% fewer calls), ..." of those of this sign; empty when none.
std::string places(const std::vector<Ratio>& all, int sign) {
  std::string text;
  for (const auto& mix : kMixes) {
    std::string of_mix;
    for (const auto& ratio : all) {
      if (ratio.mix != mix || ratio.sign != sign) continue;
      of_mix += (of_mix.empty() ? "" : ", ") + threads_in_words(ratio.threads);
      if (sign != 0) of_mix += " (" + factor(ratio.value) + ")";
    }
    if (!of_mix.empty()) text += (text.empty() ? "" : "; ") + in_words(mix) + " on " + of_mix;
  }
  return text;
}

void compare(const ScenarioBench& scenario, const std::string& one, const std::string& other,
             const char* loses, const char* wins, std::vector<std::string>& sentences) {
  const auto* a = scenario.variant(one);
  const auto* b = scenario.variant(other);
  if (!a || !b) return;
  const auto all = ratios(scenario, *a, *b);
  if (all.empty()) return;
  const auto worse = places(all, -1);
  const auto better = places(all, 1);
  if (!worse.empty()) sentences.push_back(fmt::format("{} {}.", loses, worse));
  if (!better.empty()) sentences.push_back(fmt::format("{} {}.", wins, better));
  if (worse.empty() && better.empty()) {
    sentences.push_back(fmt::format("{} and {} do about the same everywhere.", one, other));
  }
}

std::string nanoseconds(double value) {
  if (value < 1'000) return fmt::format("{:.0f} ns", value);
  if (value < 1'000'000) return fmt::format("{:.1f} us", value / 1'000);
  return fmt::format("{:.1f} ms", value / 1'000'000);
}

void message_passing(const ScenarioBench& scenario, std::vector<std::string>& sentences) {
  const auto* passing = scenario.variant("message_passing");
  const auto* mutex = scenario.variant("mutex");
  if (!passing || !mutex || scenario.threads.empty()) return;
  const int most = scenario.threads.back();
  for (const auto& mix : kMixes) {
    const auto* a = passing->cell(mix, most);
    const auto* b = mutex->cell(mix, most);
    if (!a || !b || a->rate() <= 0 || b->rate() <= 0) continue;
    auto sentence = fmt::format("Message passing, {} on {}: a call costs {:.1f} times the mutex's",
                                in_words(mix), threads_in_words(most), b->rate() / a->rate());
    const auto& waits = a->latency();
    const auto& base = b->latency();
    if (waits.p50 && base.p50) {
      sentence += fmt::format(", and {}() takes {} at the median instead of {}",
                              mix == "read_mostly" ? scenario.query : "add",
                              nanoseconds(*waits.p50), nanoseconds(*base.p50));
    }
    sentences.push_back(sentence + ".");
  }
}

void locking_at_all(const ScenarioBench& scenario, std::vector<std::string>& sentences) {
  const auto* racy = scenario.variant("racy");
  const auto* mutex = scenario.variant("mutex");
  if (!racy || !mutex) return;
  std::string text;
  for (const auto& mix : kMixes) {
    const auto* a = racy->cell(mix, 1);
    const auto* b = mutex->cell(mix, 1);
    if (!a || !b || a->rate() <= 0 || b->rate() <= 0) continue;
    const double extra = 1e9 / b->rate() - 1e9 / a->rate();
    text += fmt::format("{}{:.0f} ns a call instead of {:.0f} {}", text.empty() ? "" : ", ",
                        1e9 / b->rate(), 1e9 / a->rate(), in_words(mix));
    if (extra < 0) text += " (no more than chance)";
  }
  if (!text.empty()) {
    sentences.push_back("On one thread, where nothing is waited for, the mutex makes it " + text +
                        ".");
  }
}

}  // namespace

std::vector<std::string> findings(const ScenarioBench& scenario) {
  std::vector<std::string> sentences;
  for (const auto& measured : scenario.variants) {
    for (const auto& cell : measured.cells) {
      if (cell.rates.size() >= kRepetitionsMin) continue;
      return {"Measured too briefly to compare anything; --seconds 1 or more repeats each figure."};
    }
  }
  locking_at_all(scenario, sentences);
  compare(scenario, "rwlock", "mutex", "rwlock loses to mutex", "rwlock beats mutex", sentences);
  compare(scenario, "sharded_map", "mutex", "Sharding costs more than it gives, beside mutex,",
          "Sharding pays, beside mutex,", sentences);
  message_passing(scenario, sentences);
  compare(scenario, "sharded_map", "concurrent_map", "sharded_map loses to concurrent_map",
          "sharded_map beats concurrent_map", sentences);
  compare(scenario, "sharded_map", "bare", "sharded_map loses to a bare TBB map",
          "sharded_map beats a bare TBB map", sentences);
  for (const auto& measured : scenario.variants) {
    if (!measured.problem.empty()) {
      sentences.push_back(measured.variant + " has no whole result: " + measured.problem + ".");
    }
  }
  return sentences;
}

}  // namespace lab::measure
