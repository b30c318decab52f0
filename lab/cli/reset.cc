#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <string>

#include "lab/cli/commands.h"
#include "lab/cli/learner.h"
#include "lab/paths.h"

namespace lab::cli {
namespace {

struct Options {
  std::string scenario;
  bool json = false;
};

int reset(const Options& options) {
  const course::Course course(source_root());
  workshop::ProgressFile file(attempts_folder());
  const auto& scenario = scenario_named(course, options.scenario, file.read());
  tell_notice(file);
  const auto kept = workshop::reset(scenario, attempts_folder());
  file.update([&](workshop::Progress& progress) {
    progress.current = scenario.id;
    auto& standing = progress.scenarios[scenario.id];
    standing.started = true;
    standing.verdict.clear();
  });
  const auto attempt = workshop::attempt_of(attempts_folder(), scenario.id);
  if (options.json) {
    fmt::print("{}\n",
               nlohmann::ordered_json{
                   {"scenario", scenario.id}, {"file", attempt.string()}, {"kept", kept.string()}}
                   .dump(2));
    return 0;
  }
  if (kept.empty()) {
    fmt::print("{} is the racy collector that you began with; there was nothing to keep.\n",
               shown(attempt));
  } else {
    fmt::print("{} is the racy collector again.\nWhat you had is kept: {}\n", shown(attempt),
               shown(kept));
  }
  return 0;
}

}  // namespace

void add_reset(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command =
      app.add_subcommand("reset", "Begin a scenario afresh; what you had is kept beside it");
  command->add_option("scenario", options.scenario,
                      "Its number, or a part of its name; without, the one you work on");
  command->add_flag("--json", options.json, "Print what was kept as JSON");
  command->footer("Medals stay won.\n  " + called() + " reset 02");
  command->callback([&exit_code] { exit_code = guarded([] { return reset(options); }); });
}

}  // namespace lab::cli
