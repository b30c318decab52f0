#include "lab/verdict/exploration.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "lab/scratch.h"
#include "lab/verdict/events.h"
#include "lab/verdict/process.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

Command command(const fs::path& program, const ExploreOptions& options, const fs::path& events) {
  Command command{.arguments = {program.string(), "--gtest_filter=" + options.tests,
                                fmt::format("--bound={}", options.bound),
                                fmt::format("--budget-seconds={}", options.budget_seconds),
                                kPatience, "--events=" + events.string()}};
  if (!options.replay.empty()) command.arguments.push_back("--replay=" + options.replay);
  command.environment = {"GTEST_TOTAL_SHARDS=1", "GTEST_SHARD_INDEX=0", "GTEST_REPEAT=1",
                         "LC_ALL=C.UTF-8"};
  return command;
}

// What an outcome counts for: a finding before what could not be found out.
enum class Weight { kPass, kUnknown, kFinding };

Weight weight(const story::Story& story) {
  if (story.verdict == "pass") return Weight::kPass;
  const bool unknown = story.verdict == "timeout" || story.verdict == "cannot_judge";
  return unknown ? Weight::kUnknown : Weight::kFinding;
}

int choose(const std::vector<story::Story>& tests) {
  int best = -1;
  const auto rank = [&tests](int at) {
    const auto& test = tests[static_cast<std::size_t>(at)];
    return std::tuple(-static_cast<int>(weight(test)), test.preemptions, test.steps.size());
  };
  for (int i = 0; i < static_cast<int>(tests.size()); ++i) {
    if (weight(tests[static_cast<std::size_t>(i)]) == Weight::kPass) continue;
    if (best < 0 || rank(i) < rank(best)) best = i;
  }
  return best;
}

void conclude(Exploration& result, Verdict verdict, std::string reason) {
  result.verdict = verdict;
  result.reason = std::move(reason);
}

void sum_up(Exploration& result) {
  result.told = choose(result.tests);
  result.exhausted = !result.tests.empty();
  std::optional<int> bound;
  for (const auto& test : result.tests) {
    result.schedules += test.schedules;
    result.sampled += test.sampled;
    result.exhausted = result.exhausted && test.exhausted;
    bound = std::min(bound.value_or(test.bound), test.bound);
  }
  result.bound = bound.value_or(0);
  if (result.told >= 0) {
    const auto& told = result.tests[static_cast<std::size_t>(result.told)];
    result.bound = told.bound;
    result.verdict = verdict_named(told.verdict).value_or(Verdict::kCannotJudge);
  } else {
    result.verdict = Verdict::kPass;
  }
}

// The last line that the program wrote, without the name it gives itself.
std::string last_words(const std::string& output) {
  const auto end = output.find_last_not_of('\n');
  if (end == std::string::npos) return "it said nothing";
  const auto begin = output.rfind('\n', end);
  auto words = output.substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
  if (words.starts_with("explore: ")) words.erase(0, 9);
  words.erase(words.find_last_not_of('\n') + 1);
  return words;
}

}  // namespace

Exploration explore(const fs::path& program, const ExploreOptions& options) {
  const Scratch scratch("explore");
  EventReader reader(scratch.file("events"));
  Watch watch;
  std::size_t seen = 0;
  watch.poll = [&](int, bool) {
    const auto& events = reader.read();
    if (options.on_test && events.explored.size() != seen) {
      options.on_test(seen = events.explored.size(), events.tests_announced);
    }
    return options.stop != nullptr && options.stop->load();
  };
  // The explorer has bounds of its own; ours is only for one that breaks them.
  const auto outcome = run(
      command(program, options, scratch.file("events")),
      {.time = std::chrono::minutes(5) + std::chrono::seconds(options.budget_seconds) * 50}, watch);
  const auto& events = reader.read();
  Exploration result;
  result.seconds = outcome.seconds;
  for (const auto& test : events.explored) {
    if (auto story = story::read(test.json)) result.tests.push_back(std::move(*story));
  }
  if (outcome.exit_code == 2) {
    result.usage = true;
    conclude(result, Verdict::kCannotJudge, last_words(outcome.output));
  } else if (!outcome.started || !events.begun) {
    conclude(result, Verdict::kCannotJudge,
             "the explorer did not start: " + last_words(outcome.output));
  } else if (!events.instrumented) {
    conclude(result, Verdict::kCannotJudge,
             "the contract was built without -fsanitize=thread; configure with the preset tsan");
  } else {
    sum_up(result);
    if (result.tests.empty() && events.ended) {
      result.usage = true;
      conclude(result, Verdict::kCannotJudge,
               options.replay.empty() ? "no test has a name like that"
                                      : "that token names a schedule of no test here");
    } else if (!events.ended && result.told < 0 && !(options.stop && options.stop->load())) {
      conclude(result, Verdict::kGagged, "it ended before the tests of its contract did");
    }
  }
  return result;
}

}  // namespace lab::verdict
