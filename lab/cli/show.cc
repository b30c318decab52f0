#include "lab/cli/show.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include "lab/cli/show_story.h"
#include "lab/cli/terminal.h"
#include "lab/report/names.h"
#include "lab/report/text.h"

namespace lab::cli {
namespace {

std::string held(const report::Side& side) {
  if (side.mutexes.empty()) return "no lock held";
  const bool reads = std::none_of(side.mutexes.begin(), side.mutexes.end(),
                                  [](const auto& mutex) { return mutex.write; });
  return plural(side.mutexes.size(), "lock") + (reads ? " held for reading" : " held");
}

std::string in_function(const report::Side& side) {
  return "in " + report::bare_name(side.function) + "()";
}

void show_side(const report::Side& side, std::size_t width, report::Sources& sources, bool colour) {
  const std::string file = std::filesystem::path(side.file).filename();
  const auto source = sources.line(side.file, side.line).value_or("");
  // What a guard does at its end stands on no line of its own.
  const bool at_brace = report::trim(source) == "}";
  fmt::print("    {}{:<6} {:<{}}   {}:{}   {}\n",
             side.thread.empty() ? "" : fmt::format("{:<12} ", side.thread), side.op,
             in_function(side), width, file, side.line, held(side));
  fmt::print("{}{}\n", red(fmt::format("      {:>3} | {}", side.line, source), colour),
             at_brace ? dim("   what the block declares ends here", colour) : "");
}

// Why the locks that the two hold do not order them; nothing where one of them should, or where it
// did, and what was freed was used in the next turn.
std::string relation(const report::Pair& pair) {
  const bool frees = pair.first.op == "free" || pair.second.op == "free";
  bool shared = false;
  for (const auto& one : pair.first.mutexes) {
    for (const auto& other : pair.second.mutexes) {
      if (one.id != other.id) continue;
      if (frees || (one.write && other.write)) return "";
      shared = true;
    }
  }
  return shared ? "both hold one lock, and not both for writing; nothing orders these two accesses"
                : "no lock in common; nothing orders these two accesses";
}

// The drill's own lines: file:line and message of the first failed expectation.
void show_failure(const verdict::Failure& failure) {
  fmt::print("    {}\n", failure.test);
  fmt::print("    {}:{}\n", std::filesystem::path(failure.file).filename().string(), failure.line);
  std::istringstream in(failure.message);
  for (std::string line; std::getline(in, line);) fmt::print("      {}\n", line);
}

}  // namespace

void show_pair(const report::Pair& pair, bool colour) {
  report::Sources sources;
  const bool both = pair.second.given();
  const auto width =
      std::max(in_function(pair.first).size(), both ? in_function(pair.second).size() : 0);
  show_side(pair.first, width, sources, colour);
  if (!both) return;
  show_side(pair.second, width, sources, colour);
  const bool accesses = pair.first.op == "write" || pair.second.op == "write";
  const auto why = relation(pair);
  if (accesses && !why.empty()) fmt::print("    {}\n", why);
}

void show_first_cause(const verdict::Judgement& judgement, bool colour) {
  if (judgement.causes.empty() || judgement.causes.front().pairs.empty()) return;
  const auto reports = judgement.reports.size();
  const auto causes = judgement.causes.size();
  if (reports == 1) {
    fmt::print("  ThreadSanitizer's report:\n\n");
  } else {
    fmt::print("  ThreadSanitizer's {} reports come down to {}{}:\n\n", reports,
               plural(causes, "cause"), causes == 1 ? "" : ". The first");
  }
  const auto& cause = judgement.causes.front();
  show_pair({.first = cause.first, .second = cause.second, .more = cause.more}, colour);
  fmt::print("\n");
}

void show_judgement(const std::string& attempt, const verdict::Judgement& judgement, bool colour,
                    const std::string& explore) {
  const std::string word(name(judgement.verdict));
  const bool pass = judgement.verdict == verdict::Verdict::kPass;
  fmt::print("{}  {}  {}\n", bold(pass ? green(word, colour) : red(word, colour), colour), attempt,
             dim(fmt::format("{:.1f} s", judgement.seconds), colour));
  fmt::print("  {}\n", judgement.reason);
  show_first_cause(judgement, colour);
  if (const auto found = explored_finding(judgement)) {
    fmt::print("\n");
    show_short_story(*found, explore, colour);
  } else if (judgement.verdict == verdict::Verdict::kWrongResult && !judgement.failures.empty()) {
    show_failure(judgement.failures.front());
  }
  if (judgement.verdict == verdict::Verdict::kCompileError) fmt::print("{}\n", judgement.output);
}

}  // namespace lab::cli
