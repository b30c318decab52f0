#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <string>

#include "lab/cli/commands.h"
#include "lab/cli/learner.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"

namespace lab::cli {
namespace {

nlohmann::ordered_json to_json(const course::Scenario& scenario,
                               const workshop::Standing& standing) {
  auto fixes = nlohmann::ordered_json::array();
  for (const auto& variant : scenario.variants) {
    if (variant.kind == course::Kind::kFix) fixes.push_back(variant.name);
  }
  auto medals = nlohmann::ordered_json::object();
  for (const auto& medal : workshop::kMedals) medals[medal] = standing.medals.contains(medal);
  return {{"scenario", scenario.id},
          {"title", scenario.title},
          {"fault", scenario.fault.text},
          {"fixes", fixes},
          {"started", standing.started},
          {"passed", standing.passed()},
          {"verdict", standing.verdict},
          {"checks", standing.checks},
          {"hints_seen", standing.hints},
          {"hints", scenario.hints.size()},
          {"solution_seen_before_passing", standing.peeked},
          {"medals", medals}};
}

int list(bool json) {
  const course::Course course(source_root());
  workshop::ProgressFile file(attempts_folder());
  const auto progress = file.read();
  tell_notice(file);
  if (!json) {
    for (const auto& line : list_lines(course, progress, columns(1), wants_colour(1))) {
      fmt::print("{}\n", line);
    }
    return 0;
  }
  auto scenarios = nlohmann::ordered_json::array();
  for (const auto& scenario : course.scenarios()) {
    scenarios.push_back(to_json(scenario, progress.of(scenario.id)));
  }
  fmt::print("{}\n",
             nlohmann::ordered_json{{"current", progress.current}, {"scenarios", scenarios}}.dump(
                 2, ' ', false, nlohmann::json::error_handler_t::replace));
  return 0;
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
  static bool json = false;
  auto* command =
      app.add_subcommand("list", "The scenarios, how far you have come, and your medals");
  command->add_flag("--json", json, "Print them as JSON, with their faults and fixes");
  command->footer("A medal is a strategy with which an attempt of yours passed.");
  command->callback([&exit_code] { exit_code = list(json); });
}

}  // namespace lab::cli
