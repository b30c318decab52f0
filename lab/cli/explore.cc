#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "lab/cli/building.h"
#include "lab/cli/commands.h"
#include "lab/cli/show_story.h"
#include "lab/cli/terminal.h"
#include "lab/course/course.h"
#include "lab/paths.h"
#include "lab/scratch.h"
#include "lab/story/story.h"
#include "lab/verdict/attempt.h"
#include "lab/verdict/exploration.h"
#include "lab/verdict/gag.h"

// racelab explore: every interleaving of a contract's threads, and the story of one that fails.
namespace lab::cli {
namespace {

namespace fs = std::filesystem;
using verdict::Exploration;
using verdict::Verdict;

constexpr int kInterrupted = 130;

struct Options {
  std::string what;
  std::string attempt;
  std::string trace;
  bool json = false;
  verdict::ExploreOptions how;
};

std::atomic<bool> interrupted{false};

// What is explored: a variant of the course, or an attempt at a scenario.
struct Subject {
  std::string scenario;
  std::string variant;
  fs::path header;
  bool attempt = false;

  std::string path() const { return scenario + "/" + variant; }
  std::string pair() const { return scenario + "." + (attempt ? "racy" : variant); }
  // The command that explores it again.
  std::string command() const {
    return called() + " explore " +
           (attempt ? scenario + " --attempt " + fs::relative(header).string() : path());
  }
};

[[noreturn]] void name_a_variant(const course::Scenario& scenario) {
  std::string names;
  for (const auto& variant : scenario.variants) names += "\n  " + variant.path();
  throw std::invalid_argument("say which version of " + scenario.id +
                              " to explore, or give a file of yours with --attempt:" + names);
}

Subject subject_of(const course::Course& course, const Options& options) {
  if (!options.attempt.empty()) {
    const auto& scenario = course.scenario(options.what);
    if (!fs::is_regular_file(options.attempt)) {
      throw std::invalid_argument("there is no file " + options.attempt);
    }
    return {scenario.id, "attempt", fs::absolute(options.attempt), true};
  }
  if (options.what.find('/') == std::string::npos) name_a_variant(course.scenario(options.what));
  const auto variant = course.select(options.what).front();
  return {variant.scenario, variant.name, variant.header, false};
}

Exploration refused(Verdict verdict, std::string reason) {
  Exploration result;
  result.verdict = verdict;
  result.reason = std::move(reason);
  return result;
}

Exploration explore_program(const fs::path& program, const Subject& subject,
                            const Options& options) {
  ProgressLine progress;
  progress.show("exploring " + subject.path() + " ...");
  auto how = options.how;
  how.stop = &interrupted;
  how.on_test = [&](std::size_t done, int of) {
    progress.show(fmt::format("exploring {} [{}/{}]", subject.path(), done, of));
  };
  return verdict::explore(program, how);
}

Exploration explore_attempt(const Subject& subject, const Options& options) {
  if (const auto trick = verdict::how_it_gags(subject.header); !trick.empty()) {
    return refused(Verdict::kGagged, trick);
  }
  const Scratch scratch("explore");
  const auto built =
      verdict::build_attempt(build_root(), subject.scenario, subject.header, scratch.folder());
  if (built.outcome == verdict::BuiltAttempt::Outcome::kCompileError) {
    return refused(Verdict::kCompileError, verdict::first_error(built.output, subject.header));
  }
  if (built.outcome != verdict::BuiltAttempt::Outcome::kBuilt) {
    return refused(Verdict::kCannotJudge, built.output);
  }
  return explore_program(built.program.string() + ".explore", subject, options);
}

bool build_subject(const Subject& subject) {
  std::vector<std::string> targets = {subject.pair() + ".explore"};
  if (subject.attempt) targets.push_back(subject.pair());
  return build(build_root(), targets);
}

nlohmann::ordered_json to_json(const Subject& subject, const Exploration& exploration) {
  using Json = nlohmann::ordered_json;
  Json told = Json::object();
  if (exploration.told >= 0) {
    told = Json::parse(exploration.tests[static_cast<std::size_t>(exploration.told)].json);
  }
  Json tests = Json::array();
  for (const auto& test : exploration.tests) {
    tests.push_back({{"test", test.test},
                     {"verdict", test.verdict},
                     {"kind", test.kind},
                     {"schedules", test.schedules},
                     {"bound", test.bound},
                     {"exhausted", test.exhausted},
                     {"sampled", test.sampled},
                     {"preemptions", test.preemptions},
                     {"token", test.token},
                     {"seconds", test.seconds}});
  }
  Json json{{"scenario", subject.scenario},
            {"variant", subject.variant},
            {"verdict", name(exploration.verdict)},
            {"reason", exploration.reason},
            {"schedules", exploration.schedules},
            {"bound", exploration.bound},
            {"exhausted", exploration.exhausted},
            {"token", told.value("token", "")},
            {"seconds", exploration.seconds},
            {"test", told.value("test", "")},
            {"kind", told.value("kind", "")},
            {"message", told.value("message", "")},
            {"preemptions", told.value("preemptions", 0)},
            {"steps", told.value("steps", Json::array())},
            {"sides", told.value("sides", Json::array())},
            {"tests", std::move(tests)}};
  if (subject.attempt) json["attempt"] = subject.header.string();
  return json;
}

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write_trace(const std::string& file, const nlohmann::ordered_json& json) {
  std::ofstream out(file);
  out << dump(json) << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

// What the words of the command are off by, and what to do.
int explain_usage(const Subject& subject, const Options& options, const Exploration& exploration) {
  fmt::print(stderr, "racelab: {}\n", exploration.reason);
  if (!options.how.replay.empty()) {
    fmt::print(stderr, "Explore again for a token of this build:\n  {}\n", subject.command());
  } else {
    fmt::print(stderr, "The tests of {0} are in tests/scenarios/{0}_test.cc\n", subject.scenario);
  }
  return kUsage;
}

int explore(const Options& options) {
  const course::Course course(source_root());
  const auto subject = subject_of(course, options);
  if (!build_subject(subject)) return kCannotJudge;
  std::signal(SIGINT, [](int) { interrupted = true; });
  const auto exploration =
      subject.attempt
          ? explore_attempt(subject, options)
          : explore_program(build_root() / "bin" / (subject.pair() + ".explore"), subject, options);
  std::signal(SIGINT, SIG_DFL);
  if (interrupted) {
    fmt::print(stderr, "racelab: interrupted, after {} tests\n", exploration.tests.size());
    return kInterrupted;
  }
  if (exploration.usage) return explain_usage(subject, options, exploration);
  const auto json = to_json(subject, exploration);
  if (!options.trace.empty()) write_trace(options.trace, json);
  if (options.json) {
    fmt::print("{}\n", dump(json));
  } else {
    show_exploration(subject.path(), subject.command(), exploration, wants_colour(1));
  }
  return exit_code(exploration.verdict);
}

}  // namespace

void add_explore(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand(
      "explore", "Every interleaving of a contract's threads, and the story of one that fails");
  command->add_option("what", options.what, "SCENARIO/VARIANT, or SCENARIO with --attempt")
      ->required();
  command->add_option("--bound", options.how.bound, "Preemptions, 2 without")
      ->check(CLI::Range(0, 100));
  command->add_option("--replay", options.how.replay, "Run the one schedule that this token names");
  command->add_option("--test", options.how.tests, "Only tests of such names, as --gtest_filter");
  command
      ->add_option("--budget-seconds", options.how.budget_seconds,
                   "Explore a test so long at most, 30 without")
      ->check(CLI::Range(1, 86400));
  command->add_option("--attempt", options.attempt, "Explore this file of yours at SCENARIO");
  command->add_option("--trace", options.trace, "Write the story as JSON to this file");
  command->add_flag("--json", options.json, "Print the result as JSON");
  command->footer(
      "Exits with the verdict's code: 0 pass, 10 race, 11 deadlock, 12 wrong_result, 13 crash,\n"
      "14 timeout, 15 compile_error, 16 gagged, 3 cannot_judge. docs/explorer.md tells more.");
  command->callback([&exit_code] { exit_code = explore(options); });
}

}  // namespace lab::cli
