#include "lab/verdict/decide.h"

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include "lab/report/explain.h"
#include "lab/report/reader.h"
#include "lab/verdict/stacks.h"
#include "lab/verdict/symbolise.h"

namespace lab::verdict {
namespace {

bool is_deadlock(std::string_view kind) {
  return kind.starts_with("lock-order-inversion") || kind.starts_with("double lock") ||
         kind.starts_with("read lock of a write locked mutex");
}

std::string in_test(const std::string& test) {
  return test.empty() ? std::string() : " in " + test;
}

Verdict verdict_of(std::string_view kind) {
  if (kind == "thread leak") return Verdict::kWrongResult;
  return is_deadlock(kind) ? Verdict::kDeadlock : Verdict::kRace;
}

// What an explorer that has run all and found nothing may know better than a report.
bool can_be_excused(std::string_view kind) {
  return kind == "data race" || kind.starts_with("lock-order-inversion");
}

// The verdict of reports alone: what is certain comes first.
std::optional<Verdict> verdict_of(const std::vector<report::Report>& reports, bool excused) {
  std::optional<Verdict> verdict;
  for (const auto& report : reports) {
    if (report.fatal || (excused && can_be_excused(report.kind))) continue;
    const auto its = verdict_of(report.kind);
    if (its == Verdict::kRace) return its;
    if (!verdict || *verdict == Verdict::kWrongResult) verdict = its;
  }
  return verdict;
}

// The first cause is what is told, so it is one that the verdict is about.
void put_first(Verdict verdict, std::vector<report::Cause>& causes,
               const std::vector<report::Report>& reports) {
  const auto fits = std::find_if(causes.begin(), causes.end(), [&](const auto& cause) {
    const auto& report = reports[cause.reports.front()];
    return !report.fatal && verdict_of(report.kind) == verdict;
  });
  if (fits != causes.end()) std::rotate(causes.begin(), fits, std::next(fits));
}

std::string cause_sentence(const std::vector<report::Cause>& causes,
                           const std::vector<report::Report>& reports) {
  const auto& kind = reports.empty() ? std::string("report") : reports.front().kind;
  if (causes.empty()) return "ThreadSanitizer reported: " + kind;
  return report::summarize(causes.front());
}

// std::unique_lock and std::shared_mutex throw where a thread would wait for itself.
bool took_lock_twice(const std::string& message) {
  return message.find(std::make_error_code(std::errc::resource_deadlock_would_occur).message()) !=
         std::string::npos;
}

void conclude_lock_twice(Judgement& judgement, const std::string& test) {
  conclude(judgement, Verdict::kDeadlock,
           "a thread takes a lock that it holds already" + in_test(test));
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

void note_explored(const std::vector<Events::Explored>& explored, Judgement& judgement) {
  judgement.explored = explored;
  auto& tried = judgement.tried;
  tried.exhausted = !explored.empty();
  tried.bound = explored.empty() ? 0 : explored.front().bound;
  for (const auto& test : explored) {
    tried.schedules += test.schedules;
    tried.sampled += test.sampled;
    tried.bound = std::min(tried.bound, test.bound);
    tried.exhausted = tried.exhausted && test.exhausted;
  }
}

}  // namespace

void conclude(Judgement& judgement, Verdict verdict, std::string reason) {
  judgement.verdict = verdict;
  judgement.reason = std::move(reason);
}

const Events::Explored* first_found(const std::vector<Events::Explored>& explored) {
  const auto found = std::find_if(explored.begin(), explored.end(), [](const auto& test) {
    const bool too_long = test.verdict == "timeout" && test.kind == "too long";
    return test.verdict != "pass" && !too_long && test.verdict != "cannot_judge";
  });
  return found == explored.end() ? nullptr : &*found;
}

void conclude(Judgement& judgement, const Events::Explored& found) {
  if (found.verdict == name(Verdict::kWrongResult) && took_lock_twice(found.message)) {
    conclude_lock_twice(judgement, found.test);
    return;
  }
  if (found.kind == "too long") {
    conclude(judgement, Verdict::kTimeout, "still running at its limit in " + found.test);
    return;
  }
  conclude(judgement, verdict_named(found.verdict).value_or(Verdict::kWrongResult),
           fmt::format("{} in {}, in an interleaving of its threads", found.kind, found.test));
}

bool decide(const EngineRun& run, std::size_t own_reports, Judgement& judgement, bool excused) {
  const auto& [outcome, events, stacks, stuck, stopped, proven] = run;
  const bool fatal = std::any_of(judgement.reports.begin(), judgement.reports.end(),
                                 [](const auto& report) { return report.fatal; });
  if (auto bypass = how_it_bypassed(run, own_reports, fatal); !bypass.empty()) {
    conclude(judgement, Verdict::kGagged, std::move(bypass));
    return true;
  }
  if (const auto verdict = verdict_of(judgement.reports, excused)) {
    put_first(*verdict, judgement.causes, judgement.reports);
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
    const auto twice = std::find_if(events.failures.begin(), events.failures.end(),
                                    [](const auto& each) { return took_lock_twice(each.message); });
    if (twice != events.failures.end()) {
      conclude_lock_twice(judgement, twice->test);
    } else {
      const auto& failure = events.failures.front();
      conclude(judgement, Verdict::kWrongResult, "an expectation failed" + in_test(failure.test));
    }
  } else if (outcome.exit_code != 0 && events.explored.empty() && !excused) {
    conclude(judgement, Verdict::kGagged,
             fmt::format("all tests passed, yet it exited with {}", outcome.exit_code));
  } else {
    return false;
  }
  return true;
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
  text += fmt::format(", nor in {} interleavings, {} up to {} preemptions", tried.schedules,
                      tried.exhausted ? "all" : "not all", tried.bound);
  if (tried.sampled > 0) text += fmt::format(", and {} with any number", tried.sampled);
  return text;
}

}  // namespace lab::verdict
