#include "lab/verdict/attempt.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <optional>
#include <sstream>
#include <vector>

#include "lab/verdict/process.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

constexpr auto kCompileLimit = std::chrono::seconds(120);

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// A shell word that means `text`.
std::string quoted(const std::string& text) {
  std::string result = text;
  replace_all(result, "'", "'\\''");
  return "'" + result + "'";
}

struct Commands {
  std::string compile;
  std::string link;
  std::string link_explored;  // With our own runtime; empty where the tree has no explorer.
};

// The commands that ninja runs for a pair: the compilation of its contract, and its two links.
std::optional<Commands> commands_of(const fs::path& tree, const std::string& pair,
                                    std::string& problem) {
  auto listed = run(
      {.arguments = {"ninja", "-C", tree.string(), "-t", "commands", pair, pair + ".explore"}}, {});
  if (listed.exit_code != 0) {
    listed = run({.arguments = {"ninja", "-C", tree.string(), "-t", "commands", pair}}, {});
  }
  if (listed.exit_code != 0) {
    problem = listed.output;
    return std::nullopt;
  }
  Commands commands;
  std::istringstream in(listed.output);
  for (std::string line; std::getline(in, line);) {
    const bool of_the_pair = line.find(pair + ".object.dir/") != std::string::npos;
    if (of_the_pair && line.find(" -c ") != std::string::npos) commands.compile = line;
    if (line.find(" -o bin/" + pair + " ") != std::string::npos) commands.link = line;
    if (line.find(" -o bin/" + pair + ".explore ") != std::string::npos) {
      commands.link_explored = line;
    }
  }
  if (!commands.compile.empty() && !commands.link.empty()) return commands;
  problem = "the build tree has no commands for " + pair;
  return std::nullopt;
}

// Word after `flag` in a command line of ninja's, which quotes nothing that we look for.
std::string word_after(const std::string& command, const std::string& flag) {
  const auto at = command.find(flag);
  if (at == std::string::npos) return "";
  const auto start = at + flag.size();
  return command.substr(start, command.find(' ', start) - start);
}

// What `compile` makes of the racy pair, it makes of the attempt.
void redirect(Commands& commands, const std::string& pair, const fs::path& folder) {
  const auto object = word_after(commands.compile, " -o ");
  const auto depfile = word_after(commands.compile, " -MF ");
  const auto generated = word_after(commands.compile, "pairs/" + pair);
  // Every mention of the pair's own folder of generated files, quoted by CMake or not.
  const auto at = commands.compile.find("/pairs/" + pair);
  const auto start = commands.compile.rfind(" -I", at);
  commands.compile.replace(start, at + 7 + pair.size() + generated.size() - start,
                           " -I" + quoted(folder.string()));
  if (!depfile.empty()) replace_all(commands.compile, " -MF " + depfile, " -MF /dev/null");
  const auto ours = quoted((folder / "attempt.o").string());
  replace_all(commands.compile, " -o " + object, " -o " + ours);
  replace_all(commands.link, object, ours);
  replace_all(commands.link, " -o bin/" + pair + " ",
              " -o " + quoted((folder / "attempt").string()) + " ");
  replace_all(commands.link_explored, object, ours);
  replace_all(commands.link_explored, " -o bin/" + pair + ".explore ",
              " -o " + quoted((folder / "attempt.explore").string()) + " ");
}

Outcome shell(const fs::path& tree, const std::string& line) {
  return run({.arguments = {"sh", "-c", line}, .folder = tree}, {.time = kCompileLimit});
}

}  // namespace

BuiltAttempt build_attempt(const fs::path& tree, const std::string& scenario,
                           const fs::path& header, const fs::path& folder) {
  BuiltAttempt built;
  const auto pair = scenario + ".racy";
  auto commands = commands_of(tree, pair, built.output);
  if (!commands) return built;
  fs::create_directories(folder);
  std::ofstream(folder / "collector.h")
      << "#pragma once\n#include \"" << fs::absolute(header).string() << "\"\n";
  redirect(*commands, pair, fs::absolute(folder));
  const auto compiled = shell(tree, commands->compile);
  built.seconds = compiled.seconds;
  built.output = compiled.output;
  if (compiled.exit_code != 0) {
    built.outcome = BuiltAttempt::Outcome::kCompileError;
    return built;
  }
  // Compile once, link twice: with the sanitizer's runtime, and beside it with our own.
  auto explored = std::async(std::launch::async, [&] {
    return commands->link_explored.empty() ? Outcome{.exit_code = 0, .output = {}}
                                           : shell(tree, commands->link_explored);
  });
  const auto linked = shell(tree, commands->link);
  const auto linked_explored = explored.get();
  built.seconds += std::max(linked.seconds, linked_explored.seconds);
  const auto& failed = linked.exit_code != 0 ? linked : linked_explored;
  if (failed.exit_code != 0) {
    built.output = failed.output;
    built.outcome = BuiltAttempt::Outcome::kCompileError;
    return built;
  }
  built.outcome = BuiltAttempt::Outcome::kBuilt;
  built.program = folder / "attempt";
  return built;
}

Judgement judge_attempt(const Judge& judge, const fs::path& tree, const std::string& scenario,
                        const fs::path& header, const fs::path& keep) {
  static std::atomic<unsigned> next{0};
  const auto began = std::chrono::steady_clock::now();
  const auto ours =
      fs::temp_directory_path() / fmt::format("racelab-attempt-{}-{}", getpid(), next.fetch_add(1));
  const auto& folder = keep.empty() ? ours : keep;
  const auto built = build_attempt(tree, scenario, header, folder);
  Judgement judgement;
  if (built.outcome == BuiltAttempt::Outcome::kBuilt) {
    judgement =
        judge.judge_program(built.program, {.paths = {header.string()}}, {.side_by_side = true});
  } else if (built.outcome == BuiltAttempt::Outcome::kCompileError) {
    judgement.verdict = Verdict::kCompileError;
    judgement.reason = "it does not compile; the compiler's first error:";
    judgement.output = first_error(built.output, header);
  } else {
    judgement.reason = built.output;
  }
  std::error_code ignored;
  if (keep.empty()) fs::remove_all(folder, ignored);
  judgement.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return judgement;
}

std::string first_error(const std::string& output, const fs::path& header) {
  // A diagnostic begins at a line with ": error: " and goes on to the next error or warning.
  std::vector<std::string> diagnostics;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    const bool begins = line.find(" error: ") != std::string::npos ||
                        line.find(" warning: ") != std::string::npos ||
                        line.starts_with("In file included from") || line.find("error:") == 0;
    const bool included_by = !diagnostics.empty() &&
                             diagnostics.back().find(" error: ") == std::string::npos &&
                             diagnostics.back().starts_with("In file included");
    if (begins && !included_by) diagnostics.emplace_back();
    if (!diagnostics.empty()) diagnostics.back() += line + "\n";
  }
  const auto in_header = [&header](const std::string& text) {
    return text.find(" error: ") != std::string::npos &&
           text.find(header.filename().string() + ":") != std::string::npos;
  };
  const auto is_error = [](const std::string& text) {
    return text.find("error") != std::string::npos;
  };
  auto found = std::find_if(diagnostics.begin(), diagnostics.end(), in_header);
  if (found == diagnostics.end()) {
    found = std::find_if(diagnostics.begin(), diagnostics.end(), is_error);
  }
  return found == diagnostics.end() ? output : *found;
}

}  // namespace lab::verdict
