#include "lab/report/format/formats.h"

namespace lab::report {

std::string reading(const Explanation& explanation, const Context& context) {
  for (const auto& pattern : explanation.patterns) {
    if (context.scenarios.contains(pattern.scenario)) return pattern.scenario;
  }
  const auto& scenario = explanation.scenario;
  return context.scenarios.contains(scenario) ? scenario : std::string();
}

std::vector<std::string> fixes(const Explanation& explanation) {
  std::vector<std::string> result;
  for (const auto& pattern : explanation.patterns) {
    if (!pattern.advice.empty()) result.push_back(pattern.advice);
  }
  for (const auto fix : explanation.kind->fixes) {
    const bool fits = explanation.atomic_fits || fix.find("std::atomic") == fix.npos;
    const bool held = !explanation.mutex_fits && fix.starts_with("Hold the same mutex");
    if (!fix.empty() && fits && !held) result.emplace_back(fix);
  }
  return result;
}

}  // namespace lab::report
