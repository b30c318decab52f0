#include "lab/verdict/judge.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <exception>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <latch>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "lab/report/explain.h"
#include "lab/report/reader.h"
#include "lab/verdict/exploration.h"
#include "lab/verdict/gag.h"
#include "lab/verdict/process.h"
#include "lab/verdict/stacks.h"
#include "lab/verdict/symbolise.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

constexpr int kReported = 66;  // The runtime's exit code when it had anything to report.

// A folder for what one judged process writes; gone with its owner.
class Scratch {
 public:
  Scratch() {
    static std::atomic<unsigned> next{0};
    folder_ = fs::temp_directory_path() / fmt::format("racelab-{}-{}", getpid(), next.fetch_add(1));
    fs::create_directories(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const fs::path& folder() const { return folder_; }
  fs::path file(const char* name) const { return folder_ / name; }

 private:
  fs::path folder_;
};

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
    }
    return now - *since_ > bound_;
  }

 private:
  std::chrono::seconds bound_;
  long ticks_ = 0;
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

// One run of a pair under one engine.
struct EngineRun {
  Outcome outcome;
  Events events;
  std::string stacks;
  bool stuck = false;
  bool stopped = false;  // We ended it, having seen enough.
  bool proven = false;   // Its events came by a channel, signed.
};

bool is_deadlock(const report::Report& report) {
  const auto starts = [&report](std::string_view kind) { return report.kind.starts_with(kind); };
  return starts("lock-order-inversion") || starts("double lock") ||
         starts("read lock of a write locked mutex");
}

std::string in_test(const std::string& test) {
  return test.empty() ? std::string() : " in " + test;
}

// The verdict of reports alone: what is certain comes first. Plain data races do not count where
// they are `excused`.
std::optional<Verdict> verdict_of(const std::vector<report::Report>& reports, bool excused) {
  std::optional<Verdict> verdict;
  for (const auto& report : reports) {
    if (report.fatal || (excused && report.kind == "data race")) continue;
    if (report.kind == "thread leak") {
      if (!verdict) verdict = Verdict::kWrongResult;
    } else if (is_deadlock(report)) {
      if (!verdict || *verdict == Verdict::kWrongResult) verdict = Verdict::kDeadlock;
    } else {
      return Verdict::kRace;
    }
  }
  return verdict;
}

std::string cause_sentence(const std::vector<report::Cause>& causes,
                           const std::vector<report::Report>& reports) {
  const auto& kind = reports.empty() ? std::string("report") : reports.front().kind;
  if (causes.empty()) return "ThreadSanitizer reported: " + kind;
  return report::summarize(causes.front());
}

void conclude(Judgement& judgement, Verdict verdict, std::string reason) {
  judgement.verdict = verdict;
  judgement.reason = std::move(reason);
}

// The explorer's first finding; null when it found nothing. That it cannot follow a program (code
// without instrumentation, or that is not deterministic), or that a schedule is longer than may be,
// is no finding, only not exhausted: what hangs, hangs under the other engines. A livelock is one:
// threads go round in what nobody will change any more.
const Events::Explored* first_found(const std::vector<Events::Explored>& explored) {
  const auto found = std::find_if(explored.begin(), explored.end(), [](const auto& test) {
    const bool too_long = test.verdict == "timeout" && test.kind != "livelock";
    return test.verdict != "pass" && !too_long && test.verdict != "cannot_judge";
  });
  return found == explored.end() ? nullptr : &*found;
}

void conclude(Judgement& judgement, const Events::Explored& found) {
  if (found.kind == "too long") {
    conclude(judgement, Verdict::kTimeout, "still running at its limit in " + found.test);
    return;
  }
  conclude(judgement, verdict_named(found.verdict).value_or(Verdict::kWrongResult),
           fmt::format("{} in {}, in an interleaving of its threads", found.kind, found.test));
}

