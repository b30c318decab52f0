#include "lab/verdict/engine_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <string_view>
#include <utility>

#include "lab/scratch.h"
#include "lab/verdict/confine.h"
#include "lab/verdict/decide.h"
#include "lab/verdict/exploration.h"
#include "lab/verdict/stacks.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

// The processor time of a process, in clock ticks; 0 when it is gone.
long ticks_of(int pid) {
  std::FILE* file = std::fopen(fmt::format("/proc/{}/stat", pid).c_str(), "re");
  if (!file) return 0;
  char text[1024];
  const auto size = std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  text[size] = '\0';
  unsigned long user = 0;
  unsigned long system = 0;
  const char* fields = std::strrchr(text, ')');
  if (!fields || std::sscanf(fields, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                             &system) != 2) {
    return 0;
  }
  return static_cast<long>(user + system);
}

// Tells when a process stands still: it has used no processor time for so long.
class Standstill {
 public:
  explicit Standstill(std::chrono::seconds bound) : bound_(bound) {}

  bool look(int pid) {
    const auto now = std::chrono::steady_clock::now();
    const long ticks = ticks_of(pid);
    if (ticks > ticks_ + 1 || !since_) {
      ticks_ = ticks;
      since_ = now;
      looks_ = 0;
    }
    return ++looks_ > kLooksMin && now - *since_ > bound_;
  }

 private:
  // A machine that pauses, or serves others, lets neither the process move nor us look: where time
  // went by between few looks, it says nothing.
  static constexpr int kLooksMin = 5;

  std::chrono::seconds bound_;
  long ticks_ = 0;
  int looks_ = 0;
  std::optional<std::chrono::steady_clock::time_point> since_;
};

// Threads that run free may race so wildly that the program never ends: a while after the first
// whole report there is enough to tell. In turn, the program's own end is near and awaited.
class ReportWatch {
 public:
  explicit ReportWatch(bool on) : on_(on) {}

  void take(std::string_view part) {
    if (!on_ || first_) return;
    tail_ += part;
    if (tail_.find("SUMMARY: ThreadSanitizer") != std::string::npos) {
      first_ = std::chrono::steady_clock::now();
    }
    tail_.erase(0, tail_.size() - std::min<std::size_t>(tail_.size(), 64));
  }

  bool seen_enough() const {
    return first_ && std::chrono::steady_clock::now() - *first_ > std::chrono::seconds(2);
  }

 private:
  bool on_;
  std::string tail_;
  std::optional<std::chrono::steady_clock::time_point> first_;
};

// Follows a pair's tests as they end.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // The moment two seconds ago, where no test has ended since; else long ago.
  Clock::time_point quiet_since(std::size_t tests_ended) {
    const auto now = Clock::now();
    if (tests_ended != tests_ended_) since_ = now;
    tests_ended_ = tests_ended;
    return now - since_ > kLong ? now - kLong : Clock::time_point::min();
  }

 private:
  static constexpr std::chrono::seconds kLong{2};

  std::size_t tests_ended_ = 0;
  Clock::time_point since_ = Clock::now();
};

std::vector<std::string> drill_flags(const std::string& engine, const Limits& limits) {
  return {"--engine=" + engine, fmt::format("--repeats={}", limits.repeats),
          fmt::format("--limit-seconds={}", limits.drill_seconds)};
}

std::vector<std::string> explorer_flags(const Limits& limits) {
  return {fmt::format("--bound={}", limits.bound),
          fmt::format("--budget-schedules={}", limits.schedules),
          fmt::format("--budget-seconds={}", limits.schedule_seconds), kPatience};
}

}  // namespace

