#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "lab/cli/commands.h"
#include "lab/cli/learner.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"

namespace lab::cli {
namespace {

struct Options {
  std::string scenario;
  std::string strategy;
  bool json = false;
};

// Freely after a pass; before it, when this is the second time of asking. Recorded, not forbidden.
bool may_show(workshop::ProgressFile& file, const std::string& scenario) {
  const auto standing = file.read().of(scenario);
  if (standing.passed()) return true;
  file.update([&](workshop::Progress& progress) {
    auto& of = progress.scenarios[scenario];
    ++of.solution_asked;
    of.peeked = of.peeked || of.solution_asked > 1;
  });
  return standing.solution_asked > 0;
}

std::string unified(const workshop::Solution& solution) {
  std::string text;
  for (const auto& line : diff_lines(solution.changes, false)) text += line + "\n";
  return text;
}

void print_json(const course::Scenario& scenario, bool shown_now,
                const std::vector<workshop::Solution>& solutions) {
  auto fixes = nlohmann::ordered_json::array();
  for (const auto& solution : solutions) {
    if (!shown_now) break;
    fixes.push_back({{"strategy", solution.strategy},
                     {"happens_before", solution.happens_before},
                     {"costs", solution.costs},
                     {"file", solution.header.string()},
                     {"diff", unified(solution)}});
  }
  fmt::print(
      "{}\n",
      nlohmann::ordered_json{{"scenario", scenario.id}, {"shown", shown_now}, {"solutions", fixes}}
          .dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::vector<workshop::Solution> chosen(const course::Scenario& scenario, const std::string& name) {
  auto solutions = workshop::solutions(scenario);
  if (name.empty()) return solutions;
  std::string names;
  for (const auto& solution : solutions) names += (names.empty() ? "" : ", ") + solution.strategy;
  std::erase_if(solutions, [&](const auto& solution) { return solution.strategy != name; });
  if (!solutions.empty()) return solutions;
  throw std::invalid_argument(scenario.id + " has no fix '" + name + "'; it has: " + names);
}

int solution(const Options& options) {
  const course::Course course(source_root());
  workshop::ProgressFile file(attempts_folder());
  const auto& scenario = scenario_named(course, options.scenario, file.read());
  const auto solutions = chosen(scenario, options.strategy);
  const bool shown_now = may_show(file, scenario.id);
  tell_notice(file);
  if (options.json) {
    print_json(scenario, shown_now, solutions);
    return 0;
  }
  if (!shown_now) {
    fmt::print(
        "You have not passed {0} yet. Hints come first: {1} hint {0}\n"
        "To see the fixes all the same, ask once more; it will be on record that you did.\n",
        scenario.id, called());
    return 0;
  }
  const bool colour = wants_colour(1);
  for (const auto& each : solutions) {
    for (const auto& line : solution_lines(each, std::min(columns(1), 100), colour)) {
      fmt::print("{}\n", line);
    }
  }
  return 0;
}

}  // namespace

void add_solution(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand("solution", "The fixes: what each costs, and what it changes");
  command->add_option("scenario", options.scenario,
                      "Its number, or a part of its name; without, the one you work on");
  command->add_option("strategy", options.strategy, "Only this fix: mutex, rwlock, ...");
  command->add_flag("--json", options.json, "Print them as JSON");
  command->footer(
      "Shown freely once you have passed; before that only when you ask twice.\n"
      "  " +
      called() + " solution 02     " + called() + " solution 02 rwlock");
  command->callback([&exit_code] { exit_code = guarded([] { return solution(options); }); });
}

}  // namespace lab::cli
