#include "lab/report/symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "lab/report/lines.h"
#include "lab/report/symbolizer_process.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kModulesMax = 64;
constexpr std::size_t kOffsetsMax = 20'000;  // A module.
constexpr std::size_t kBatch = 500;          // Of one call: its command line has a bound.

template <class Visit>
void each_stack(Report& report, Visit visit) {
  for (auto& access : report.accesses) visit(access.stack);
  for (auto& stack : report.stacks) visit(stack);
  for (auto& location : report.locations) visit(location.stack);
  for (auto& mutex : report.mutexes) visit(mutex.created);
  for (auto& thread : report.threads) visit(thread.created);
  for (auto& edge : report.edges) {
    visit(edge.acquired_at);
    visit(edge.held_at);
  }
  visit(report.slept);
}

bool is_nameless(const Frame& frame) {
  return frame.function.empty() && frame.file.empty() && !frame.module.empty() &&
         frame.module.front() != '[';
}

// A module as the reports name it, with the frames that want names.
struct Module {
  std::string build_id;
  std::vector<fs::path> folders;  // Those that summaries name.
  std::map<std::uint64_t, Stack> names;
};

// A name may stand for several builds, in one log: each is a module.
using Modules = std::map<std::pair<std::string, std::string>, Module>;

// "/src/prog" of "data race (/src/prog+0x12) (BuildId: 34) in main".
fs::path path_in_summary(std::string_view summary) {
  const auto open = summary.find("(/");
  if (open == std::string_view::npos) return {};
  const auto end = summary.find("+0x", open);
  return end == std::string_view::npos ? fs::path()
                                       : fs::path(summary.substr(open + 1, end - open - 1));
}

Modules collect(std::vector<Report>& reports) {
  Modules modules;
  for (auto& report : reports) {
    const auto summary = path_in_summary(report.summary);
    each_stack(report, [&](const Stack& stack) {
      for (const auto& frame : stack) {
        if (!is_nameless(frame)) continue;
        const std::pair key(frame.module, frame.build_id);
        if (!modules.contains(key) && modules.size() >= kModulesMax) continue;
        auto& module = modules[key];
        module.build_id = frame.build_id;
        if (module.names.size() < kOffsetsMax) module.names[frame.offset];
        if (summary.filename() != fs::path(frame.module).filename()) continue;
        const auto folder = summary.parent_path();
        auto& folders = module.folders;
        const bool known = std::find(folders.begin(), folders.end(), folder) != folders.end();
        if (!known && folders.size() < 8) folders.push_back(folder);
      }
    });
  }
  return modules;
}

bool is_file(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error);
}

// Where the module's file lies. Says why not, when one of that name is of another build.
fs::path find_module(const std::string& name, const Module& module, const SymbolOptions& options,
                     std::vector<std::string>& notes) {
  std::vector<fs::path> places;
  if (name.find('/') != std::string::npos) places.emplace_back(name);
  const auto file = fs::path(name).filename();
  for (const auto& folder : module.folders) places.push_back(folder / file);
  for (const auto& folder : options.folders) places.push_back(folder / file);
  fs::path other;
  for (const auto& place : places) {
    if (!is_file(place)) continue;
    if (module.build_id.empty() || read_build_id(place) == module.build_id) return place;
    other = place;
  }
  if (!other.empty()) {
    notes.push_back(fmt::format("{} is not the build that ran (its build id differs); not used",
                                other.string()));
  }
  return {};
}

struct Tool {
  fs::path program;
  bool llvm = false;
};

Tool find_tool() {
  auto llvm = find_program({"llvm-symbolizer", "llvm-symbolizer-19", "llvm-symbolizer-18",
                            "llvm-symbolizer-17", "llvm-symbolizer-16", "llvm-symbolizer-15",
                            "llvm-symbolizer-14"});
  if (!llvm.empty()) return {std::move(llvm), true};
  return {find_program({"addr2line"}), false};
}

// "main" and "/src/a.cc:3:5" as a frame; nothing when neither is known.
std::optional<Frame> frame_of(std::string_view function, std::string_view place) {
  place = place.substr(0, place.find(" (discriminator"));
  const auto known = [](std::string_view text) { return !text.empty() && !text.starts_with("??"); };
  if (!known(function) && !known(place)) return std::nullopt;
  Frame frame;
  if (known(function)) frame.function = function;
  if (!known(place)) return frame;
  // A file may hold spaces: what stands behind the last colons is the position.
  std::array<int, 2> numbers{};
  std::size_t count = 0;
  while (count < numbers.size()) {
    const auto colon = place.rfind(':');
    if (colon == std::string_view::npos) break;
    auto number = place.substr(colon + 1);
    if (number != "?" && (number.empty() || !is_digit(number[0]))) break;
    numbers[count++] = take_number<int>(number);
    place = place.substr(0, colon);
  }
  frame.file = place;
  frame.line = count == 2 ? numbers[1] : numbers[0];
  frame.column = count == 2 ? numbers[0] : 0;
  return frame;
}

