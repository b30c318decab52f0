#include "lab/measure/rows.h"

#include <fmt/core.h>

#include <algorithm>

namespace lab::measure {
namespace {

// Characters of UTF-8, each taken for one column.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::vector<const Measured*> in_order(const ScenarioBench& scenario) {
  static const std::vector<std::string> kFirst = {"racy", "mutex", "rwlock", "sharded_map",
                                                  "message_passing"};
  std::vector<const Measured*> result;
  for (const auto& name : kFirst) {
    if (const auto* measured = scenario.variant(name)) result.push_back(measured);
  }
  for (const auto& measured : scenario.variants) {
    if (std::find(result.begin(), result.end(), &measured) == result.end()) {
      result.push_back(&measured);
    }
  }
  return result;
}

std::string shown_name(const std::string& variant) {
  if (variant == "bare") return "bare TBB map";
  return variant == "racy" ? "racy, one thread" : variant;
}

std::string shown_duration(double nanoseconds) {
  if (nanoseconds < 1'000) return fmt::format("{:.0f} ns", nanoseconds);
  if (nanoseconds < 100'000) return fmt::format("{:.1f} us", nanoseconds / 1'000);
  if (nanoseconds < 1'000'000) return fmt::format("{:.0f} us", nanoseconds / 1'000);
  return fmt::format("{:.1f} ms", nanoseconds / 1'000'000);
}

std::string shown_rate(double calls_per_s) {
  if (calls_per_s < 1'000) return fmt::format("{:.1f}k", calls_per_s / 1'000);
  const auto digits = fmt::format("{:.0f}", calls_per_s / 1'000);
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped + "k";
}

std::string text_table(const Rows& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width(row[i]), ' ');
      line += i == 0 ? row[i] + space : std::string("  ").append(space).append(row[i]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string markdown_table(const Rows& rows) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line = "|";
    for (const auto& cell : rows[r]) line.append(" ").append(cell).append(" |");
    text += line + "\n";
    if (r > 0) continue;
    text += "|";
    for (std::size_t i = 0; i < rows[r].size(); ++i) text += i == 0 ? " --- |" : " ---: |";
    text += "\n";
  }
  return text;
}

}  // namespace lab::measure