EngineRun run_engine(Command command, const std::string& engine, const Limits& limits,
                     Beside& beside, bool first) {
  const Scratch scratch("judged");
  const auto program = fs::weakly_canonical(command.arguments.front());
  const auto flags = engine == "interleaved" ? explorer_flags(limits) : drill_flags(engine, limits);
  command.arguments.insert(command.arguments.end(), flags.begin(), flags.end());
  // The explorer would start itself again for it, which is not allowed to what is judged.
  if (engine == "interleaved") command.fixed_addresses = true;
  EngineRun run;
  run.proven = limits.proof;
  std::optional<Channel> channel;
  std::optional<EventReader> reader;
  if (limits.proof) {
    channel.emplace();
    reader.emplace(*channel);
    command.channel = channel->theirs();
    command.confined_to = scratch.folder();
    command.environment.push_back(fmt::format("RACELAB_JUDGE={}", kChannel));
  } else {
    reader.emplace(scratch.file("events"));
    command.arguments.push_back("--events=" + scratch.file("events").string());
  }
  // A little longer than a drill's own, which knows more to tell.
  Standstill standstill(std::chrono::seconds(5));
  ReportWatch reports(engine == "at_once");
  Progress progress;
  constexpr int kPollsALook = 25;  // It is known for seconds only.
  int polls = 0;
  int judged = 0;  // Found once it is needed: it is a child of what confines it.
  const auto judged_pid = [&](int pid) {
    if (!limits.proof) return pid;
    if (judged == 0) judged = process_of(pid, program);
    return judged;
  };
  Watch watch;
  watch.output = [&reports](std::string_view part) { reports.take(part); };
  watch.poll = [&](int pid, bool at_limit) {
    if (channel) channel->started();
    const bool explores = engine == "interleaved";
    const auto& events = reader->read();
    const bool found = explores && first_found(events.explored) != nullptr;
    if (found) beside.found();
    // What hangs where the explorer has found something: its finding tells more.
    const bool hangs = !explores && beside.found_before(progress.quiet_since(events.tests.size()));
    run.stopped = beside.cancelled || reports.seen_enough() || hangs ||
                  (found && beside.explorer_until_it_finds) ||
                  (explores && Beside::Clock::now() > beside.explorer_until.load());
    if (run.stopped) return true;
    if (first && events.begun) beside.begun();
    // The explorer works in children of its own, and has bounds of its own.
    const bool look = !explores && ++polls % kPollsALook == 0;
    const bool still = look && judged_pid(pid) != 0 && standstill.look(judged_pid(pid));
    run.stuck = still || !events.stuck_test.empty();
    if (run.stuck || at_limit) run.stacks = stacks_of(judged_pid(pid));
    return run.stuck || events.forged;
  };
  // The explorer has bounds of its own for each test; ours is only for one that breaks them.
  const int patience = engine == "interleaved" ? 4 : 1;
  run.outcome = verdict::run(command,
                             {.time = std::chrono::seconds(limits.engine_seconds) * patience,
                              .output_bytes = limits.output_bytes,
                              .memory_bytes = limits.memory_bytes,
                              .processes = limits.processes,
                              .whole_output = false},
                             watch);
  run.events = reader->read();
  if (first) beside.begun();
  return run;
}

EngineRuns::EngineRuns(const Plan& plan, Run run) : run_(std::move(run)) {
  if (!plan.side_by_side) return;
  results_.resize(plan.engines.size());
  for (std::size_t worker = 0; worker < kAtATime; ++worker) {
    workers_.emplace_back([this] { work(); });
  }
}

const std::optional<EngineRun>& EngineRuns::get(std::size_t i) {
  const auto known = runs_.find(i);
  if (known != runs_.end()) return known->second;
  return runs_[i] = results_.empty() ? run_(i, beside_) : results_[i].get_future().get();
}

void EngineRuns::work() {
  for (auto i = next_.fetch_add(1); i < results_.size(); i = next_.fetch_add(1)) {
    if (i > 0) beside_.first_begun.wait();
    if (beside_.cancelled) return;
    try {
      results_[i].set_value(run_(i, beside_));
    } catch (...) {
      if (i == 0) beside_.begun();
      results_[i].set_exception(std::current_exception());
    }
  }
}

}  // namespace lab::verdict
