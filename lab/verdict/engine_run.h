#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <latch>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "lab/verdict/events.h"
#include "lab/verdict/judge.h"
#include "lab/verdict/process.h"

// Running a pair under the engines of a plan, one after the other or side by side.
namespace lab::verdict {

// One run of a pair under one engine.
struct EngineRun {
  Outcome outcome;
  Events events;
  std::string stacks;
  bool stuck = false;
  bool stopped = false;  // We ended it, having seen enough.
  bool proven = false;   // Its events came by a channel, signed.
};

// What an engine's run shares with those beside it. Thread-safe.
struct Beside {
  using Clock = std::chrono::steady_clock;

  std::atomic<bool> cancelled{false};  // Nobody waits for the others any more.
  std::latch first_begun{1};           // The first one's tests began, or it ended.
  std::once_flag once;
  std::atomic<Clock::time_point> explored_at{Clock::time_point::max()};
  std::atomic<bool> explorer_until_it_finds{false};
  std::atomic<Clock::time_point> explorer_until{Clock::time_point::max()};

  void begun() {
    std::call_once(once, [this] { first_begun.count_down(); });
  }

  // The explorer has found something.
  void found() {
    auto never = Clock::time_point::max();
    explored_at.compare_exchange_strong(never, Clock::now());
  }

  bool found_before(Clock::time_point moment) const { return explored_at.load() < moment; }
};

// Runs a pair's program under one engine, within the limits, and follows what it says of itself.
// `first`: the run that those beside it wait for.
EngineRun run_engine(Command command, const std::string& engine, const Limits& limits,
                     Beside& beside, bool first);

// The runs of a plan's engines, asked for in order: each begins when it is asked for, or all at
// once, two at a time, when they run side by side. Those not asked for are ended. None begins
// before the first one's tests did: what happens before them, the others need not suffer too.
class EngineRuns {
 public:
  // Of the plan's engine i; nothing when the pair is not built for it.
  using Run = std::function<std::optional<EngineRun>(std::size_t i, Beside&)>;

  EngineRuns(const Plan& plan, Run run);
  ~EngineRuns() { beside_.cancelled = true; }
  EngineRuns(const EngineRuns&) = delete;
  EngineRuns& operator=(const EngineRuns&) = delete;

  // The explorer is asked only whether it finds anything at all.
  void explorer_until_it_finds() { beside_.explorer_until_it_finds = true; }
  // The explorer is asked for what it finds by then, no more.
  void explorer_until(Beside::Clock::time_point end) { beside_.explorer_until = end; }

  const std::optional<EngineRun>& get(std::size_t i);

 private:
  void work();

  static constexpr std::size_t kAtATime = 2;

  Run run_;
  Beside beside_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::promise<std::optional<EngineRun>>> results_;  // By engine, when side by side.
  std::map<std::size_t, std::optional<EngineRun>> runs_;         // Those asked for.
  std::vector<std::jthread> workers_;  // Last: joined before what they use is gone.
};

}  // namespace lab::verdict
