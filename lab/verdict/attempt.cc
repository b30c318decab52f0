#include "lab/verdict/attempt.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <fstream>
#include <functional>
#include <future>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "lab/scratch.h"
#include "lab/verdict/build.h"
#include "lab/verdict/confine.h"
#include "lab/verdict/gag.h"
#include "lab/verdict/interface.h"
#include "lab/verdict/pair_commands.h"
#include "lab/verdict/process.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

constexpr auto kCompileLimit = std::chrono::seconds(120);
constexpr std::size_t kCompileBytesMax = std::size_t{3} << 30;
constexpr std::uintmax_t kHeaderBytesMax = 1 << 20;

Outcome shell(const fs::path& tree, const std::string& line) {
  return run({.arguments = {"sh", "-c", line}, .environment = {"LC_ALL=C.UTF-8"}, .folder = tree},
             {.time = kCompileLimit, .memory_bytes = kCompileBytesMax});
}

// Why the header cannot be anybody's collector; empty when the compiler is to say.
std::string no_header(const fs::path& header) {
  std::error_code error;
  const auto status = fs::status(header, error);
  if (!fs::exists(status)) return "there is no such file";
  if (fs::is_directory(status)) return "it is a folder";
  if (!fs::is_regular_file(status)) return "it is no regular file";
  const auto size = fs::file_size(header, error);
  if (error) return "it cannot be read: " + error.message();
  if (size == 0) return "it is empty";
  if (size > kHeaderBytesMax) return fmt::format("it is larger than {} bytes", kHeaderBytesMax);
  if (!std::ifstream(header).good()) return "it cannot be read";
  return "";
}

std::string why_not_compiled(const Outcome& outcome) {
  if (outcome.timed_out) {
    return fmt::format("{}\nerror: the compiler was still at work after {} s\n", outcome.output,
                       kCompileLimit.count());
  }
  if (outcome.out_of_memory) {
    return outcome.output + "\nerror: the compiler used more memory than it may\n";
  }
  return outcome.output;
}

// Whether the compiler found fault with the header itself.
bool blames(const std::string& output, const fs::path& header) {
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    const auto error = line.find(" error: ");
    if (error != std::string::npos &&
        line.substr(0, error).find(header.filename().string() + ":") != std::string::npos) {
      return true;
    }
  }
  return false;
}

// Where only others stumble over the header: what its interface lacks, as an error of the header's.
std::string interface_error(const fs::path& tree, const PairCommands& commands,
                            const std::string& scenario, const fs::path& header,
                            const fs::path& folder) {
  const auto course = commands.contract.parent_path().parent_path().parent_path();
  std::ifstream in(course / "scenarios" / scenario / "racy.h");
  std::ostringstream racy;
  racy << in.rdbuf();
  const auto check = folder / "interface.cc";
  std::ofstream(check) << interface_check(racy.str(), scenario.substr(scenario.find('_') + 1));
  auto line = commands.preprocess.substr(0, commands.preprocess.find(" -w -E "));
  line += " -w -fsyntax-only -x c++ " + quoted(check.string());
  const auto output = shell(tree, line).output;
  auto sentence = unmet_interface(output);
  if (sentence.empty() && output.find("DRILL_NOTE_COLLECTOR_SIZE") != std::string::npos) {
    sentence = "class Collector is missing in namespace " + scenario.substr(scenario.find('_') + 1);
  }
  return sentence.empty() ? "" : fmt::format("{}: error: {}\n", header.string(), sentence);
}

// How the attempt bypasses the judge, as far as its source and its object show.
std::string how_it_gags(const fs::path& tree, const PairCommands& commands,
                        const fs::path& folder) {
  const auto honest = read_object(tree / commands.honest);
  const auto object = read_object(folder / "attempt.o");
  const auto source = source_of(tree);
  const Ground ground{.contract = commands.contract,
                      .folders = {source / "redis", source / "drill", tree},
                      .honest = honest ? &*honest : nullptr};
  std::ifstream in(folder / "attempt.ii", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (auto why = how_it_gags_preprocessed(text.str(), ground); !why.empty()) return why;
  return honest && object ? how_it_gags(*object, ground) : "";
}

// ": " and what the compiler's error says, or nothing where the linker speaks.
std::string message_of(const std::string& error) {
  constexpr std::string_view kError = "error: ";
  const auto at = error.find(kError);
  if (at == std::string::npos) return {};
  const auto begin = at + kError.size();
  return ": " + error.substr(begin, error.find('\n', begin) - begin);
}

}  // namespace

