#include "lab/measure/phases.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace lab::measure {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPause = std::chrono::milliseconds(2);
constexpr int kDepthMax = 12;  // Of processes that start processes.

std::string read(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> arguments_of(int pid) {
  std::vector<std::string> arguments;
  std::istringstream in(read(fmt::format("/proc/{}/cmdline", pid)));
  for (std::string word; std::getline(in, word, '\0');) arguments.push_back(word);
  return arguments;
}

// Each thread of a process may have started some.
std::vector<int> children_of(int pid) {
  std::vector<int> children;
  std::error_code gone;
  for (const auto& task :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), gone)) {
    std::istringstream in(read(task.path().string() + "/children"));
    for (int child = 0; in >> child;) children.push_back(child);
  }
  return children;
}

void gather(int pid, int depth, std::set<std::string>& phases) {
  if (depth > kDepthMax) return;
  for (const int child : children_of(pid)) {
    if (const auto phase = phase_of(arguments_of(child)); !phase.empty()) phases.insert(phase);
    gather(child, depth + 1, phases);
  }
}

bool is_compiler(const std::string& name) {
  return name.starts_with("clang") || name.starts_with("g++") || name.starts_with("c++") ||
         name.starts_with("gcc") || name == "cc1plus" || name == "cc1";
}

}  // namespace

std::string phase_of(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return "";
  const auto name = std::filesystem::path(arguments[0]).filename().string();
  const auto has = [&arguments](const std::string& word) {
    return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
  };
  const auto begins = [&arguments](const std::string& word) {
    return std::any_of(arguments.begin(), arguments.end(),
                       [&word](const auto& each) { return each.starts_with(word); });
  };
  const bool is_go_tool = arguments[0].find("/pkg/tool/") != std::string::npos;
  if (is_go_tool && (name == "compile" || name == "link" || name == "vet")) return name;
  if (is_go_tool) return "";
  if (name.ends_with(".test")) return "test";
  if (name == "cc1plus" || name == "cc1" || (is_compiler(name) && has("-c"))) return "compile";
  if (is_compiler(name) || name == "collect2" || name == "mold" || name == "ld" ||
      name.starts_with("ld.")) {
    return "link";
  }
  if (name == "ninja" || name == "cmake") return "up to date?";
  if (name.starts_with("llvm-symbolizer") || name == "addr2line") return "symbols";
  if (begins("--engine=in_turn")) return "in turn";
  if (begins("--engine=at_once")) return "at once";
  if (name.find("explore") != std::string::npos || begins("--bound=")) return "interleaved";
  return "";
}

PhaseWatch::PhaseWatch() : thread_([this](std::stop_token stop) { look(std::move(stop)); }) {}

PhaseWatch::~PhaseWatch() = default;

std::map<std::string, double> PhaseWatch::end() {
  thread_.request_stop();
  thread_.join();
  return seconds_;
}

void PhaseWatch::look(std::stop_token stop) {
  auto before = Clock::now();
  while (!stop.stop_requested()) {
    std::set<std::string> phases;
    gather(getpid(), 0, phases);
    if (phases.empty()) phases.insert("rest");
    std::this_thread::sleep_for(kPause);
    const auto now = Clock::now();
    for (const auto& phase : phases) {
      seconds_[phase] += std::chrono::duration<double>(now - before).count();
    }
    before = now;
  }
}

}  // namespace lab::measure
