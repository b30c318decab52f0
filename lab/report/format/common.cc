#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "lab/report/format/formats.h"

namespace lab::report {
namespace {

std::string count(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

}  // namespace

std::string totals(const std::vector<Report>& reports, const std::vector<Cause>& causes) {
  const auto crashes = static_cast<std::size_t>(
      std::count_if(causes.begin(), causes.end(), [](const Cause& cause) { return cause.fatal; }));
  const bool beside = crashes > 0 && crashes < causes.size();
  const auto told = causes.size() - (beside ? crashes : 0);
  std::size_t fatal = 0;
  for (const auto& report : reports) fatal += beside && report.fatal;
  const auto text = fmt::format("{}, {}", count(reports.size() - fatal, "report", "reports"),
                                count(told, "cause", "causes"));
  if (!beside) return text;
  return crashes == 1 ? text + "; and a crash" : fmt::format("{}; and {} crashes", text, crashes);
}

std::string reading(const Explanation& explanation, const Context& context) {
  for (const auto& pattern : explanation.patterns) {
    if (context.scenarios.contains(pattern.scenario)) return pattern.scenario;
  }
  const auto& scenario = explanation.scenario;
  return context.scenarios.contains(scenario) ? scenario : std::string();
}

}  // namespace lab::report
