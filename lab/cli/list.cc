#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <string>

#include "lab/cli/commands.h"
#include "lab/cli/terminal.h"
#include "lab/course/course.h"
#include "lab/paths.h"

namespace lab::cli {
namespace {

std::vector<std::string> fixes_of(const course::Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto& variant : scenario.variants) {
    if (variant.kind == course::Kind::kFix) names.push_back(variant.name);
  }
  return names;
}

void print_json(const course::Course& course) {
  auto scenarios = nlohmann::ordered_json::array();
  for (const auto& scenario : course.scenarios()) {
    scenarios.push_back({{"scenario", scenario.id},
                         {"title", scenario.title},
                         {"fault", scenario.fault.text},
                         {"fixes", fixes_of(scenario)}});
  }
  fmt::print("{}\n", nlohmann::ordered_json{{"scenarios", scenarios}}.dump(2));
}

void print_table(const course::Course& course) {
  const bool colour = wants_colour(1);
  for (const auto& scenario : course.scenarios()) {
    std::string fixes;
    for (const auto& name : fixes_of(scenario)) fixes += (fixes.empty() ? "" : ", ") + name;
    fmt::print("{}  {}\n    {}\n    {}\n", bold(scenario.id, colour), scenario.title,
               scenario.fault.text, dim("fixes: " + fixes, colour));
  }
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
  static bool json = false;
  auto* command = app.add_subcommand("list", "The scenarios, their faults and their fixes");
  command->add_flag("--json", json, "Print them as JSON");
  command->callback([&exit_code] {
    const course::Course course(source_root());
    if (json) {
      print_json(course);
    } else {
      print_table(course);
    }
    exit_code = 0;
  });
}

}  // namespace lab::cli