// How the run shows that the judge was bypassed; empty when it was not.
std::string how_it_bypassed(const EngineRun& run, std::size_t reports, bool fatal) {
  const auto& [outcome, events, stacks, stuck, stopped, proven] = run;
  if (events.forged) return "it wrote to the judge's own channel";
  if (outcome.signal == SIGSYS) {
    return "it asked the system for what a collector has no business with: another process or "
           "program, a socket, a signal to others or a handler of its own, or to remove files";
  }
  if (outcome.too_many) return "it started more processes than it may";
  const bool ended_by_itself = !stuck && !stopped && !outcome.timed_out && !outcome.out_of_memory &&
                               !outcome.output_cut && !fatal;
  if (!ended_by_itself) return "";
  if (outcome.signal != 0) {
    const bool at_start = proven && outcome.signal == SIGABRT && !events.begun;
    return at_start ? "it ended before the tests of its contract began" : "";
  }
  if (!events.complete()) return "it ended before the tests of its contract did";
  if (!proven) return "";
  int counted = 0;
  for (const auto& test : events.tests) counted += test.reports;
  if (counted > 0 && reports == 0) {
    return "the detector reported, and something kept its report from being read";
  }
  if (counted == 0 && outcome.exit_code == 0 && reports > 0) {
    return "it printed what only the detector may say";
  }
  return "";
}

std::string signal_name(int signal) {
  const char* name = strsignal(signal);
  return name != nullptr ? name : fmt::format("signal {}", signal);
}

// Decides from what one engine's run showed; false when it showed nothing wrong. Reported races do
// not count where they are `excused`; `own_reports` of all are this run's.
bool decide(const EngineRun& run, std::size_t own_reports, Judgement& judgement, bool excused) {
  const auto& [outcome, events, stacks, stuck, stopped, proven] = run;
  const bool fatal = std::any_of(judgement.reports.begin(), judgement.reports.end(),
                                 [](const auto& report) { return report.fatal; });
  if (auto bypass = how_it_bypassed(run, own_reports, fatal); !bypass.empty()) {
    conclude(judgement, Verdict::kGagged, std::move(bypass));
    return true;
  }
  if (const auto verdict = verdict_of(judgement.reports, excused)) {
    conclude(judgement, *verdict, cause_sentence(judgement.causes, judgement.reports));
    return true;
  }
  if (const auto* found = first_found(events.explored)) {
    conclude(judgement, *found);
  } else if (outcome.output_cut) {
    conclude(judgement, Verdict::kTimeout, "it writes without end");
  } else if (stopped && events.failures.empty()) {
    return false;
  } else if (stuck || outcome.timed_out) {
    const bool blocked = all_blocked(stacks);
    const auto where = in_test(events.stuck_test);
    conclude(judgement, blocked ? Verdict::kDeadlock : Verdict::kTimeout,
             blocked ? "every thread waits for another, for ever" + where
                     : "still running at its limit" + where);
  } else if (outcome.out_of_memory) {
    conclude(judgement, Verdict::kCrash, "it used more memory than it may");
  } else if (outcome.signal != 0 || fatal) {
    conclude(judgement, Verdict::kCrash,
             "it crashed: " + (outcome.signal != 0 ? signal_name(outcome.signal)
                                                   : judgement.reports.front().kind));
  } else if (!events.failures.empty()) {
    const auto& failure = events.failures.front();
    conclude(judgement, Verdict::kWrongResult, "an expectation failed" + in_test(failure.test));
  } else if (outcome.exit_code != 0 && events.explored.empty() && !excused) {
    conclude(judgement, Verdict::kGagged,
             fmt::format("all tests passed, yet it exited with {}", outcome.exit_code));
  } else {
    return false;
  }
  return true;
}

void note_explored(const std::vector<Events::Explored>& explored, Judgement& judgement) {
  judgement.explored = explored;
  auto& tried = judgement.tried;
  tried.exhausted = !explored.empty();
  tried.bound = explored.empty() ? 0 : explored.front().bound;
  for (const auto& test : explored) {
    tried.schedules += test.schedules;
    tried.bound = std::min(tried.bound, test.bound);
    tried.exhausted = tried.exhausted && test.exhausted;
  }
}

void note(const EngineRun& run, const std::string& engine, Judgement& judgement) {
  const auto output = symbolised(run.outcome.output);
  judgement.output += output;
  judgement.stacks = run.stacks;
  judgement.failures = run.events.failures;
  int rounds = 0;
  for (const auto& test : run.events.tests) {
    rounds += test.rounds;
    judgement.tests.push_back(
        {.engine = engine, .name = test.name, .rounds = test.rounds, .failed = test.failed});
  }
  if (engine == "in_turn") judgement.tried.orders += rounds;
  if (engine == "at_once") judgement.tried.repeats += rounds;
  if (engine == "interleaved") note_explored(run.events.explored, judgement);
  auto reports = report::read_reports(output);
  judgement.reports.insert(judgement.reports.end(), reports.begin(), reports.end());
  judgement.causes = report::find_causes(judgement.reports, judgement.own);
}

