#include "lab/workshop/exercise.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "lab/workshop/files.h"
#include "lab/workshop/progress.h"

namespace lab::workshop {
namespace {

namespace fs = std::filesystem;

constexpr int kOldOnesMax = 10'000;
constexpr std::size_t kDiffLinesMax = 4'000;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

const course::Variant& racy_of(const course::Scenario& scenario) {
  return scenario.variants.front();
}

// Length of the longest common subsequence of what follows each pair of lines.
std::vector<std::vector<int>> common_after(const std::vector<std::string>& a,
                                           const std::vector<std::string>& b) {
  std::vector<std::vector<int>> common(a.size() + 1, std::vector<int>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] =
          a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  return common;
}

std::vector<DiffLine> whole_diff(const std::vector<std::string>& a,
                                 const std::vector<std::string>& b) {
  std::vector<DiffLine> result;
  const bool small = a.size() <= kDiffLinesMax && b.size() <= kDiffLinesMax;
  const auto common = small ? common_after(a, b) : std::vector<std::vector<int>>();
  std::size_t i = 0;
  std::size_t j = 0;
  while (small && i < a.size() && j < b.size()) {
    if (a[i] == b[j]) {
      result.push_back({' ', a[i]});
      ++i, ++j;
    } else if (common[i + 1][j] >= common[i][j + 1]) {
      result.push_back({'-', a[i++]});
    } else {
      result.push_back({'+', b[j++]});
    }
  }
  for (; i < a.size(); ++i) result.push_back({'-', a[i]});
  for (; j < b.size(); ++j) result.push_back({'+', b[j]});
  return result;
}

}  // namespace

fs::path attempt_of(const fs::path& attempts, const std::string& scenario) {
  return attempts / (scenario + ".h");
}

std::string exercise_text(const std::string& racy, const std::string& scenario) {
  std::string text;
  bool in_fault = false;
  bool in_opening = true;
  for (const auto& line : lines_of(racy)) {
    const bool comment = line.starts_with("//");
    if (in_opening && line.starts_with("// Fault:")) {
      in_fault = true;
      text +=
          "// To do: find what goes wrong when two threads use this collector, and mend it. Keep "
          "the\n"
          "// names and what each function promises; inside, everything may change. Every save "
          "under\n"
          "// ./racelab judges this file, and so does ./racelab check " +
          scenario.substr(0, scenario.find('_')) + ".\n";
      continue;
    }
    // The fault goes on up to an empty comment line or the comment's end.
    if (in_fault && (!comment || line == "//")) in_fault = false;
    if (!comment) in_opening = false;
    if (!in_fault) text += line + "\n";
  }
  return text;
}

std::string exercise_of(const course::Scenario& scenario) {
  return exercise_text(read_file(racy_of(scenario).header), scenario.id);
}

Started start(const course::Scenario& scenario, const fs::path& attempts) {
  Started started{.file = attempt_of(attempts, scenario.id), .created = false};
  std::error_code error;
  if (fs::exists(started.file, error)) return started;
  started.created = create_file(started.file, exercise_of(scenario));
  return started;
}

fs::path reset(const course::Scenario& scenario, const fs::path& attempts) {
  const auto file = attempt_of(attempts, scenario.id);
  if (start(scenario, attempts).created) return {};
  const auto old = read_file(file);
  const auto fresh = exercise_of(scenario);
  if (old == fresh) return {};
  fs::path kept;
  for (int number = 1; number <= kOldOnesMax; ++number) {
    kept = attempts / fmt::format("{}.{}.h", scenario.id, number);
    if (create_file(kept, old)) break;
    if (number == kOldOnesMax) throw FileError("There are too many old attempts in attempts/.");
  }
  replace_file(file, fresh);
  return kept;
}

bool tell_editors(const fs::path& attempts, const fs::path& root, const course::Course& course) {
  auto entries = nlohmann::ordered_json::array();
  for (const auto& scenario : course.scenarios()) {
    const auto file = attempt_of(attempts, scenario.id).string();
    entries.push_back({{"directory", root.string()},
                       {"file", file},
                       {"arguments",
                        {"clang++", "-xc++-header", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic",
                         "-I" + root.string(), "-fsyntax-only", file}}});
  }
  const auto text = entries.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  const auto database = attempts / "compile_commands.json";
  try {
    std::error_code error;
    if (!fs::exists(database, error) || read_file(database) != text) replace_file(database, text);
    return true;
  } catch (const FileError&) {
    return false;
  }
}

std::vector<DiffLine> diff(const std::string& before, const std::string& after, int context) {
  const auto whole = whole_diff(lines_of(before), lines_of(after));
  std::vector<DiffLine> result;
  int left_out = 0;
  const auto is_near_a_change = [&](std::size_t at) {
    const auto reach = static_cast<std::size_t>(context);
    const auto from = at > reach ? at - reach : 0;
    const auto to = std::min(whole.size(), at + reach + 1);
    return std::any_of(whole.begin() + static_cast<std::ptrdiff_t>(from),
                       whole.begin() + static_cast<std::ptrdiff_t>(to),
                       [](const DiffLine& line) { return line.mark != ' '; });
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (!is_near_a_change(i)) {
      ++left_out;
      continue;
    }
    if (left_out > 0) {
      result.push_back(
          {'@', fmt::format("... {} line{} the same", left_out, left_out == 1 ? "" : "s")});
    }
    left_out = 0;
    result.push_back(whole[i]);
  }
  return result;
}

std::string without_opening(const std::string& source) {
  std::string text;
  bool in_opening = true;
  for (const auto& line : lines_of(source)) {
    in_opening = in_opening && line.starts_with("//");
    if (!in_opening) text += line + "\n";
  }
  return text;
}

std::vector<Solution> solutions(const course::Scenario& scenario) {
  const auto racy = without_opening(read_file(racy_of(scenario).header));
  std::vector<Solution> result;
  for (const auto& variant : scenario.variants) {
    if (variant.kind != course::Kind::kFix) continue;
    const auto source = read_file(variant.header);
    auto costs = course::machine_line(source, "Costs");
    if (costs.empty()) {  // On the line of the edge.
      const auto line = course::machine_line(source, "Happens-before");
      const auto at = line.find("Costs: ");
      if (at != std::string::npos) costs = line.substr(at + 7);
    }
    result.push_back({.strategy = variant.name,
                      .happens_before = variant.claim,
                      .costs = costs,
                      .header = variant.header,
                      .changes = diff(racy, without_opening(source))});
  }
  const auto rank = [](const Solution& solution) {
    const auto at = std::find(kMedals.begin(), kMedals.end(), solution.strategy) - kMedals.begin();
    return std::pair(at, solution.strategy);
  };
  std::sort(result.begin(), result.end(),
            [&](const Solution& a, const Solution& b) { return rank(a) < rank(b); });
  return result;
}

}  // namespace lab::workshop
