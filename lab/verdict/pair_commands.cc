#include "lab/verdict/pair_commands.h"

#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <system_error>

#include "lab/verdict/process.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// What a shell makes of one word.
std::string unquoted(const std::string& word) {
  std::string result;
  bool quoted = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '"' || c == '\'') {
      quoted = !quoted;
    } else if (c == '\\' && i + 1 < word.size()) {
      result += word[++i];
    } else if (c == ' ' && !quoted) {
      break;
    } else {
      result += c;
    }
  }
  return result;
}

// Word after `flag` in a command line of ninja's, which quotes nothing that we look for.
std::string word_after(const std::string& command, const std::string& flag) {
  const auto at = command.find(flag);
  if (at == std::string::npos) return "";
  const auto start = at + flag.size();
  return command.substr(start, command.find(' ', start) - start);
}

// Tells a tree's configurations apart; empty when it has none.
std::string configuration_of(const fs::path& tree) {
  std::error_code error;
  const auto file = tree / "build.ninja";
  const auto size = fs::file_size(file, error);
  const auto written = fs::last_write_time(file, error);
  return error ? "" : fmt::format("{} {}", written.time_since_epoch().count(), size);
}

// All of the file behind its first line, when that is `first`.
std::optional<std::string> read_kept(const fs::path& file, const std::string& first) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (first.empty() || !std::getline(in, line) || line != first) return std::nullopt;
  std::ostringstream rest;
  rest << in.rdbuf();
  return rest.str();
}

// Whole or not at all: others may read it, or write the same.
void keep(const fs::path& file, const std::string& first, const std::string& rest) {
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  static std::atomic<unsigned> next{0};
  const auto unfinished = fmt::format("{}.{}.{}", file.string(), getpid(), next.fetch_add(1));
  if (!(std::ofstream(unfinished, std::ios::binary) << first << '\n' << rest).flush()) {
    fs::remove(unfinished, ignored);
    return;
  }
  fs::rename(unfinished, file, ignored);
  if (ignored) fs::remove(unfinished, ignored);
}

std::optional<std::string> listed_commands(const fs::path& tree, const std::string& pair,
                                           std::string& problem) {
  const auto file = tree / "commands" / pair;
  const auto configuration = configuration_of(tree);
  if (auto kept = read_kept(file, configuration)) return kept;
  Command command{.arguments = {"ninja", "-C", tree.string(), "-t", "commands", pair}};
  command.arguments.push_back(pair + ".explore");
  auto listed = run(command, {});
  if (listed.exit_code != 0) {  // A tree without the explorer.
    command.arguments.pop_back();
    listed = run(command, {});
  }
  if (listed.exit_code != 0) {
    problem = listed.output;
    return std::nullopt;
  }
  if (!configuration.empty()) keep(file, configuration, listed.output);
  return listed.output;
}

}  // namespace

std::string quoted(const std::string& text) {
  std::string result = text;
  replace_all(result, "'", "'\\''");
  return "'" + result + "'";
}

std::optional<PairCommands> commands_of(const fs::path& tree, const std::string& pair,
                                        std::string& problem) {
  const auto listed = listed_commands(tree, pair, problem);
  if (!listed) return std::nullopt;
  PairCommands commands;
  std::istringstream in(*listed);
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

void redirect(PairCommands& commands, const std::string& pair, const fs::path& folder) {
  const auto object = word_after(commands.compile, " -o ");
  const auto depfile = word_after(commands.compile, " -MF ");
  const auto contract = commands.compile.find(" -c ");
  const auto generated = word_after(commands.compile, "pairs/" + pair);
  commands.honest = object;
  commands.contract = unquoted(commands.compile.substr(contract + 4));
  // Every mention of the pair's own folder of generated files, quoted by CMake or not.
  const auto at = commands.compile.find("/pairs/" + pair);
  const auto start = commands.compile.rfind(" -I", at);
  commands.compile.replace(start, at + 7 + pair.size() + generated.size() - start,
                           " -I" + quoted(folder.string()));
  if (!depfile.empty()) replace_all(commands.compile, " -MF " + depfile, " -MF /dev/null");
  const auto ours = quoted((folder / "attempt.o").string());
  commands.preprocess = commands.compile.substr(0, commands.compile.find(" -c ")) +
                        " -w -E -dD -x c++ " + quoted((folder / "collector.h").string());
  replace_all(commands.preprocess, " -o " + object,
              " -o " + quoted((folder / "attempt.ii").string()));
  replace_all(commands.compile, " -o " + object, " -o " + ours);
  // What a compiler warns of is no error of an attempt: a variable too many, or what the library
  // uses of itself.
  replace_all(commands.compile, " -c ", " -w -c ");
  replace_all(commands.link, object, ours);
  replace_all(commands.link, " -o bin/" + pair + " ",
              " -o " + quoted((folder / "attempt").string()) + " ");
  replace_all(commands.link_explored, object, ours);
  replace_all(commands.link_explored, " -o bin/" + pair + ".explore ",
              " -o " + quoted((folder / "attempt.explore").string()) + " ");
}

}  // namespace lab::verdict
