#include "lab/cli/show_story.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>

#include "lab/cli/terminal.h"

namespace lab::cli {
namespace {

using story::Story;
using verdict::Exploration;
using verdict::Verdict;

constexpr std::size_t kRowsMax = 30;  // Of a short story: more of them do not fit on a screen.

std::string capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

void show_lines(const std::vector<std::string>& lines) {
  for (const auto& line : lines) fmt::print("{}\n", line);
}

// "with 1 preemption, the fewest that it takes"
std::string how_found(const Story& story) {
  if (story.preemptions == 0) return "without any preemption";
  const auto with = "with " + plural(story.preemptions, "preemption");
  if (story.at_random) return "at random, " + with;
  const bool replayed = story.schedules <= 1;  // Which says nothing of others.
  return replayed ? with : with + ", the fewest that it takes";
}

void show_tests(const Exploration& exploration, bool colour) {
  std::size_t width = 0;
  for (const auto& test : exploration.tests) {
    width = std::max(width, std::min<std::size_t>(story::in_words(test.test).size(), 52));
  }
  for (const auto& test : exploration.tests) {
    const bool pass = test.verdict == "pass";
    const auto words = capital(story::in_words(test.test));
    fmt::print(
        "  {:<{}}  {}\n", words, width,
        pass ? dim(plural(test.schedules, "schedule") + (test.exhausted ? "" : ", not all"), colour)
             : red(test.kind, colour));
  }
}

void show_pass(const Exploration& exploration, bool colour) {
  show_tests(exploration, colour);
  if (exploration.exhausted) {
    fmt::print("  Nothing found in any interleaving with up to {}: {} in all.\n",
               plural(exploration.bound, "preemption"), plural(exploration.schedules, "schedule"));
    if (exploration.sampled > 0) {
      fmt::print("  Nor in {} beyond, most drawn at random.\n", exploration.sampled);
    }
  } else {
    fmt::print(
        "  Nothing found in {}; the budget ended before all with up to {} had been\n"
        "  run, the rest is a sample. --budget-seconds N gives it more.\n",
        plural(exploration.schedules, "schedule"), plural(exploration.bound, "preemption"));
  }
}

void show_others(const Exploration& exploration) {
  const auto failed = std::count_if(exploration.tests.begin(), exploration.tests.end(),
                                    [](const Story& test) { return test.verdict != "pass"; });
  if (failed < 2) return;
  fmt::print("  {} of {} fail; this is the shortest story. Another: --test NAME\n", failed,
             plural(exploration.tests.size(), "test"));
}

void print_story(const Story& story, const std::string& command, bool colour,
                 std::size_t rows_max) {
  const story::Page page{.columns = std::min(columns(1), 120), .colour = colour};
  const auto rows = story::table(story, page);
  if (!rows.empty() && rows.size() <= rows_max) {
    show_lines(rows);
    fmt::print("\n");
  }
  show_lines(story::finding(story, page));
  if (story.token.empty() || command.empty()) return;
  fmt::print("\n  {}\n  {} --replay {}\n",
             rows.size() <= rows_max ? "The same steps again:" : "Its steps:", command,
             story.token);
}

}  // namespace

void show_story(const Story& story, const std::string& command, bool colour) {
  print_story(story, command, colour, SIZE_MAX);
}

void show_short_story(const Story& story, const std::string& command, bool colour) {
  print_story(story, command, colour, kRowsMax);
}

std::vector<std::string> short_story_lines(const Story& story, int width, bool colour) {
  const story::Page page{.columns = width, .colour = colour};
  auto lines = story::table(story, page);
  if (lines.size() > kRowsMax) lines.clear();
  if (!lines.empty()) lines.emplace_back();
  const auto finding = story::finding(story, page);
  lines.insert(lines.end(), finding.begin(), finding.end());
  return lines;
}

std::optional<Story> explored_finding(const verdict::Judgement& judgement) {
  if (judgement.verdict == Verdict::kPass || !judgement.reports.empty()) return std::nullopt;
  for (const auto& test : judgement.explored) {
    if (test.verdict == name(judgement.verdict)) return story::read(test.json);
  }
  return std::nullopt;
}

void show_exploration(const std::string& what, const std::string& command,
                      const Exploration& exploration, bool colour) {
  const std::string word(name(exploration.verdict));
  const bool pass = exploration.verdict == Verdict::kPass;
  fmt::print("{}  {}  {}\n", bold(pass ? green(word, colour) : red(word, colour), colour), what,
             dim(fmt::format("{:.1f} s", exploration.seconds), colour));
  if (exploration.told < 0) {
    if (pass) {
      show_pass(exploration, colour);
    } else {
      fmt::print("  {}\n", exploration.reason);
    }
    return;
  }
  const auto& story = exploration.tests[static_cast<std::size_t>(exploration.told)];
  fmt::print("  {}\n  {}, {}\n\n", bold(capital(story::in_words(story.test)), colour),
             story.schedules <= 1 ? story.kind
                                  : fmt::format("{} in schedule {}", story.kind, story.schedules),
             how_found(story));
  show_story(story, command, colour);
  show_others(exploration);
}

}  // namespace lab::cli
