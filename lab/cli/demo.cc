#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "lab/cli/building.h"
#include "lab/cli/commands.h"
#include "lab/cli/show.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"
#include "lab/verdict/judge.h"
#include "lab/workshop/screen.h"

namespace lab::cli {
namespace {

constexpr const char* kScenario = "02_map_read_write";

void say(const std::string& text) {
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

void tell_story(bool colour) {
  say(bold("Racelab: the crash, end to end", colour));
  say("");
  say("Kyanos watches a Redis server. `kyanos watch redis` died of \"concurrent map read and map");
  say("write\": capture threads inserted into a map while another thread looked a record up.");
  say("");
}

struct Line {
  course::Variant variant;
  verdict::Judgement judgement;
};

// Plays the session into a variant, as the contract's Load test does: a capture thread for each
// connection and one that looks records up.
Line play(const verdict::Judge& judge, const course::Variant& variant, bool colour) {
  ProgressLine line;
  line.show("  playing the recorded session into " + variant.path() + " ...");
  Line result{variant, judge.judge(variant, {.engines = {"at_once"}, .tests = "*.Load*"})};
  line.clear();
  const auto& judgement = result.judgement;
  const auto verdict = std::string(name(judgement.verdict));
  const bool pass = judgement.verdict == verdict::Verdict::kPass;
  say(fmt::format("  {:<16} {}  {:.1f} s", variant.name,
                  pass ? green(fmt::format("{:<6}", "clean"), colour)
                       : red(fmt::format("{:<6}", verdict), colour),
                  judgement.seconds));
  return result;
}

// The first report of free-running threads may be of any two lines that race; the story's are
// shown when they are among them.
void show_race(const verdict::Judgement& judgement, const course::Fault& fault, bool colour) {
  const auto* pair = verdict::stated_pair(judgement, fault);
  if (!pair) return;
  say(fmt::format("  {} reports of ThreadSanitizer in all. Two lines that race:",
                  judgement.reports.size()));
  say("");
  show_pair(*pair, colour);
  say("");
}

// A verdict a line, and why below where the line would be too long for it.
void show_table(const std::vector<Line>& lines, bool colour) {
  constexpr int kBefore = 29;  // Columns before "why".
  const auto width = std::max(columns(1), 80) - kBefore;
  say(bold("  collector         verdict  why", colour));
  for (const auto& [variant, judgement] : lines) {
    const bool racy = variant.kind == course::Kind::kRacy;
    const auto verdict =
        judgement.verdict == verdict::Verdict::kPass ? "clean" : name(judgement.verdict);
    auto first = fmt::format("  {:<16}  {:<7}  ", variant.name, verdict);
    const auto why = racy ? variant.claim : "orders " + variant.claim;
    for (const auto& part : workshop::folded(why, width, true)) {
      say(std::exchange(first, std::string(kBefore, ' ')) + part);
    }
  }
}

bool has_redis_server() {
  for (const char* place : {"/usr/bin/redis-server", "/usr/local/bin/redis-server"}) {
    if (access(place, X_OK) == 0) return true;
  }
  return false;
}

void what_next() {
  say("What to type next:");
  say("  cat scenarios/02_map_read_write/racy.h              the collector that races");
  say("  diff scenarios/02_map_read_write/racy.h fixes/02_map_read_write/mutex.h");
  const auto tell = [](const std::string& command, const char* what) {
    say(fmt::format("  {:<50}  {}", called() + command, what));
  };
  tell(" verify 02_map_read_write", "every version, and the wrong fixes");
  if (has_redis_server()) tell(" redis --help", "the same on your own redis-server, live");
}

int demo() {
  const bool colour = wants_colour(1);
  const course::Course course(source_root());
  std::vector<course::Variant> variants;
  std::vector<std::string> targets = {"canary"};
  for (const auto& variant : course.select(kScenario)) {
    if (variant.kind != course::Kind::kRacy && variant.kind != course::Kind::kFix) continue;
    variants.push_back(variant);
    targets.push_back(variant.pair());
  }
  tell_story(colour);
  if (!build(build_root(), targets)) return 1;
  const verdict::Judge judge(build_root());
  if (const auto problem = judge.cannot_judge(); !problem.empty()) {
    fmt::print(stderr, "racelab: {}\n", problem);
    return kCannotJudge;
  }
  const auto& fault = course.scenario(kScenario).fault;
  std::vector<Line> lines;
  bool as_expected = true;
  for (const auto& variant : variants) {
    if (lines.empty())
      say("A session recorded from a real redis-server, into the collector that races:");
    if (lines.size() == 1) say("The same session into each fix:");
    lines.push_back(play(judge, variant, colour));
    if (lines.size() == 1) show_race(lines.front().judgement, fault, colour);
    as_expected = as_expected && name(lines.back().judgement.verdict) == variant.expected;
  }
  say("");
  show_table(lines, colour);
  say("");
  if (!as_expected) {
    say(red("Not every verdict is as the course states; `" + called() + " verify` tells more.",
            colour));
    return 1;
  }
  what_next();
  return 0;
}

}  // namespace

void add_demo(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand(
      "demo",
      "The crash and its fixes on a recorded session, under ThreadSanitizer (seconds, once built)");
  command->callback([&exit_code] { exit_code = demo(); });
}

}  // namespace lab::cli