// The answers of either tool: a function and a place in turns, an empty line (llvm-symbolizer) or
// the next address (addr2line -a) between the questions.
std::vector<Stack> parse_answers(std::string_view text, bool llvm) {
  std::vector<Stack> answers;
  if (llvm) answers.emplace_back();
  while (!text.empty()) {
    const auto line = take_until(text, "\n");
    if (llvm ? line.empty() : line.starts_with("0x")) {
      answers.emplace_back();
      continue;
    }
    if (answers.empty()) break;
    const auto place = take_until(text, "\n");
    if (auto frame = frame_of(line, place)) answers.back().push_back(std::move(*frame));
  }
  return answers;
}

bool ask(const Tool& tool, const fs::path& file,
         std::vector<std::pair<std::uint64_t, Stack*>> asked, Clock::time_point deadline) {
  std::vector<std::string> arguments = {tool.program.string()};
  if (tool.llvm) {
    for (const auto* flag : {"--functions=linkage", "--inlines", "--demangle"}) {
      arguments.emplace_back(flag);
    }
    arguments.push_back("--obj=" + file.string());
  } else {
    for (const auto* flag : {"-f", "-C", "-i", "-a", "-e"}) arguments.emplace_back(flag);
    arguments.push_back(file.string());
  }
  for (const auto& [offset, names] : asked) arguments.push_back(fmt::format("{:#x}", offset));
  const auto output = output_of(arguments, deadline);
  if (!output) return false;
  auto answers = parse_answers(*output, tool.llvm);
  if (answers.size() < asked.size()) return false;
  for (std::size_t i = 0; i < asked.size(); ++i) *asked[i].second = std::move(answers[i]);
  return true;
}

bool name_module(const Tool& tool, const fs::path& file, Module& module,
                 Clock::time_point deadline) {
  std::vector<std::pair<std::uint64_t, Stack*>> batch;
  for (auto& [offset, names] : module.names) {
    batch.emplace_back(offset, &names);
    if (batch.size() < kBatch) continue;
    if (!ask(tool, file, std::exchange(batch, {}), deadline)) return false;
  }
  return batch.empty() || ask(tool, file, std::move(batch), deadline);
}

// Puts the names in the place of the frames, innermost call first.
std::size_t put_names(Stack& stack, const Modules& modules) {
  std::size_t named = 0;
  Stack result;
  for (auto& frame : stack) {
    const auto module = modules.find({frame.module, frame.build_id});
    const bool wants = is_nameless(frame) && module != modules.end();
    const auto names = wants ? module->second.names.find(frame.offset)
                             : std::map<std::uint64_t, Stack>::const_iterator{};
    if (!wants || names == module->second.names.end() || names->second.empty()) {
      result.push_back(std::move(frame));
      continue;
    }
    ++named;
    for (auto name : names->second) {
      name.module = frame.module;
      name.offset = frame.offset;
      name.build_id = frame.build_id;
      result.push_back(std::move(name));
    }
  }
  stack = std::move(result);
  return named;
}

}  // namespace

SymbolResult symbolize(std::vector<Report>& reports, const SymbolOptions& options) {
  SymbolResult result;
  auto modules = collect(reports);
  if (modules.empty()) return result;
  const auto deadline = Clock::now() + options.time_max;
  std::optional<Tool> tool;
  for (auto& [key, module] : modules) {
    const auto file = find_module(key.first, module, options, result.notes);
    if (file.empty()) continue;
    if (!tool) tool = find_tool();
    if (tool->program.empty()) {
      result.notes.emplace_back("neither llvm-symbolizer nor addr2line is installed");
      return result;
    }
    const auto name = tool->program.filename().string();
    if (!name_module(*tool, file, module, deadline)) {
      result.notes.push_back(fmt::format("{} did not manage {}", name, file.string()));
      continue;
    }
    if (!compiled_by_clang(file)) {
      for (auto& [offset, frames] : module.names) {
        for (auto& frame : frames) frame.column = 0;
      }
    }
    if (module.build_id.empty()) {
      result.notes.push_back(fmt::format(
          "names are of {} as it is now ({}); the report has no build id to compare with",
          file.string(), name));
    } else {
      result.notes.push_back(fmt::format("names are of {} ({})", file.string(), name));
    }
  }
  for (auto& report : reports) {
    each_stack(report, [&](Stack& stack) { result.frames += put_names(stack, modules); });
  }
  return result;
}

}  // namespace lab::report
