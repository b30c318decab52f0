#include "lab/verdict/build.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string_view>
#include <thread>

#include "lab/verdict/process.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

constexpr auto kBuildLimit = std::chrono::minutes(60);
constexpr auto kLockLimit = std::chrono::minutes(30);

// Held while building in a tree, across processes.
class TreeLock {
 public:
  explicit TreeLock(const fs::path& tree) {
    fs::create_directories(tree);
    fd_ = open((tree / "racelab.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const auto deadline = std::chrono::steady_clock::now() + kLockLimit;
    while (fd_ >= 0 && !(held_ = flock(fd_, LOCK_EX | LOCK_NB) == 0)) {
      if (std::chrono::steady_clock::now() > deadline) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  ~TreeLock() {
    if (fd_ >= 0) close(fd_);
  }
  TreeLock(const TreeLock&) = delete;
  TreeLock& operator=(const TreeLock&) = delete;

  bool held() const { return held_; }

 private:
  int fd_ = -1;
  bool held_ = false;
};

// Finds "[12/80]" at the start of lines of ninja's output, which comes in any pieces.
class Steps {
 public:
  explicit Steps(const BuildProgress& progress) : progress_(progress) {}

  void take(std::string_view part) {
    for (const char c : part) {
      if (c == '\n') {
        if (line_.starts_with('[') && line_.find(']') < 16) {
          progress_(line_.substr(0, line_.find(']') + 1));
        }
        line_.clear();
      } else if (line_.size() < 200) {
        line_ += c;
      }
    }
  }

 private:
  const BuildProgress& progress_;
  std::string line_;
};

Built run_step(const Command& command, const BuildProgress& progress) {
  Steps steps(progress);
  Watch watch;
  if (progress) watch.output = [&steps](std::string_view part) { steps.take(part); };
  auto outcome = run(command, {.time = kBuildLimit, .memory_bytes = std::size_t{16} << 30}, watch);
  if (outcome.exit_code == 0) return {.ok = true, .output = {}};
  return {.ok = false, .output = std::move(outcome.output)};
}

}  // namespace

Built build(const fs::path& source, const fs::path& tree, const std::vector<std::string>& targets,
            const BuildProgress& progress) {
  const TreeLock lock(tree);
  if (!lock.held()) return {.ok = false, .output = "another build holds " + tree.string()};
  if (!fs::exists(tree / "build.ninja")) {
    auto configured = run_step(
        {.arguments = {"cmake", "--preset", tree.filename().string()}, .folder = source}, progress);
    if (!configured.ok) return configured;
  }
  std::vector<std::string> arguments = {"cmake", "--build", tree.string(), "--target"};
  arguments.insert(arguments.end(), targets.begin(), targets.end());
  return run_step({.arguments = std::move(arguments), .environment = {"NINJA_STATUS=[%f/%t] "}},
                  progress);
}

fs::path source_of(const fs::path& tree) {
  constexpr std::string_view kEntry = "CMAKE_HOME_DIRECTORY:INTERNAL=";
  std::ifstream in(tree / "CMakeCache.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kEntry)) return line.substr(kEntry.size());
  }
  return {};
}

namespace {

// The latest change of a file, or of anything in a folder; the end of time when it is not there.
fs::file_time_type changed(const fs::path& path) {
  std::error_code error;
  auto latest = fs::last_write_time(path, error);
  if (error) return fs::file_time_type::max();
  for (auto each = fs::recursive_directory_iterator(path, error);
       !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
    latest = std::max(latest, fs::last_write_time(each->path(), error));
  }
  return latest;
}

// What the pair and all that it links is made of.
fs::file_time_type inputs_changed(const fs::path& course, const fs::path& tree,
                                  const std::string& scenario) {
  const auto source = source_of(tree);
  auto latest = fs::file_time_type::min();
  for (const auto& path :
       {source / "CMakeLists.txt", source / "CMakePresets.json", source / "cmake", source / "drill",
        source / "redis", course / "tests" / "scenarios" / (scenario + "_test.cc"),
        course / "scenarios" / scenario / "racy.h"}) {
    latest = std::max(latest, changed(path));
  }
  return latest;
}

fs::path stamp_of(const fs::path& tree, const std::string& scenario) {
  return tree / "attempts" / (scenario + ".built");
}

bool is_current(const fs::path& course, const fs::path& tree, const std::string& scenario) {
  const auto pair = tree / "bin" / (scenario + ".racy");
  std::error_code error;
  const auto built = fs::last_write_time(stamp_of(tree, scenario), error);
  return !error && fs::exists(pair) && fs::exists(tree / "bin" / "canary") &&
         inputs_changed(course, tree, scenario) < built;
}

}  // namespace

Built build_for_attempts(const fs::path& course, const fs::path& tree,
                         const std::set<std::string>& scenarios, const BuildProgress& progress) {
  std::vector<std::string> targets = {"canary"};
  for (const auto& scenario : scenarios) {
    if (is_current(course, tree, scenario)) continue;
    targets.push_back(scenario + ".racy");
    targets.push_back(scenario + ".racy.explore");
  }
  if (targets.size() == 1) return {.ok = true, .output = {}};
  const auto began = fs::file_time_type::clock::now();
  auto built = build(course, tree, targets, progress);
  if (!built.ok) return built;
  std::error_code ignored;
  fs::create_directories(tree / "attempts", ignored);
  for (const auto& scenario : scenarios) {
    const auto stamp = stamp_of(tree, scenario);
    std::ofstream(stamp) << scenario << '\n';
    fs::last_write_time(stamp, began, ignored);
  }
  return built;
}

}  // namespace lab::verdict
