#include "lab/cli/show.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "lab/cli/show_story.h"
#include "lab/cli/terminal.h"
#include "lab/report/names.h"
#include "lab/report/sources.h"
#include "lab/report/text.h"
#include "lab/verdict/stacks.h"
#include "lab/workshop/screen.h"

namespace lab::cli {
namespace {

// Prints a line, folded at words where there is a width.
void say(const std::string& line, const Look& look) {
  if (look.width == 0 || line.empty()) {
    fmt::print("{}\n", line);
    return;
  }
  for (const auto& each : workshop::lines_of(line)) {
    for (const auto& part : workshop::folded_indented(each, look.width)) fmt::print("{}\n", part);
  }
}

std::string held(const report::Side& side) {
  if (side.mutexes.empty()) return "no lock held";
  const bool reads = std::none_of(side.mutexes.begin(), side.mutexes.end(),
                                  [](const auto& mutex) { return mutex.write; });
  const auto& name = side.mutexes[0].name;
  if (side.mutexes.size() == 1 && !name.empty()) {
    return fmt::format("holds {}{}", name, reads ? " for reading" : "");
  }
  return plural(side.mutexes.size(), "lock") + (reads ? " held for reading" : " held");
}

std::string in_function(const std::string& function) {
  const auto name = report::bare_name(function);
  return name == "lambda" ? "in a lambda" : "in " + name + "()";
}

std::string in_function(const report::Side& side) {
  return "in " + report::bare_name(side.function) + "()";
}

// A file's name with its line, where that is known.
std::string place(const std::string& file, int line) {
  const auto name = std::filesystem::path(file).filename().string();
  return name.empty() ? "in a library" : line > 0 ? fmt::format("{}:{}", name, line) : name;
}

// A line of source with its number; nothing when it is not known.
void show_source(const std::string& file, int line, report::Sources& sources, const Look& look) {
  const auto source = sources.line(file, line);
  if (!source) return;
  // What a guard does at its end stands on no line of its own.
  const bool at_brace = report::trim(*source) == "}";
  const auto text =
      red(fmt::format("      {:>3} | {}", line, *source), look.colour) +
      (at_brace ? dim("   what the block declares ends here", look.colour) : std::string());
  fmt::print("{}\n", look.width > 0 ? workshop::fit_code({text}, look.width).front() : text);
}

// `locks`: what is said of the locks that it holds.
void show_side(const report::Side& side, std::size_t width, const std::string& locks,
               report::Sources& sources, const Look& look) {
  say(fmt::format("    {}{:<6} {:<{}}   {}{}",
                  side.thread.empty() ? "" : fmt::format("{:<12} ", side.thread), side.op,
                  in_function(side), width, place(side.file, side.line), locks),
      look);
  show_source(side.file, side.line, sources, look);
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

// All that the compiler said; what it points at stays below what it points with.
void show_compiler(const std::string& output, const Look& look) {
  auto lines = workshop::lines_of(output);
  if (look.width > 0) lines = workshop::fit_code(lines, look.width);
  for (const auto& line : lines) say(line, look);
}

}  // namespace

Look look_of_terminal() {
  return {.colour = wants_colour(1), .width = is_terminal(1) ? columns(1) : 0};
}

void show_pair(const report::Pair& pair, bool colour) {
  auto look = look_of_terminal();
  look.colour = colour;
  show_pair(pair, look);
}

void show_pair(const report::Pair& pair, const Look& look) {
  report::Sources sources;
  const bool both = pair.second.given();
  const auto width =
      std::max(in_function(pair.first).size(), both ? in_function(pair.second).size() : 0);
  // A report of one party, as of a crash, does not know its locks.
  const auto locks = [both](const report::Side& side) { return both ? "   " + held(side) : ""; };
  show_side(pair.first, width, locks(pair.first), sources, look);
  if (!both) return;
  show_side(pair.second, width, locks(pair.second), sources, look);
  const bool accesses = pair.first.op == "write" || pair.second.op == "write";
  const auto why = relation(pair);
  if (accesses && !why.empty()) fmt::print("    {}\n", why);
}

void show_first_cause(const verdict::Judgement& judgement, const Look& look) {
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
  show_pair({.first = cause.first, .second = cause.second, .more = cause.more}, look);
  fmt::print("\n");
}

void show_stands(const verdict::Judgement& judgement, const Look& look) {
  const auto stands = verdict::where_threads_stand(judgement.stacks, judgement.own);
  if (stands.empty()) return;
  report::Sources sources;
  fmt::print("  Where its threads stood when it was ended:\n\n");
  std::size_t width = 0;
  for (const auto& each : stands) width = std::max(width, in_function(each.at.function).size());
  for (const auto& [thread, at] : stands) {
    say(fmt::format("    {:<12} {:<{}}   {}", thread, in_function(at.function), width,
                    place(at.file, at.line)),
        look);
    show_source(at.file, at.line, sources, look);
  }
  fmt::print("\n");
}

void show_failure(const verdict::Failure& failure, const Look& look) {
  say("    " + failure.test, look);
  say("    " + place(failure.file, failure.line), look);
  for (const auto& line : workshop::lines_of(failure.message)) say("      " + line, look);
}

void show_judgement(const std::string& attempt, const verdict::Judgement& judgement,
                    const Look& look, const std::string& explore) {
  const std::string word(name(judgement.verdict));
  const bool pass = judgement.verdict == verdict::Verdict::kPass;
  fmt::print("{}  {}  {}\n",
             bold(pass ? green(word, look.colour) : red(word, look.colour), look.colour), attempt,
             dim(fmt::format("{:.1f} s", judgement.seconds), look.colour));
  say("  " + judgement.reason, look);
  show_first_cause(judgement, look);
  if (const auto found = explored_finding(judgement)) {
    if (look.story) {
      fmt::print("\n");
      show_short_story(*found, explore, look.colour);
    }
  } else if (judgement.verdict == verdict::Verdict::kWrongResult && !judgement.failures.empty()) {
    show_failure(judgement.failures.front(), look);
  } else if (!pass && judgement.causes.empty()) {
    show_stands(judgement, look);
  }
  if (judgement.verdict == verdict::Verdict::kCompileError) show_compiler(judgement.output, look);
}

}  // namespace lab::cli
