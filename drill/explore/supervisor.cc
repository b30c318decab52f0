#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "drill/events.h"
#include "drill/explore/children.h"
#include "drill/explore/explore.h"
#include "drill/explore/session.h"
#include "drill/explore/story.h"
#include "drill/explore/token.h"
#include "drill/explore/trace.h"
#include "drill/explore/verdict.h"

// What happens to each test: it is explored in a child process; a finding is made short and
// replayed for its story, each in further children; then it is told.

namespace drill::explore {
namespace {

using Json = nlohmann::json;

// What is known of a test once it has been explored.
struct Result {
  std::string test;
  Outcome outcome = Outcome::kDone;
  std::uint64_t schedules = 0;
  std::uint64_t orders = 0;  // See Report.
  int bound = 0;
  bool exhausted = false;
  std::uint64_t sampled = 0;  // At random, beyond the bound.
  bool at_random = false;     // What was found, was found so.
  Primitives primitives{};
  Usage usage{};
  LockOrders lock_orders{};
  int preemptions = 0;
  std::string token;  // Empty when nothing was found.
  double seconds = 0;
  Json story = Json::object();
};

class Supervisor {
 public:
  Supervisor(const Options& options, const RunOnAndOn& run) : options_(options), run_(run) {}

  Result explore(const std::string& test) {
    const auto start = std::chrono::steady_clock::now();
    Result result;
    result.test = test;
    report->longest = 0;
    in_child([&] {
      run_schedules(make_systematic(options_.bound, !options_.every_schedule),
                    {options_.budget_schedules, options_.budget_seconds,
                     options_.every_schedule ? 0 : options_.beyond},
                    [&] { run_(test); });
    });
    result.outcome = report->outcome;
    // That one drawn beyond the bound goes too far to be followed says nothing.
    const bool too_far =
        result.outcome == Outcome::kTooLong || result.outcome == Outcome::kUnsupported;
    if (report->exhausted && too_far) result.outcome = Outcome::kDone;
    result.at_random = report->at_random && result.outcome != Outcome::kDone;
    result.sampled = report->sampled;
    result.schedules = report->schedules;
    if (result.outcome != Outcome::kDone) result.schedules += report->sampled + 1;
    result.orders = report->orders;
    result.bound = std::max(0, std::min(report->bound + 1, options_.bound));
    result.exhausted = report->exhausted && result.outcome == Outcome::kDone;
    result.primitives = report->primitives;
    result.usage = report->usage;
    result.lock_orders = report->lock_orders;
    if (result.outcome == Outcome::kDiverged) {
      result.story = tell(*report);
    } else if (result.outcome != Outcome::kDone &&
               !tell_finding(result, shorten(test, switches()))) {
      result.outcome = Outcome::kDiverged;
    }
    if (result.outcome == Outcome::kDiverged) {
      explore_apart(result, start + std::chrono::seconds(options_.budget_seconds));
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    result.seconds = seconds.count();
    return result;
  }

  Result replay(const std::string& test, const Token& token) {
    Result result;
    result.test = test;
    result.schedules = 1;
    replay_in_child(test, token.switches, false);
    result.outcome = report->outcome;
    result.bound = report->preemptions;
    if (!tell_finding(result, switches())) result.outcome = Outcome::kDiverged;
    if (short_fingerprint(report->fingerprint) != token.fingerprint) {
      result.outcome = Outcome::kDiverged;
      result.story["message"] = "the token is of another build: its schedule goes another way here";
    }
    return result;
  }

 private:
  static Switches switches() { return {report->switches, report->switches + report->switch_count}; }

  void replay_in_child(const std::string& test, const Switches& switches, bool with_story) {
    in_child([&] {
      tracing = with_story;
      run_schedules(make_replay(switches), kReplay, [&] { run_(test); });
    });
  }

  // Leaves out the switches without which the same is found.
  Switches shorten(const std::string& test, Switches switches) {
    const Outcome outcome = report->outcome;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(kShortenSeconds);
    for (std::size_t i = switches.size(); i-- > 0;) {
      if (std::chrono::steady_clock::now() > deadline) break;
      Switches fewer = switches;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      replay_in_child(test, fewer, false);
      if (report->outcome == outcome) switches = fewer;
    }
    return switches;
  }

  // The steps of this program depend on more than the schedule: on what an earlier one in the same
  // process left behind (addresses, say), or on chance. So each schedule gets a process of its own,
  // and is drawn at random, since no two need be alike. What is found is true also where it cannot
  // be replayed.
  void explore_apart(Result& result, std::chrono::steady_clock::time_point deadline) {
    result.at_random = true;
    const std::uint64_t schedules = std::min(options_.budget_schedules / 2, kApartMax);
    for (std::uint64_t i = 0; i < schedules && std::chrono::steady_clock::now() < deadline; ++i) {
      in_child([&] { run_schedules(make_random(i), kOne, [&] { run_(result.test); }); });
      ++result.schedules;
      if (report->outcome == Outcome::kDone) continue;
      if (report->outcome == Outcome::kUnsupported) return;
      result.outcome = report->outcome;
      Json story = tell(*report);
      if (tell_finding(result, switches())) return;
      result.token.clear();
      result.story = std::move(story);
      result.story["message"] = result.story.value("message", "") +
                                "; the program is not deterministic: this cannot be replayed";
      return;
    }
  }

  // Replays a finding twice: to know which accesses it is about, and to look at them. False: the
  // schedule did not end the same way.
  bool tell_finding(Result& result, const Switches& switches) {
    const std::string message = report->message;
    replay_in_child(result.test, switches, false);
    std::vector<std::pair<int, std::uint32_t>> accesses;
    for (int i = 0; i < report->side_count; ++i) {
      const SideRecord& side = report->sides[i];
      if (side.access != 0) accesses.emplace_back(side.slot, side.access);
    }
    const Outcome outcome = report->outcome;
    in_child([&] {
      tracing = true;
      for (const auto& [slot, access] : accesses) watch(slot, access);
      run_schedules(make_replay(switches), kReplay, [&] { run_(result.test); });
    });
    result.preemptions = report->preemptions;
    result.token = to_string(
        {short_name(result.test), Supervisor::switches(), short_fingerprint(report->fingerprint)});
    result.story = tell(*report);
    if (outcome == result.outcome && report->outcome == result.outcome) return true;
    result.story["message"] =
        std::string("the same schedule did not end the same way twice: once ") +
        kind_of(result.outcome) + " (" + message + "), once " + kind_of(outcome) +
        "; the program is not deterministic";
    return false;
  }

  static constexpr Budget kReplay{UINT64_MAX, 60};  // Its one schedule.
  static constexpr Budget kOne{1, 60};
  static constexpr std::uint64_t kApartMax = 1000;
  static constexpr int kShortenSeconds = 5;

  const Options& options_;
  const RunOnAndOn& run_;
};

Json to_json(const Result& result) {
  const Primitives& used = result.primitives;
  const Usage& usage = result.usage;
  Json json = result.story;
  json.update(
      {{"event", "explored"},
       {"test", result.test},
       {"verdict", verdict_of(result.outcome)},
       {"kind", result.story.value("kind", kind_of(result.outcome))},
       {"schedules", result.schedules},
       {"orders", result.orders},
       {"bound", result.bound},
       {"exhausted", result.exhausted},
       {"sampled", result.sampled},
       {"at_random", result.at_random},
       {"preemptions", result.preemptions},
       {"token", result.token},
       {"seconds", result.seconds},
       {"lock_cycles", {{"open", result.lock_orders.open}, {"gated", result.lock_orders.gated}}},
       {"strategy",
        {{"mutexes", used.mutexes},
         {"rwlocks", used.read_write_locks},
         {"conditions", used.conditions},
         {"atomics", used.atomics},
         {"semaphores", used.semaphores},
         {"once", used.once},
         {"threads", used.threads},
         {"shards", usage.shards},
         {"read_locks", usage.read_locks},
         {"guards", std::max(0, usage.guards)},
         {"owner_threads", usage.owner_threads},
         {"owner_waits", usage.owner_waits},
         {"asked", usage.asked}}}});
  return json;
}

void print(const Result& result) {
  const bool found = result.outcome != Outcome::kDone;
  std::printf("[ %s ] %s (%s, %lu schedule%s, bound %d%s, %.3f s)\n",
              found ? " FAILED " : "      OK", result.test.c_str(), verdict_of(result.outcome),
              static_cast<unsigned long>(result.schedules), result.schedules == 1 ? "" : "s",
              result.bound, result.exhausted ? " exhausted" : "", result.seconds);
  if (!found) return;
  std::printf("%s\n", result.story.value("message", "").c_str());
  if (!result.token.empty()) std::printf("replay: %s\n", result.token.c_str());
}

void emit_result(const Result& result) {
  const bool found = result.outcome != Outcome::kDone;
  emit(to_json(result).dump());
  emit(Json{
      {"event", "test"},
      {"name", result.test},
      {"rounds", result.schedules},
      {"failed", found},
      {"reports",
       0}}.dump());
}

}  // namespace

int explore(const Options& options, const std::vector<std::string>& tests, const RunOnAndOn& run) {
  std::optional<Token> token;
  if (!options.replay.empty() && !(token = parse_token(options.replay))) {
    std::fprintf(stderr, "explore: '%s' is not a token\n", options.replay.c_str());
    return 2;
  }
  limits.patience_ns = options.patience_seconds * std::int64_t{1'000'000'000};
  signal(SIGPIPE, SIG_IGN);
  share_report();
  if (!options.events.empty()) open_events(options.events);
  emit(Json{{"event", "begin"},
            {"engine", "interleaved"},
            {"tests", tests.size()},
            {"instrumented", options.instrumented}}
           .dump());
  Supervisor supervisor(options, run);
  std::size_t explored = 0;
  std::size_t failed = 0;
  for (const auto& test : tests) {
    if (token && token->test != short_name(test)) continue;
    const Result result = token ? supervisor.replay(test, *token) : supervisor.explore(test);
    ++explored;
    print(result);
    emit_result(result);
    if (result.outcome == Outcome::kDone) continue;
    if (failed++ == 0 && !options.trace.empty()) {
      std::ofstream(options.trace) << to_json(result).dump(2) << '\n';
    }
  }
  emit(Json{{"event", "end"}, {"engine", "interleaved"}, {"tests", explored}, {"failed", failed}}
           .dump());
  if (explored == 0) std::fprintf(stderr, "explore: no test ran; is the filter right?\n");
  return explored == 0 || failed > 0 ? 1 : 0;
}

}  // namespace drill::explore