std::string what_was_tried(const Tried& tried) {
  auto text = fmt::format("nothing found in {} orders and {} repeats", tried.orders, tried.repeats);
  if (tried.schedules == 0) return text;
  return text + fmt::format(", nor in {} interleavings, {} up to {} preemptions", tried.schedules,
                            tried.exhausted ? "all" : "not all", tried.bound);
}

std::string last_lines(const std::string& text) {
  const auto start = text.size() > 400 ? text.find('\n', text.size() - 400) + 1 : 0;
  return text.substr(std::min(start, text.size()));
}

}  // namespace

// What the judge knows of the machine and the build: how to start a pair, and whether the detector
// works at all.
class Judge::Environment {
 public:
  // Empty when the canary was caught.
  const std::string& check(const fs::path& canary) {
    std::call_once(once_, [&] { problem_ = look(canary); });
    return problem_;
  }

  Command command(std::vector<std::string> arguments) const {
    Command command{.arguments = std::move(arguments)};
    // Whole: what the user's own TSAN_OPTIONS say must not change a verdict.
    command.environment = {
        "TSAN_OPTIONS=exitcode=66:atexit_sleep_ms=0:history_size=7:second_deadlock_stack=1"
        ":suppress_equal_addresses=0:halt_on_error=0:report_bugs=1:color=never:symbolize=0"
        ":stack_trace_format='" +
            std::string(kFrameFormat) + "'",
        "GTEST_FILTER=*",
        "GTEST_TOTAL_SHARDS=1",
        "GTEST_SHARD_INDEX=0",
        "GTEST_REPEAT=1",
        "LC_ALL=C.UTF-8"};
    command.fixed_addresses = fixed_addresses_;
    return command;
  }

 private:
  static bool caught(const std::string& output) {
    const auto reports = report::read_reports(output);
    return std::any_of(reports.begin(), reports.end(),
                       [](const auto& report) { return report.kind == "data race"; });
  }

  std::string look(const fs::path& canary) {
    if (!fs::exists(canary)) {
      return "there is no " + canary.string() + "; build it: cmake --build " +
             canary.parent_path().parent_path().string() + " --target pairs";
    }
    for (const bool fixed : {false, true}) {
      fixed_addresses_ = fixed;
      Outcome outcome;
      // It was silent once in some ten thousand runs; a build without a detector always is.
      for (int tries = 0; tries < 3; ++tries) {
        outcome = run(command({canary.string()}), {.time = std::chrono::seconds(30)});
        if (outcome.exit_code == kReported && caught(outcome.output)) return "";
        if (outcome.exit_code != 0) break;
      }
      output_ = outcome.output;
      if (outcome.output.find("unexpected memory mapping") == std::string::npos && !fixed &&
          outcome.exit_code == 0) {
        return "the canary race was not caught: this build has no ThreadSanitizer. Configure with "
               "the preset tsan or tsan-gcc.";
      }
    }
    return "ThreadSanitizer does not run on this machine:\n" + last_lines(output_) +
           "Fixing addresses (setarch -R) did not help. Try: sysctl vm.mmap_rnd_bits=28, and in a "
           "container allow personality(): --security-opt seccomp=unconfined";
  }

  std::once_flag once_;
  std::string problem_;
  std::string output_;
  bool fixed_addresses_ = false;
};

Judge::Judge(fs::path build, Limits limits)
    : build_(std::move(build)), limits_(limits), environment_(std::make_unique<Environment>()) {}

Judge::~Judge() = default;

std::string Judge::cannot_judge() const { return environment_->check(build_ / "bin" / "canary"); }

namespace {

std::vector<std::string> drill_flags(const std::string& engine, const Limits& limits) {
  return {"--engine=" + engine, fmt::format("--repeats={}", limits.repeats),
          fmt::format("--limit-seconds={}", limits.drill_seconds)};
}

std::vector<std::string> explorer_flags(const Limits& limits) {
  return {fmt::format("--bound={}", limits.bound),
          fmt::format("--budget-schedules={}", limits.schedules), "--budget-seconds=3", kPatience};
}

// What an engine's run shares with those beside it.
struct Beside {
  using Clock = std::chrono::steady_clock;

