#include <fmt/core.h>

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
  bool json = false;
};

// The one named; without a name the first that has not passed and is not begun.
const course::Scenario& to_start(const course::Course& course, const std::string& text,
                                 const workshop::Progress& progress) {
  if (!text.empty()) return course.scenario(text);
  for (const auto& scenario : course.scenarios()) {
    const auto& standing = progress.of(scenario.id);
    if (!standing.passed() && !standing.started) return scenario;
  }
  return scenario_named(course, text, progress);
}

int start(const Options& options) {
  const course::Course course(source_root());
  workshop::ProgressFile file(attempts_folder());
  const auto& scenario = to_start(course, options.scenario, file.read());
  tell_notice(file);
  // Noted first: an attempt without progress is what tells that progress was lost.
  file.update([&](workshop::Progress& progress) {
    progress.current = scenario.id;
    progress.scenarios[scenario.id].started = true;
  });
  const auto started = workshop::start(scenario, attempts_folder());
  workshop::tell_editors(attempts_folder(), source_root(), course);
  if (options.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"scenario", scenario.id},
                                              {"title", scenario.title},
                                              {"file", started.file.string()},
                                              {"created", started.created}}
                           .dump(2));
    return 0;
  }
  const bool colour = wants_colour(1);
  if (started.created) {
    fmt::print("{}  {}\n", bold(scenario.id, colour), scenario.title);
  } else {
    fmt::print("{} is there already; it is as you left it. To begin afresh: {} reset {}\n",
               shown(started.file), called(), scenario.id);
  }
  fmt::print("\n  edit   {0}\n  judge  {1} check {2}   or, on every save, {1}\n",
             shown(started.file), called(), scenario.id);
  fmt::print("  read   {}\n  stuck  {} hint {}\n", shown(scenario.readme), called(), scenario.id);
  return 0;
}

}  // namespace

void add_start(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand("start", "Begin a scenario: a file of your own to mend");
  command->add_option("scenario", options.scenario,
                      "Its number, or a part of its name; without, the next one");
  command->add_flag("--json", options.json, "Print what was made as JSON");
  command->footer(
      "Copies the racy collector to attempts/SCENARIO.h. Never overwrites: what is there stays.\n"
      "  " +
      called() + " start 02     " + called() + " start map_read");
  command->callback([&exit_code] { exit_code = guarded([] { return start(options); }); });
}

}  // namespace lab::cli