BuiltAttempt build_attempt(const fs::path& tree, const std::string& scenario,
                           const fs::path& header, const fs::path& folder) {
  BuiltAttempt built;
  if (const auto why = no_header(header); !why.empty()) {
    built.outcome = BuiltAttempt::Outcome::kCompileError;
    built.output = header.string() + ": error: " + why + "\n";
    return built;
  }
  const auto pair = scenario + ".racy";
  auto commands = commands_of(tree, pair, built.output);
  if (!commands) return built;
  fs::create_directories(folder);
  std::ofstream(folder / "collector.h")
      << "#pragma once\n#include \"" << fs::absolute(header).string()
      << "\"\n#include \"drill/collector_size.h\"\nDRILL_NOTE_COLLECTOR_SIZE("
      << scenario.substr(scenario.find_first_not_of("0123456789_"))
      << ")\n#include \"drill/contract_follows.h\"\n";
  redirect(*commands, pair, fs::absolute(folder));
  auto preprocessed =
      std::async(std::launch::async, [&] { return shell(tree, commands->preprocess); });
  const auto compiled = shell(tree, commands->compile);
  built.seconds = compiled.seconds;
  built.output = why_not_compiled(compiled);
  preprocessed.wait();
  built.gag = how_it_gags(tree, *commands, folder);
  if (!built.gag.empty() || compiled.exit_code != 0) {
    built.outcome =
        built.gag.empty() ? BuiltAttempt::Outcome::kCompileError : BuiltAttempt::Outcome::kGagged;
    if (built.gag.empty() && !compiled.timed_out && !blames(built.output, header)) {
      built.output = interface_error(tree, *commands, scenario, header, folder) + built.output;
    }
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
                        const fs::path& header, const fs::path& keep, Plan plan) {
  const auto began = std::chrono::steady_clock::now();
  std::optional<Scratch> ours;
  if (keep.empty()) ours.emplace("attempt");
  const auto& folder = ours ? ours->folder() : keep;
  // While it compiles: what is asked of this machine once, before anything is judged.
  const auto ready = std::async(std::launch::async, [&judge] {
    confinement();
    return judge.cannot_judge();
  });
  const auto built = build_attempt(tree, scenario, header, folder);
  Judgement judgement;
  plan.source_looked_at = true;
  if (built.outcome == BuiltAttempt::Outcome::kBuilt) {
    judgement = judge.judge_program(built.program, {.paths = {header.string()}}, plan);
  } else if (built.outcome == BuiltAttempt::Outcome::kGagged) {
    judgement.verdict = Verdict::kGagged;
    judgement.reason = built.gag;
  } else if (built.outcome == BuiltAttempt::Outcome::kCompileError) {
    judgement.verdict = Verdict::kCompileError;
    if (!keep.empty()) std::ofstream(keep / "compiler.txt") << built.output;
    judgement.output = first_error(built.output, header);
    judgement.reason = "it does not compile" + message_of(judgement.output);
  } else {
    judgement.reason = built.output;
  }
  judgement.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return judgement;
}

std::string scenario_of(const course::Course& course, const fs::path& file) {
  const auto space_of = [](const std::string& id) { return id.substr(id.find('_') + 1); };
  auto stem = file.stem().string();
  std::transform(stem.begin(), stem.end(), stem.begin(), [](unsigned char c) {
    return c == '-' || c == ' ' ? '_' : static_cast<char>(std::tolower(c));
  });
  std::ifstream in(file);
  std::string text(kHeaderBytesMax, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  // From what is said most plainly: its name or folder, its namespace, a part of its name.
  using Says = std::function<bool(const std::string&)>;
  const std::vector<Says> signs = {
      [&](const std::string& id) { return stem == id || file.parent_path().filename() == id; },
      [&](const std::string& id) { return stem.find(id) != std::string::npos; },
      [&](const std::string& id) {
        return std::regex_search(text, std::regex("\\bnamespace\\s+" + space_of(id) + "\\b"));
      },
      [&](const std::string& id) { return stem.find(space_of(id)) != std::string::npos; }};
  for (const auto& says : signs) {
    std::vector<std::string> found;
    for (const auto& scenario : course.scenarios()) {
      if (says(scenario.id)) found.push_back(scenario.id);
    }
    if (found.size() == 1) return found.front();
    if (found.size() > 1) break;
  }
  throw std::invalid_argument(file.string() +
                              ": which scenario is it an attempt at? Say it with --scenario");
}

namespace {

// Templates can say more than anybody reads.
std::string first_lines(const std::string& text) {
  constexpr int kLinesMax = 24;
  constexpr std::size_t kLineMax = 400;
  std::string result;
  std::istringstream in(text);
  std::string line;
  for (int i = 0; i < kLinesMax && std::getline(in, line); ++i) {
    result += line.substr(0, kLineMax) + (line.size() > kLineMax ? " …\n" : "\n");
  }
  return result;
}

// Without the files that include the header, where the error is in the header itself.
std::string without_way_there(const std::string& diagnostic, const fs::path& header) {
  const auto error = diagnostic.find(" error: ");
  if (error == std::string::npos) return diagnostic;
  const auto newline = diagnostic.rfind('\n', error);
  const auto begin = newline == std::string::npos ? 0 : newline + 1;
  const auto name = fs::absolute(header).string();
  const bool in_header = diagnostic.compare(begin, name.size(), name) == 0;
  return in_header ? diagnostic.substr(begin) : diagnostic;
}

}  // namespace

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
  return first_lines(found == diagnostics.end() ? output : without_way_there(*found, header));
}

}  // namespace lab::verdict
