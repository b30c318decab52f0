#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lab/measure/bench.h"
#include "lab/measure/rows.h"

namespace lab::measure {
namespace {

const std::vector<std::string> kMixes = {"read_mostly", "write_mostly"};
constexpr double kWidth = 920;
constexpr double kPanel = 280;   // Width of a panel's field.
constexpr double kLeft = 70;     // Of the first panel's field.
constexpr double kStride = 450;  // From panel to panel.
constexpr double kTop = 64;
constexpr double kLabelStep = 15;  // Labels closer than this would touch.
constexpr std::size_t kColours = 8;

// Colours of Okabe and Ito, told apart by the colour-blind too; the darker or lighter of each as
// the page is. An SVG in an <img> follows the reader's scheme as well.
constexpr const char* kStyle = R"(<style>
  svg { --ink: #1f2328; --faint: #d0d7de; --page: #ffffff; }
  .c0 { --c: #57606a; } .c1 { --c: #0072b2; } .c2 { --c: #b35900; } .c3 { --c: #00785a; }
  .c4 { --c: #b0327a; } .c5 { --c: #6f5bb5; } .c6 { --c: #7d6608; } .c7 { --c: #116d8b; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6edf3; --faint: #30363d; --page: #0d1117; }
    .c0 { --c: #9ea7b3; } .c1 { --c: #56b4e9; } .c2 { --c: #f0a04b; } .c3 { --c: #3fd0a4; }
    .c4 { --c: #ef8cc4; } .c5 { --c: #b9a7f5; } .c6 { --c: #e8d44d; } .c7 { --c: #7fd4ee; }
  }
  text { font: 12px system-ui, sans-serif; fill: var(--ink); }
  .title { font-size: 15px; font-weight: 600; } .head { font-weight: 600; }
  .page { fill: var(--page); } .grid { stroke: var(--faint); stroke-width: 1; }
  .line { fill: none; stroke: var(--c); stroke-width: 2; }
  .dot { fill: var(--c); stroke: var(--page); stroke-width: 1; } .name { fill: var(--c); }
</style>
)";

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else
      result += c;
  }
  return result;
}

std::string text_at(double x, double y, const std::string& text, const char* attributes = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", x, y, attributes,
                     escaped(text));
}

std::string line(double x1, double y1, double x2, double y2, const char* name) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x1, y1, x2,
      y2, name);
}

std::string dot(double x, double y, double radius) {
  return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\" class=\"dot\"/>\n", x, y,
                     radius);
}

std::string begin(double height, const std::string& title) {
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" "
             "width=\"{0:g}\" "
             "height=\"{1:g}\" role=\"img\">\n<title>{2}</title>\n",
             kWidth, height, escaped(title)) +
         kStyle + "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n" +
         text_at(16, 26, title, "class=\"title\"");
}

// A logarithmic scale from values to places on the page.
class Scale {
 public:
  // Grows to whole steps of 1, 2 and 5.
  Scale(double low, double high, double from, double to)
      : low_(step_below(low)), high_(step_above(high)), from_(from), to_(to) {}

  double at(double value) const {
    return from_ + (to_ - from_) * std::log(value / low_) / std::log(high_ / low_);
  }

  // The steps, or the powers of ten alone where there would be too many.
  std::vector<double> ticks() const {
    std::vector<double> all, tens;
    for (double ten = std::pow(10, std::floor(std::log10(low_))); ten <= high_ * 1.001; ten *= 10) {
      for (const double step : {1.0, 2.0, 5.0}) {
        if (ten * step < low_ * 0.999 || ten * step > high_ * 1.001) continue;
        all.push_back(ten * step);
        if (step == 1.0) tens.push_back(ten);
      }
    }
    return all.size() > 8 ? tens : all;
  }

 private:
  static double step_below(double value) {
    const double ten = std::pow(10, std::floor(std::log10(value)));
    return value >= 5 * ten ? 5 * ten : value >= 2 * ten ? 2 * ten : ten;
  }
  static double step_above(double value) {
    const double ten = std::pow(10, std::floor(std::log10(value)));
    return value <= 2 * ten ? 2 * ten : value <= 5 * ten ? 5 * ten : 10 * ten;
  }

  double low_, high_, from_, to_;
};

struct Range {
  double low = std::numeric_limits<double>::max();
  double high = 0;
  void take(double value) {
    if (value <= 0) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return high <= 0; }
};

std::string shown_mix(const ScenarioBench& scenario, const std::string& mix) {
  return mix == "read_mostly" ? fmt::format("read-mostly: 95% {}()", scenario.query)
                              : "write-mostly: 95% add()";
}

// Moves labels apart that would touch, from the top down.
void part(std::vector<std::pair<double, std::string>>& labels) {
  std::sort(labels.begin(), labels.end());
  for (std::size_t i = 1; i < labels.size(); ++i) {
    labels[i].first = std::max(labels[i].first, labels[i - 1].first + kLabelStep);
  }
}

