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
  bool seen = false;
  bool json = false;
};

void print_hint(const course::Scenario& scenario, int tier, bool colour) {
  const auto total = scenario.hints.size();
  fmt::print("{}\n\n", bold(fmt::format("{}: hint {} of {}", scenario.id, tier, total), colour));
  for (const auto& line :
       wrapped(scenario.hints[static_cast<std::size_t>(tier) - 1], std::min(columns(1), 100))) {
    fmt::print("{}\n", line);
  }
  fmt::print("\n");
}

void print_json(const course::Scenario& scenario, int from, int to) {
  auto hints = nlohmann::ordered_json::array();
  for (int tier = from; tier <= to; ++tier) {
    hints.push_back({{"tier", tier}, {"text", scenario.hints[static_cast<std::size_t>(tier) - 1]}});
  }
  fmt::print(
      "{}\n",
      nlohmann::ordered_json{
          {"scenario", scenario.id}, {"hints", hints}, {"seen", to}, {"of", scenario.hints.size()}}
          .dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

int hint(const Options& options) {
  const course::Course course(source_root());
  workshop::ProgressFile file(attempts_folder());
  const auto before = file.read();
  const auto& scenario = scenario_named(course, options.scenario, before);
  const int total = static_cast<int>(scenario.hints.size());
  if (total == 0) {
    fmt::print(stderr, "racelab: {} has no hints; its story is in {}\n", scenario.id,
               shown(scenario.readme));
    return 0;
  }
  // Clamped: a course may have lost a hint since.
  const int seen = std::clamp(before.of(scenario.id).hints, 0, total);
  const int to = options.seen ? seen : std::min(seen + 1, total);
  const int from = options.seen ? 1 : to;
  if (to > seen) {
    file.try_update([&](workshop::Progress& progress) {
      auto& hints = progress.scenarios[scenario.id].hints;
      hints = std::max(hints, to);
    });
  }
  tell_notice(file);
  if (options.json) {
    print_json(scenario, from, to);
    return 0;
  }
  for (int tier = from; tier <= to; ++tier) print_hint(scenario, tier, wants_colour(1));
  if (to == 0) {
    fmt::print("No hint of {} has been shown yet. The first: {} hint {}\n", scenario.id, called(),
               scenario.id);
  } else if (to < total) {
    fmt::print("More: {} hint {}\n", called(), scenario.id);
  } else {
    fmt::print("That is all. The fixes, with what each costs: {} solution {}\n", called(),
               scenario.id);
  }
  return 0;
}

}  // namespace

void add_hint(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand("hint", "The next hint, one tier at a time");
  command->add_option("scenario", options.scenario,
                      "Its number, or a part of its name; without, the one you work on");
  command->add_flag("--seen", options.seen, "Those that were shown before, and no more");
  command->add_flag("--json", options.json, "Print them as JSON");
  command->footer(
      "From where to look, over which idea, to the shape of the fix. What was shown is\n"
      "remembered.\n"
      "  " +
      called() + " hint 02     " + called() + " hint 02 --seen");
  command->callback([&exit_code] { exit_code = guarded([] { return hint(options); }); });
}

}  // namespace lab::cli
