#include "lab/verdict/attempt.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
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
};

// The commands that ninja runs for a pair: the compilation of its contract, and its link.
std::optional<Commands> commands_of(const fs::path& tree, const std::string& pair,
                                    std::string& problem) {
  const auto listed =
      run({.arguments = {"ninja", "-C", tree.string(), "-t", "commands", pair}}, {});
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
  replace_all(commands.link, " -o bin/" + pair, " -o " + quoted((folder / "attempt").string()));
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
  const auto linked = shell(tree, commands->link);
  built.seconds += linked.seconds;
  built.output = linked.output;
  if (linked.exit_code != 0) {
    built.outcome = BuiltAttempt::Outcome::kCompileError;
    return built;
  }
  built.outcome = BuiltAttempt::Outcome::kBuilt;
  built.program = folder / "attempt";
  return built;
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