// One line, and its name at its right end as a pair of place and SVG.
std::string series(const Measured& measured, const std::string& mix, std::size_t colour,
                   double left, const std::vector<int>& threads, const Scale& y,
                   std::vector<std::pair<double, std::string>>& labels) {
  std::string points, dots;
  double last = 0;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    const auto* cell = measured.cell(mix, threads[i]);
    if (!cell || cell->rate() <= 0) continue;
    const double x = left + kPanel * static_cast<double>(i) /
                                static_cast<double>(std::max<std::size_t>(threads.size() - 1, 1));
    last = y.at(cell->rate());
    points += fmt::format("{:.1f},{:.1f} ", x, last);
    dots += dot(x, last, 3.5);
  }
  if (points.empty()) return "";
  labels.emplace_back(last,
                      fmt::format("class=\"name c{}\"\n{}", colour, shown_name(measured.variant)));
  return fmt::format("<g class=\"c{}\">\n<polyline class=\"line\" points=\"{}\"/>\n{}</g>\n",
                     colour, points, dots);
}

}  // namespace

std::string throughput_svg(const ScenarioBench& scenario) {
  constexpr double kField = 280;
  const auto variants = in_order(scenario);
  Range range;
  for (const auto* measured : variants) {
    for (const auto& cell : measured->cells) range.take(cell.rate());
  }
  const double height =
      kTop + std::max(kField, kLabelStep * static_cast<double>(variants.size())) + 60;
  auto svg = begin(height, scenario.scenario + ": calls a second (logarithmic) over threads");
  if (range.empty()) return svg + "</svg>\n";
  const Scale y(range.low, range.high, kTop + kField, kTop);
  for (std::size_t p = 0; p < kMixes.size(); ++p) {
    const double left = kLeft + kStride * static_cast<double>(p);
    svg += text_at(left, kTop - 14, shown_mix(scenario, kMixes[p]), "class=\"head\"");
    for (const double tick : y.ticks()) {
      svg += line(left, y.at(tick), left + kPanel, y.at(tick), "grid");
      svg += text_at(left - 8, y.at(tick) + 4, shown_rate(tick), "text-anchor=\"end\"");
    }
    for (std::size_t i = 0; i < scenario.threads.size(); ++i) {
      const double x =
          left + kPanel * static_cast<double>(i) /
                     static_cast<double>(std::max<std::size_t>(scenario.threads.size() - 1, 1));
      svg += text_at(x, kTop + kField + 20, std::to_string(scenario.threads[i]),
                     "text-anchor=\"middle\"");
    }
    svg += text_at(left + kPanel / 2, kTop + kField + 40, "threads", "text-anchor=\"middle\"");
    std::vector<std::pair<double, std::string>> labels;
    for (std::size_t i = 0; i < variants.size(); ++i) {
      svg += series(*variants[i], kMixes[p], i % kColours, left, scenario.threads, y, labels);
    }
    part(labels);
    for (const auto& [place, label] : labels) {
      const auto end = label.find('\n');
      svg += text_at(left + kPanel + 8, place + 4, label.substr(end + 1),
                     label.substr(0, end).c_str());
    }
  }
  return svg + "</svg>\n";
}

std::string latency_svg(const ScenarioBench& scenario) {
  constexpr double kRow = 26;
  const auto variants = in_order(scenario);
  const int most = scenario.threads.empty() ? 1 : scenario.threads.back();
  const auto cell_of = [most](const Measured& measured, const std::string& mix) {
    return measured.cell(mix, measured.variant == "racy" ? 1 : most);
  };
  Range range;
  for (const auto* measured : variants) {
    for (const auto& mix : kMixes) {
      const auto* cell = cell_of(*measured, mix);
      if (!cell) continue;
      const auto& latency = cell->latency();
      for (const auto& value : {latency.p50, latency.p99, latency.p99_9}) {
        range.take(value.value_or(0));
      }
    }
  }
  const double bottom = kTop + kRow * static_cast<double>(variants.size());
  auto svg = begin(bottom + 56, fmt::format("{}: p50, p99 and p99.9 of single calls on {} threads "
                                            "(logarithmic)",
                                            scenario.scenario, most));
  if (range.empty()) return svg + "</svg>\n";
  for (std::size_t p = 0; p < kMixes.size(); ++p) {
    const double left = 140 + 400 * static_cast<double>(p);
    const Scale x(range.low, range.high, left, left + kPanel + 40);
    svg += text_at(left, kTop - 14,
                   kMixes[p] == "read_mostly" ? scenario.query + "(), read-mostly"
                                              : std::string("add(), write-mostly"),
                   "class=\"head\"");
    for (const double tick : x.ticks()) {
      svg += line(x.at(tick), kTop, x.at(tick), bottom, "grid");
      svg += text_at(x.at(tick), bottom + 20, shown_duration(tick), "text-anchor=\"middle\"");
    }
    for (std::size_t i = 0; i < variants.size(); ++i) {
      const double y = kTop + kRow * (static_cast<double>(i) + 0.5);
      if (p == 0) {
        svg += text_at(left - 12, y + 4, shown_name(variants[i]->variant),
                       fmt::format("text-anchor=\"end\" class=\"name c{}\"", i % kColours).c_str());
      }
      const auto* cell = cell_of(*variants[i], kMixes[p]);
      if (!cell || !cell->latency().p50) continue;
      const auto& latency = cell->latency();
      const double last = latency.p99_9.value_or(latency.p99.value_or(*latency.p50));
      svg += fmt::format("<g class=\"c{}\">\n", i % kColours);
      svg += line(x.at(*latency.p50), y, x.at(last), y, "line");
      svg += dot(x.at(*latency.p50), y, 6);
      if (latency.p99) svg += dot(x.at(*latency.p99), y, 4.5);
      if (latency.p99_9) svg += dot(x.at(*latency.p99_9), y, 3);
      svg += "</g>\n";
    }
  }
  return svg + "</svg>\n";
}

}  // namespace lab::measure
