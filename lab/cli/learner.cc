#include "lab/cli/learner.h"

#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "lab/cli/commands.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"
#include "lab/workshop/files.h"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;

// One long line broken at spaces.
void wrap_line(const std::string& line, std::size_t width, std::vector<std::string>& lines) {
  std::string rest = line;
  while (rest.size() > width) {
    auto at = rest.rfind(' ', width);
    if (at == std::string::npos || at == 0) at = rest.find(' ');
    if (at == std::string::npos) break;
    lines.push_back(rest.substr(0, at));
    rest.erase(0, at + 1);
  }
  lines.push_back(rest);
}

bool offers(const course::Scenario& scenario, const std::string& strategy) {
  return std::any_of(scenario.variants.begin(), scenario.variants.end(), [&](const auto& variant) {
    return variant.kind == course::Kind::kFix && variant.name == strategy;
  });
}

// The best that the judge has said of a scenario's attempts so far, else why it has said nothing.
std::string state_of(const workshop::Standing& standing) {
  if (standing.passed()) return "pass";
  if (!standing.verdict.empty()) return standing.verdict;
  return standing.started ? "not judged" : "not begun";
}

constexpr int kListWidth = 80;

// A mark for each medal, below its name or, on a narrow screen, close together.
std::string medals_of(const course::Scenario& scenario, const workshop::Standing& standing,
                      bool wide) {
  const auto mark = [&](const std::string& strategy) {
    if (standing.medals.contains(strategy)) return '*';
    return strategy == "other" || offers(scenario, strategy) ? '.' : '-';
  };
  constexpr std::size_t kGaps[] = {2, 7, 8, 8, 7};
  std::string text;
  for (std::size_t i = 0; i < std::size(kGaps); ++i) {
    text += std::string(wide ? kGaps[i] : 0, ' ') + mark(workshop::kMedals[i]);
  }
  return text;
}

}  // namespace

fs::path attempts_folder() { return source_root() / "attempts"; }

std::string shown(const fs::path& path) {
  std::error_code error;
  const auto here = fs::current_path(error);
  auto relative = error ? path : fs::relative(path, here, error);
  return error || relative.string().starts_with("../..") ? path.string() : relative.string();
}

const course::Scenario& scenario_named(const course::Course& course, const std::string& text,
                                       const workshop::Progress& progress) {
  if (!text.empty()) return course.scenario(text);
  if (!progress.current.empty()) return course.scenario(progress.current);
  throw std::invalid_argument("which scenario? You have begun none. Say: " + called() + " start " +
                              course.scenarios().front().id);
}

int guarded(const std::function<int()>& command) {
  try {
    return command();
  } catch (const workshop::FileError& error) {
    fmt::print(stderr, "racelab: {}\n", error.what());
    return kCannotJudge;
  }
}

void tell_notice(workshop::ProgressFile& file) {
  const auto notice = file.take_notice();
  if (!notice.empty()) fmt::print(stderr, "racelab: {}\n", notice);
}

std::vector<std::string> wrapped(const std::string& text, int width) {
  std::vector<std::string> paragraphs;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const bool own_line = line.empty() || line.starts_with(' ') || line.starts_with('-') ||
                          line.starts_with('#') || line.starts_with('|') || paragraphs.empty() ||
                          paragraphs.back().empty() || paragraphs.back().starts_with(' ');
    if (own_line) {
      paragraphs.push_back(line);
    } else {
      paragraphs.back() += " " + line;
    }
  }
  std::vector<std::string> lines;
  for (const auto& paragraph : paragraphs) {
    if (paragraph.starts_with(' ')) {
      lines.push_back(paragraph);
    } else {
      wrap_line(paragraph, static_cast<std::size_t>(std::max(20, width)), lines);
    }
  }
  return lines;
}

std::vector<std::string> diff_lines(const std::vector<workshop::DiffLine>& changes, bool colour) {
  std::vector<std::string> lines;
  for (const auto& [mark, text] : changes) {
    if (mark == '@') {
      lines.push_back(dim(text, colour));
    } else {
      const auto line = fmt::format("{} {}", mark, text);
      lines.push_back(mark == '+' ? green(line, colour) : mark == '-' ? red(line, colour) : line);
    }
  }
  return lines;
}

std::vector<std::string> solution_lines(const workshop::Solution& solution, int width,
                                        bool colour) {
  std::vector<std::string> lines = {bold("== " + solution.strategy, colour) + "  " +
                                    dim(shown(solution.header), colour)};
  for (const auto& text :
       {"Happens-before: " + solution.happens_before, "Costs: " + solution.costs}) {
    const auto more = wrapped(text, width);
    lines.insert(lines.end(), more.begin(), more.end());
  }
  lines.emplace_back();
  const auto changes = diff_lines(solution.changes, colour);
  lines.insert(lines.end(), changes.begin(), changes.end());
  lines.emplace_back();
  return lines;
}

std::vector<std::string> list_lines(const course::Course& course,
                                    const workshop::Progress& progress, int width, bool colour) {
  constexpr std::size_t kNameWidth = 25;
  const bool wide = width >= kListWidth;
  std::vector<std::string> lines = {
      bold(fmt::format("  {:<{}} {:<13} {}", "scenario", kNameWidth, "so far",
                       wide ? "mutex  rwlock  sharded  message  other" : "medals"),
           colour)};
  std::size_t passed = 0;
  for (const auto& scenario : course.scenarios()) {
    const auto& standing = progress.of(scenario.id);
    passed += standing.passed();
    const auto state = fmt::format("{:<13}", state_of(standing));
    lines.push_back(fmt::format("{} {:<{}} {} {}", scenario.id == progress.current ? '>' : ' ',
                                scenario.id.substr(0, kNameWidth), kNameWidth,
                                standing.passed()  ? green(state, colour)
                                : standing.started ? state
                                                   : dim(state, colour),
                                medals_of(scenario, standing, wide)));
  }
  lines.emplace_back();
  lines.push_back(fmt::format("{} of {} pass.  * won   . to win   - does not fit", passed,
                              course.scenarios().size()));
  if (!wide) lines.emplace_back("Medals: mutex, rwlock, sharded, message, other.");
  return lines;
}

}  // namespace lab::cli
