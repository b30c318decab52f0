#include "lab/verdict/judge.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "lab/verdict/decide.h"
#include "lab/verdict/engine_run.h"
#include "lab/verdict/environment.h"
#include "lab/verdict/gag.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

// That a program hangs or crashes says little; the explorer, where it sees the same, tells how it
// comes about, and that it must.
bool tells_little(const EngineRun& run, const Judgement& judgement) {
  const auto verdict = judgement.verdict;
  const bool takes_all = run.outcome.out_of_memory || run.outcome.output_cut;
  return !takes_all && judgement.causes.empty() &&
         (verdict == Verdict::kDeadlock || verdict == Verdict::kTimeout ||
          verdict == Verdict::kCrash);
}

constexpr std::string_view kLockOrder = "lock-order-inversion";

// A kind of report, and the places in the sources that it is about.
using Finding = std::pair<std::string, std::set<std::string>>;

std::set<Finding> findings_of(const Judgement& judgement) {
  std::set<Finding> findings;
  for (const auto& cause : judgement.causes) {
    for (const auto& pair : cause.pairs) {
      Finding finding{judgement.reports[pair.report].kind, {}};
      const auto add = [&finding](const report::Side& side) {
        finding.second.insert(fmt::format("{}:{}", side.file, side.line));
      };
      add(pair.first);
      add(pair.second);
      std::for_each(pair.more.begin(), pair.more.end(), add);
      findings.insert(std::move(finding));
    }
  }
  return findings;
}

bool any_of_kind(const std::set<Finding>& findings, std::string_view kind) {
  return std::any_of(findings.begin(), findings.end(),
                     [kind](const Finding& finding) { return finding.first.starts_with(kind); });
}

bool nothing_in_all(const Events& events) {
  return events.ended && !events.explored.empty() &&
         std::all_of(events.explored.begin(), events.explored.end(), [](const auto& test) {
           return test.verdict == name(Verdict::kPass) && test.exhausted;
         });
}

bool all_lock_cycles_are_gated(const Events& events) {
  const auto& tests = events.explored;
  return std::none_of(tests.begin(), tests.end(),
                      [](const auto& test) { return test.open_lock_cycle; }) &&
         std::any_of(tests.begin(), tests.end(),
                     [](const auto& test) { return test.gated_lock_cycle; });
}

// What the explorer rules out of what ThreadSanitizer found in the same drills: it reports each
// cycle in the order of locks, also one that a lock held around all of it keeps from closing. The
// explorer follows those: where it has run every interleaving to its bound and found nothing, that
// counts. It does not run loads: what is found only there it has not seen.
std::set<Finding> ruled_out(std::set<Finding> findings, const Events& explored) {
  if (!nothing_in_all(explored) || !all_lock_cycles_are_gated(explored)) return {};
  std::erase_if(findings,
                [](const Finding& finding) { return !finding.first.starts_with(kLockOrder); });
  return findings;
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

Judge::Judge(fs::path build, Limits limits)
    : build_(std::move(build)), limits_(limits), environment_(std::make_unique<Environment>()) {}

Judge::~Judge() = default;

std::string Judge::cannot_judge() const { return environment_->check(build_ / "bin" / "canary"); }

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
  std::set<Finding> excused;
  for (std::size_t i = 0; i < plan.engines.size(); ++i) {
    const auto& run = runs.get(i);
    if (!run) continue;
    const auto reports_before = judgement.reports.size();
    note(*run, plan.engines[i], judgement);
    const auto own_reports = judgement.reports.size() - reports_before;
    const auto findings = findings_of(judgement);
    if (plan.engines[i] == "in_turn" && i < explorer && !findings.empty()) {
      // Asked only where it may help, or the explorer would be waited for.
      if (any_of_kind(findings, kLockOrder)) {
        runs.explorer_until_it_finds();
        if (explored()) excused = ruled_out(findings, explored()->events);
      }
    }
    const bool all_excused = !findings.empty() && std::includes(excused.begin(), excused.end(),
                                                                findings.begin(), findings.end());
    if (decide(*run, own_reports, judgement, all_excused)) {
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
    judgement.reason +=
        "; ThreadSanitizer, which looks for no lock around others, reported an order of locks that "
        "one rules out";
    judgement.reports.clear();
    judgement.causes.clear();
  }
  return judgement;
}

Judgement Judge::judge(const course::Variant& variant, const Plan& plan) const {
  return judge(variant.pair(), report::Own{.paths = {variant.header.string()}}, plan);
}

}  // namespace lab::verdict
