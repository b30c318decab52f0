#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "lab/report/explain.h"

namespace lab::report {
namespace {

// Longer cycles are listed by the report itself.
constexpr std::size_t kDrawnMax = 12;

std::string thread_of(const Report& report, std::size_t edge) {
  return edge < report.edges.size() ? report.edges[edge].thread : std::string();
}

}  // namespace

// M0 ──T1──▶ M1 ──T2──▶ M0 as a loop:
//     M0 ──── main thread ────▶ M1
//      ▲                        │
//      └────────── T2 ──────────┘
std::vector<std::string> draw_cycle(const Report& report) {
  const auto& cycle = report.cycle;
  if (cycle.size() < 2 || cycle.size() > kDrawnMax) return {};
  const auto count = cycle.size() - 1;  // The first stands at the end again.
  std::string top;
  std::size_t width = 0;
  const auto add = [&](const std::string& text, std::size_t columns) {
    top += text;
    width += columns;
  };
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const auto thread = thread_of(report, i);
    add(fmt::format("{} ── {} ──▶ ", cycle[i], thread), cycle[i].size() + thread.size() + 9);
  }
  const auto last_begin = width;
  add(cycle[count - 1], cycle[count - 1].size());
  const auto back = thread_of(report, count - 1);
  const auto inner = std::max<std::size_t>(last_begin, back.size() + 5) - 1;
  const auto left = (inner - std::min(inner, back.size() + 2)) / 2;
  const auto right = inner - std::min(inner, back.size() + 2 + left);
  const auto line = [](std::size_t length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += "─";
    return text;
  };
  return {top, fmt::format("▲{:{}}│", "", inner),
          fmt::format("└{} {} {}┘", line(left), back, line(right))};
}

}  // namespace lab::report
