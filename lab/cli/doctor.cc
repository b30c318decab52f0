#include "lab/workshop/doctor.h"

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

using workshop::Finding;
using Status = Finding::Status;

const char* name_of(Status status) {
  return status == Status::kOk ? "ok" : status == Status::kWarning ? "warning" : "failure";
}

void print_text(const std::vector<Finding>& findings, bool colour) {
  for (const auto& finding : findings) {
    const auto word = fmt::format("{:<8}", name_of(finding.status));
    fmt::print("{} {:<24} {}\n",
               finding.status == Status::kOk        ? green(word, colour)
               : finding.status == Status::kWarning ? yellow(word, colour)
                                                    : red(word, colour),
               finding.name, finding.detail);
    if (!finding.remedy.empty()) fmt::print("         -> {}\n", bold(finding.remedy, colour));
  }
}

void print_json(const std::vector<Finding>& findings, bool ok) {
  auto checks = nlohmann::ordered_json::array();
  for (const auto& finding : findings) {
    checks.push_back({{"name", finding.name},
                      {"status", name_of(finding.status)},
                      {"detail", finding.detail},
                      {"remedy", finding.remedy}});
  }
  fmt::print("{}\n", nlohmann::ordered_json{{"ok", ok}, {"checks", checks}}.dump(
                         2, ' ', false, nlohmann::json::error_handler_t::replace));
}

int doctor(bool json) {
  ProgressLine progress;
  const auto findings =
      workshop::examine({.source = source_root(), .build = build_root()},
                        [&](const std::string& name) { progress.show("looking at " + name); });
  progress.clear();
  const auto bad = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.status == Status::kFailure;
  });
  if (json) {
    print_json(findings, bad == 0);
  } else {
    print_text(findings, wants_colour(1));
    fmt::print("\n{}\n", bad == 0 ? "This machine can judge."
                                  : "This machine cannot judge yet; the arrows say what to do.");
  }
  return bad == 0 ? 0 : kCannotJudge;
}

}  // namespace

void add_doctor(CLI::App& app, int& exit_code) {
  static bool json = false;
  auto* command = app.add_subcommand(
      "doctor", "Can this machine judge? Each thing that is missing, with its remedy");
  command->add_flag("--json", json, "Print what was seen as JSON");
  command->footer("Exits with 3 when this machine cannot judge, else 0. Takes some seconds.");
  command->callback([&exit_code] { exit_code = guarded([] { return doctor(json); }); });
}

}  // namespace lab::cli
