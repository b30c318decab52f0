#include "lab/verdict/judge.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
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
