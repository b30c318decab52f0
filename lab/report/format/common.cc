#include "lab/report/format/formats.h"

namespace lab::report {

std::string reading(const Explanation& explanation, const Context& context) {
  for (const auto& pattern : explanation.patterns) {
    if (context.scenarios.contains(pattern.scenario)) return pattern.scenario;
  }
  const auto& scenario = explanation.scenario;
  return context.scenarios.contains(scenario) ? scenario : std::string();
}

}  // namespace lab::report