  std::atomic<bool> cancelled{false};  // Nobody waits for the others any more.
  std::latch first_begun{1};           // The first one's tests began, or it ended.
  std::once_flag once;
  std::atomic<Clock::time_point> explored_at{Clock::time_point::max()};
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

EngineRun run_engine(Command command, const std::string& engine, const Limits& limits,
                     Beside& beside, bool first) {
  const Scratch scratch;
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
    if (explores && first_found(events.explored) != nullptr) beside.found();
    // What hangs where the explorer has found something: its finding tells more.
    const bool hangs = !explores && beside.found_before(progress.quiet_since(events.tests.size()));
    run.stopped = beside.cancelled || reports.seen_enough() || hangs ||
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

// The runs of a plan's engines, asked for in order: each begins when it is asked for, or all at
// once, two at a time, when they run side by side. Those not asked for are ended. None begins
// before the first one's tests did: what happens before them, the others need not suffer too.
class EngineRuns {
 public:
  // Of the plan's engine i; nothing when the pair is not built for it.
  using Run = std::function<std::optional<EngineRun>(std::size_t i, Beside&)>;

  EngineRuns(const Plan& plan, Run run) : run_(std::move(run)) {
    if (!plan.side_by_side) return;
    results_.resize(plan.engines.size());
    for (std::size_t worker = 0; worker < kAtATime; ++worker) {
      workers_.emplace_back([this] { work(); });
    }
  }
  ~EngineRuns() { beside_.cancelled = true; }
  EngineRuns(const EngineRuns&) = delete;
  EngineRuns& operator=(const EngineRuns&) = delete;

  // The explorer is asked for what it finds by then, no more.
  void explorer_until(Beside::Clock::time_point end) { beside_.explorer_until = end; }

  const std::optional<EngineRun>& get(std::size_t i) {
    const auto known = runs_.find(i);
    if (known != runs_.end()) return known->second;
    return runs_[i] = results_.empty() ? run_(i, beside_) : results_[i].get_future().get();
  }

 private:
  void work() {
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

  static constexpr std::size_t kAtATime = 2;

  Run run_;
  Beside beside_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::promise<std::optional<EngineRun>>> results_;  // By engine, when side by side.
  std::map<std::size_t, std::optional<EngineRun>> runs_;         // Those asked for.
  std::vector<std::jthread> workers_;  // Last: joined before what they use is gone.
};

}  // namespace

Judgement Judge::judge(const std::string& pair, const report::Own& own, const Plan& plan) const {
  const auto program = build_ / "bin" / pair;
  if (fs::exists(program)) return judge_program(program, own, plan);
  Judgement judgement;
  judgement.reason = fmt::format("there is no {}; build it: cmake --build {} --target {}",
                                 program.string(), build_.string(), pair);
  return judgement;
}

Judgement Judge::judge_program(const fs::path& program, const report::Own& own,
                               const Plan& plan) const {
  const auto began = std::chrono::steady_clock::now();
  auto judgement = run_plan(program, own, plan);
  judgement.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return judgement;
}

namespace {

// That a program hangs or crashes says little; the explorer, where it sees the same, tells how it
// comes about, and that it must.
bool tells_little(const EngineRun& run, const Judgement& judgement) {
  const auto verdict = judgement.verdict;
  const bool takes_all = run.outcome.out_of_memory || run.outcome.output_cut;
  return !takes_all && judgement.causes.empty() &&
         (verdict == Verdict::kDeadlock || verdict == Verdict::kTimeout ||
          verdict == Verdict::kCrash);
}

// Two places in the sources that raced, in no order.
using Places = std::pair<std::string, std::string>;

std::set<Places> places_of(const std::vector<report::Cause>& causes) {
  const auto place = [](const report::Side& side) {
    return fmt::format("{}:{}", side.file, side.line);
  };
  std::set<Places> places;
  for (const auto& cause : causes) {
    for (const auto& pair : cause.pairs) {
      places.insert(std::minmax({place(pair.first), place(pair.second)}));
    }
  }
  return places;
}

// ThreadSanitizer's runtime does nothing at a std::atomic_thread_fence, and so reports races that
// fences rule out. The explorer follows them: where it has run every interleaving of the same
// drills to its bound and found nothing, that counts. It does not run loads: what races only there
// is no place that it has seen.
bool has_fences(const fs::path& program) {
  std::ifstream in(program.string() + ".explore", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return text.find("__tsan_atomic_thread_fence") != std::string::npos;
}

bool nothing_in_all(const Events& events) {
  return events.ended && !events.explored.empty() &&
         std::all_of(events.explored.begin(), events.explored.end(), [](const auto& test) {
           return test.verdict == name(Verdict::kPass) && test.exhausted;
         });
}

// The explorer's finding; else that it came to no end either in the test that hung.
const Events::Explored* found_instead(const Events& events, const std::string& stuck_test) {
  if (const auto* found = first_found(events.explored)) return found;
  const auto same =
      std::find_if(events.explored.begin(), events.explored.end(), [&stuck_test](const auto& test) {
        return test.test == stuck_test && test.verdict == name(Verdict::kTimeout);
      });
  return same == events.explored.end() ? nullptr : &*same;
}

}  // namespace

Judgement Judge::run_plan(const fs::path& program, const report::Own& own, const Plan& plan) const {
  Judgement judgement;
  judgement.own = own;
  judgement.reason = cannot_judge();
  if (!judgement.reason.empty()) return judgement;
  for (const auto& path : own.paths) {
    if (plan.source_looked_at) break;
    if (const auto trick = how_it_gags(fs::path(path)); !trick.empty()) {
      conclude(judgement, Verdict::kGagged, trick);
      return judgement;
    }
  }
  EngineRuns runs(plan, [&](std::size_t i, Beside& beside) {
    const auto& engine = plan.engines[i];
    const auto runnable = program.string() + (engine == "interleaved" ? ".explore" : "");
    if (!fs::exists(runnable)) {
      if (i == 0) beside.begun();
      return std::optional<EngineRun>();
    }
    return std::optional(
        run_engine(environment_->command({runnable, "--gtest_filter=" + plan.tests}), engine,
                   limits_, beside, i == 0));
  });
  const auto explorer = static_cast<std::size_t>(
      std::find(plan.engines.begin(), plan.engines.end(), "interleaved") - plan.engines.begin());
  const auto explored = [&]() -> const EngineRun* {
    if (explorer == plan.engines.size()) return nullptr;
    const auto& run = runs.get(explorer);
    return run ? &*run : nullptr;
  };
  std::set<Places> ruled_out;  // Races that fences rule out.
  for (std::size_t i = 0; i < plan.engines.size(); ++i) {
    const auto& run = runs.get(i);
    if (!run) continue;
    const auto reports_before = judgement.reports.size();
    note(*run, plan.engines[i], judgement);
    const auto own_reports = judgement.reports.size() - reports_before;
    const auto raced = places_of(judgement.causes);
    // Asked only where ThreadSanitizer has reported, or the explorer would be waited for.
    if (plan.engines[i] == "in_turn" && !raced.empty() && has_fences(program) && explored() &&
        nothing_in_all(explored()->events)) {
      ruled_out = raced;
    }
    const bool excused = !raced.empty() && std::includes(ruled_out.begin(), ruled_out.end(),
                                                         raced.begin(), raced.end());
    if (decide(*run, own_reports, judgement, excused)) {
      if (i < explorer && tells_little(*run, judgement)) {
        runs.explorer_until(Beside::Clock::now() + std::chrono::seconds(3));
        if (!explored()) return judgement;
        if (const auto* found = found_instead(explored()->events, run->events.stuck_test)) {
          note(*explored(), plan.engines[explorer], judgement);
          conclude(judgement, *found);
        }
      }
      return judgement;
    }
    if (!run->events.instrumented) {
      conclude(judgement, Verdict::kCannotJudge,
               "the contract was built without -fsanitize=thread; configure with the preset tsan");
      return judgement;
    }
  }
  conclude(judgement, Verdict::kPass, what_was_tried(judgement.tried));
  if (!judgement.reports.empty()) {
    judgement.reason += "; ThreadSanitizer, which knows no fences, reported what they order";
    judgement.reports.clear();
    judgement.causes.clear();
  }
  return judgement;
}

Judgement Judge::judge(const course::Variant& variant, const Plan& plan) const {
  return judge(variant.pair(), report::Own{.paths = {variant.header.string()}}, plan);
}

}  // namespace lab::verdict
