#include <fmt/core.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "lab/cli/building.h"
#include "lab/cli/commands.h"
#include "lab/cli/learner.h"
#include "lab/cli/show.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"
#include "lab/verdict/attempt.h"
#include "lab/verdict/judge.h"
#include "lab/verdict/strategy.h"
#include "lab/workshop/files.h"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> named;
  bool all = false;
  bool json = false;
  std::string scenario;
};

struct Target {
  std::string scenario;
  fs::path header;
};

struct Result {
  Target target;
  verdict::Judgement judgement;
};

fs::path attempt_of(const std::string& scenario) {
  return source_root() / "attempts" / (scenario + ".h");
}

Target target_of(const course::Course& course, const Options& options, const std::string& text) {
  // Of a file that is named together with its scenario, the judge says what is wrong with it.
  const bool is_file = fs::is_regular_file(text) ||
                       (fs::exists(text) && (text.ends_with(".h") || !options.scenario.empty()));
  if (is_file) {
    const auto scenario = options.scenario.empty()
                              ? verdict::scenario_of(course, fs::absolute(text))
                              : course.scenario(options.scenario).id;
    return {scenario, fs::absolute(text)};
  }
  if (text.ends_with(".h")) throw std::invalid_argument("there is no file " + text);
  if (text.find('/') != std::string::npos) {
    const auto variant = course.select(text).front();
    return {variant.scenario, variant.header};
  }
  const auto& scenario = course.scenario(text);
  if (!fs::exists(attempt_of(scenario.id))) {
    throw std::invalid_argument(fmt::format(
        "you have no attempt at {0} yet. Begin with: {1} start {0}", scenario.id, called()));
  }
  return {scenario.id, attempt_of(scenario.id)};
}

std::vector<Target> targets_of(const course::Course& course, const Options& options) {
  std::vector<Target> targets;
  for (const auto& text : options.named) targets.push_back(target_of(course, options, text));
  if (!options.named.empty() && !options.all) return targets;
  for (const auto& scenario : course.scenarios()) {
    if (fs::exists(attempt_of(scenario.id))) {
      targets.push_back({scenario.id, attempt_of(scenario.id)});
    }
  }
  if (targets.empty()) throw std::invalid_argument("there is no attempt in attempts/ yet");
  return targets;
}

// The strategy of an attempt that passed.
std::string strategy_in(const verdict::Judgement& judgement) {
  if (judgement.verdict != verdict::Verdict::kPass) return "";
  return verdict::strategy_of(judgement.explored);
}

nlohmann::ordered_json side_json(const report::Side& side) {
  auto mutexes = nlohmann::ordered_json::array();
  for (const auto& mutex : side.mutexes) mutexes.push_back(mutex.id);
  return {{"op", side.op},     {"function", side.function}, {"file", side.file},
          {"line", side.line}, {"thread", side.thread},     {"mutexes", mutexes}};
}

nlohmann::ordered_json to_json(const Result& result) {
  const auto& judgement = result.judgement;
  auto causes = nlohmann::ordered_json::array();
  for (const auto& cause : judgement.causes) {
    causes.push_back({{"kind", cause.kind},
                      {"reports", cause.reports},
                      {"first", side_json(cause.first)},
                      {"second", side_json(cause.second)}});
  }
  const auto& tried = judgement.tried;
  const auto strategy = strategy_in(judgement);
  return {
      {"scenario", result.target.scenario},
      {"attempt", result.target.header.string()},
      {"verdict", name(judgement.verdict)},
      {"reason", judgement.reason},
      {"compiler", judgement.verdict == verdict::Verdict::kCompileError ? judgement.output : ""},
      {"seconds", judgement.seconds},
      {"causes", causes},
      {"tried",
       {{"orders", tried.orders},
        {"repeats", tried.repeats},
        {"schedules", tried.schedules},
        {"sampled", tried.sampled},
        {"bound", tried.bound},
        {"exhausted", tried.exhausted}}},
      {"strategy", strategy.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(strategy)}};
}

// A learner's own attempt counts for the progress; any other file does not.
void note_progress(const Target& target, const verdict::Judgement& judgement) {
  std::error_code error;
  if (judgement.verdict == verdict::Verdict::kCannotJudge ||
      !fs::equivalent(target.header, attempt_of(target.scenario), error)) {
    return;
  }
  workshop::ProgressFile file(attempts_folder());
  workshop::note_verdict(file, attempts_folder(), target.scenario,
                         std::string(name(judgement.verdict)), strategy_in(judgement),
                         workshop::read_file(target.header));
  tell_notice(file);
}

int exit_code_of(const std::vector<Result>& results) {
  if (results.size() == 1) return exit_code(results.front().judgement.verdict);
  for (const auto& result : results) {
    if (result.judgement.verdict != verdict::Verdict::kPass) return 1;
  }
  return 0;
}

int check(const Options& options) {
  const course::Course course(source_root());
  const auto targets = targets_of(course, options);
  std::set<std::string> scenarios;
  for (const auto& target : targets) scenarios.insert(target.scenario);
  if (!build_for_attempts(scenarios)) return kCannotJudge;
  const verdict::Judge judge(build_root());
  std::vector<Result> results;
  auto json = nlohmann::ordered_json::array();
  for (const auto& target : targets) {
    ProgressLine progress;
    progress.show("checking " + target.header.string());
    results.push_back(
        {target, verdict::judge_attempt(judge, build_root(), target.scenario, target.header)});
    progress.clear();
    const auto& judgement = results.back().judgement;
    if (!options.json) {
      show_judgement(shown(target.header), judgement, look_of_terminal(),
                     fmt::format("{} explore {} --attempt {}", called(), target.scenario,
                                 shown(target.header)));
      if (const auto strategy = strategy_in(judgement); !strategy.empty()) {
        fmt::print("  strategy: {}\n", strategy);
      }
    }
    note_progress(target, judgement);
    json.push_back(to_json(results.back()));
  }
  if (options.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"results", json}}.dump(
                           2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return exit_code_of(results);
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand("check", "Judge your attempts: a scenario's, or any file");
  command->add_option("what", options.named,
                      "SCENARIO (your attempts/SCENARIO.h), a FILE, or SCENARIO/VARIANT");
  command->add_flag("--all", options.all, "Every attempt that you have; so without arguments");
  command->add_flag("--json", options.json, "Print the result as JSON");
  command->add_option("--scenario", options.scenario,
                      "The scenario that the files are attempts at");
  command->footer(
      "Exits with the verdict's code for one attempt (0 pass, 10 race, 11 deadlock, 12\n"
      "wrong_result, 13 crash, 14 timeout, 15 compile_error, 16 gagged); for several, 0 if\n"
      "all passed, else 1.");
  command->callback([&exit_code] { exit_code = check(options); });
}

}  // namespace lab::cli
