#include "lab/workshop/doctor.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <thread>

#include "lab/course/course.h"
#include "lab/scratch.h"
#include "lab/verdict/attempt.h"
#include "lab/verdict/build.h"
#include "lab/verdict/judge.h"
#include "lab/verdict/process.h"

namespace lab::workshop {
namespace {

namespace fs = std::filesystem;
using Status = Finding::Status;

constexpr auto kShort = std::chrono::seconds(20);
constexpr auto kCompile = std::chrono::seconds(180);
constexpr double kSlowSeconds = 5;
constexpr double kLittle_gib = 2;
constexpr double kTooLittle_gib = 0.2;

verdict::Outcome call(std::vector<std::string> arguments,
                      std::chrono::milliseconds limit = kShort) {
  return verdict::run({.arguments = std::move(arguments)}, {.time = limit});
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

Finding tool(const std::string& name, std::vector<std::string> arguments,
             const std::string& package, Status without) {
  const auto outcome = call(std::move(arguments));
  if (outcome.started && outcome.exit_code == 0) {
    return {name, Status::kOk, first_line(outcome.output), ""};
  }
  return {name, without, "not there", "apt-get install -y --no-install-recommends " + package};
}

// What a look finds; without a place for temporary files, that.
Finding looked(const std::string& name, const std::function<Finding()>& look) {
  try {
    return look();
  } catch (const ScratchError& error) {
    return {name, Status::kFailure, error.what(), "export TMPDIR=/some/folder"};
  }
}

// Compiles the canary with this compiler's ThreadSanitizer and runs it, with and without fixed
// addresses. `needed`: it is the compiler that this build judges with.
Finding canary(const Place& place, const std::string& compiler, bool needed) {
  Finding finding{compiler + ": canary race", Status::kOk, "", ""};
  const Scratch scratch("doctor");
  const auto program = (scratch.folder() / "canary").string();
  const auto bad = needed ? Status::kFailure : Status::kWarning;
  const auto built = call({compiler, "-std=c++20", "-fsanitize=thread", "-O1", "-g", "-pthread",
                           (place.source / "drill" / "canary.cc").string(), "-o", program},
                          kCompile);
  if (built.exit_code != 0) {
    return {finding.name, bad, "does not compile: " + first_line(built.output),
            compiler == "clang++-19"
                ? "apt-get install -y --no-install-recommends clang-19 libclang-rt-19-dev"
                : "apt-get install -y --no-install-recommends g++-12"};
  }
  std::string output;
  for (const bool fixed : {false, true}) {
    const auto run = verdict::run({.arguments = {program},
                                   .environment = {"TSAN_OPTIONS=exitcode=66:atexit_sleep_ms=0"},
                                   .fixed_addresses = fixed},
                                  {.time = kShort});
    output = run.output;
    if (!is_canary_report(run.output, run.exit_code)) continue;
    finding.detail = fixed ? "caught, with fixed addresses (as setarch -R)" : "caught";
    return finding;
  }
  return {finding.name, bad, "not caught: " + first_line(output),
          "sysctl vm.mmap_rnd_bits=28; in a container allow personality(): "
          "--security-opt seccomp=unconfined"};
}

std::string compiler_of(const fs::path& build) {
  std::ifstream in(build / "CMakeCache.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("CMAKE_CXX_COMPILER:")) return line.substr(line.find('=') + 1);
  }
  return "";
}

std::vector<Finding> compilers(const Place& place) {
  const auto used = fs::path(compiler_of(place.build)).filename().string();
  std::vector<Finding> findings;
  for (const auto& [compiler, package] :
       {std::pair{"clang++-19", "clang-19 libclang-rt-19-dev"}, std::pair{"g++-12", "g++-12"}}) {
    const bool needed = used == compiler || (used == "c++" && std::string(compiler) == "g++-12");
    findings.push_back(tool(compiler, {compiler, "--version"}, package,
                            needed ? Status::kFailure : Status::kWarning));
    if (findings.back().status == Status::kOk)
      findings.push_back(looked(compiler, [&] { return canary(place, compiler, needed); }));
  }
  return findings;
}

Finding address_space() {
  std::ifstream in("/proc/sys/vm/mmap_rnd_bits");
  int bits = 0;
  if (!(in >> bits)) {
    return {"address space", Status::kOk, "vm.mmap_rnd_bits cannot be read here", ""};
  }
  const auto detail = fmt::format("vm.mmap_rnd_bits is {}", bits);
  if (bits <= 28) return {"address space", Status::kOk, detail, ""};
  // The judge fixes addresses by itself when it must; the looks at the canaries tell whether it
  // can.
  return {"address space", Status::kWarning,
          detail + ": g++-12's runtime wants 28 at most, or fixed addresses (setarch -R)",
          "sysctl vm.mmap_rnd_bits=28"};
}

Finding fixed_addresses() {
  const pid_t child = fork();
  if (child == 0) _exit(personality(ADDR_NO_RANDOMIZE) == -1 ? errno : 0);
  int status = 0;
  waitpid(child, &status, 0);
  const bool has_setarch = call({"setarch", "--version"}).exit_code == 0;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return {"personality()", Status::kOk,
            std::string("allowed: addresses can be fixed; setarch is ") +
                (has_setarch ? "there" : "not there, and not needed"),
            ""};
  }
  return {"personality()", Status::kWarning,
          fmt::format("not allowed ({}): addresses cannot be fixed",
                      std::strerror(WEXITSTATUS(status))),
          "in a container: --security-opt seccomp=unconfined"};
}

Finding explorer(const Place& place, const course::Course& course) {
  const auto pair = course.scenarios().front().id + ".racy.explore";
  const auto built = verdict::build(place.source, place.build, {pair});
  if (!built.ok) {
    return {"explorer: canary", Status::kFailure, "cannot be built: " + first_line(built.output),
            "cmake --build " + place.build.string() + " --target " + pair};
  }
  const auto run =
      call({(place.build / "bin" / pair).string(), "--budget-schedules=50", "--budget-seconds=5"},
           std::chrono::seconds(60));
  if (run.exit_code == 1 && run.output.find("FAILED") != std::string::npos) {
    return {"explorer: canary", Status::kOk, "caught", ""};
  }
  return {"explorer: canary", Status::kFailure, "not caught: " + first_line(run.output),
          "The machine may forbid what the explorer needs (process_vm, futex). Run: " +
              (place.build / "bin" / pair).string()};
}

// From save to verdict, once, on the first scenario as a learner begins with it.
Finding speed(const Place& place, const course::Course& course) {
  const auto& scenario = course.scenarios().front();
  const Scratch scratch("doctor");
  const auto built = verdict::build(
      place.source, place.build, {"canary", scenario.id + ".racy", scenario.id + ".racy.explore"});
  if (!built.ok) {
    return {"save to verdict", Status::kFailure, "the build failed: " + first_line(built.output),
            "cmake --build " + place.build.string() + " --target pairs"};
  }
  const auto& racy = scenario.variants.front().header;
  const auto attempt =
      verdict::build_attempt(place.build, scenario.id, racy, scratch.folder() / "attempt");
  if (attempt.outcome != verdict::BuiltAttempt::Outcome::kBuilt) {
    return {"save to verdict", Status::kFailure, first_line(attempt.output),
            "cmake --build " + place.build.string() + " --clean-first --target pairs"};
  }
  const auto judgement =
      verdict::Judge(place.build).judge_program(attempt.program, {.paths = {racy.string()}});
  const double seconds = attempt.seconds + judgement.seconds;
  const auto detail = fmt::format("{:.1f} s for {}, judged {}", seconds, scenario.id,
                                  verdict::name(judgement.verdict));
  if (judgement.verdict == verdict::Verdict::kCannotJudge) {
    return {"save to verdict", Status::kFailure, judgement.reason, "see the lines above"};
  }
  if (seconds <= kSlowSeconds) return {"save to verdict", Status::kOk, detail, ""};
  return {"save to verdict", Status::kWarning, detail,
          "Is the machine busy (uptime), or the folder a network's? Is mold there?"};
}

Finding disk(const std::string& name, const fs::path& folder) {
  struct statvfs info {};
  if (statvfs(folder.c_str(), &info) != 0) {
    return {name, Status::kFailure, folder.string() + ": " + std::strerror(errno),
            "mkdir -p " + folder.string()};
  }
  const double gib = static_cast<double>(info.f_bavail) * static_cast<double>(info.f_frsize) /
                     (1024.0 * 1024 * 1024);
  const auto detail = fmt::format("{:.1f} GiB free in {}", gib, folder.string());
  if ((info.f_flag & ST_RDONLY) != 0) {
    return {name, Status::kFailure, folder.string() + " is read-only",
            "work in a checkout of your own"};
  }
  if (gib >= kLittle_gib) return {name, Status::kOk, detail, ""};
  return {name, gib < kTooLittle_gib ? Status::kFailure : Status::kWarning, detail,
          "free some space; a build takes about 2 GiB"};
}

Finding confinement() {
  const auto found = tool("bubblewrap", {"bwrap", "--version"}, "bubblewrap", Status::kWarning);
  if (found.status != Status::kOk) {
    return {found.name, found.status, "not there: attempts are bounded, but not shut in",
            found.remedy};
  }
  const auto works =
      call({"bwrap", "--unshare-net", "--die-with-parent", "--dev-bind", "/", "/", "true"});
  if (works.exit_code == 0) return {"bubblewrap", Status::kOk, found.detail + ", and works", ""};
  return {"bubblewrap", Status::kWarning, "does not work here: " + first_line(works.output),
          "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1; in a container: "
          "--security-opt seccomp=unconfined"};
}

Finding terminal() {
  const char* kind = std::getenv("TERM");
  winsize size{};
  if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1 ||
      ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
    return {"terminal", Status::kOk, "none: every command works but the workshop loop", ""};
  }
  const auto detail =
      fmt::format("{}, {} columns, {} rows", kind ? kind : "TERM unset", size.ws_col, size.ws_row);
  if (!kind || std::string_view(kind) == "dumb") {
    return {"terminal", Status::kWarning, detail + ": the workshop is written line by line",
            "export TERM=xterm-256color"};
  }
  if (size.ws_col > 0 && (size.ws_col < 80 || size.ws_row < 24)) {
    return {"terminal", Status::kWarning, detail, "make it 80 columns and 24 rows at least"};
  }
  return {"terminal", Status::kOk, detail, ""};
}

Finding machine() {
  return {"machine", Status::kOk, fmt::format("{} processors", std::thread::hardware_concurrency()),
          ""};
}

}  // namespace

bool is_canary_report(const std::string& output, int exit_code) {
  return exit_code == 66 && output.find("WARNING: ThreadSanitizer: data race") != std::string::npos;
}

std::vector<Finding> examine(const Place& place,
                             const std::function<void(const std::string&)>& on_begin) {
  std::vector<Finding> findings;
  const auto look = [&](const std::string& name, const std::function<Finding()>& at) {
    on_begin(name);
    findings.push_back(looked(name, at));
  };
  look("machine", machine);
  look("disk", [&] { return disk("disk: build", place.build); });
  look("disk", [&] { return disk("disk: temporary files", temporary_files()); });
  look("cmake", [] { return tool("cmake", {"cmake", "--version"}, "cmake", Status::kFailure); });
  look("ninja", [] {
    return tool("ninja", {"ninja", "--version"}, "ninja-build", Status::kFailure);
  });
  look("mold", [] { return tool("mold", {"mold", "--version"}, "mold", Status::kWarning); });
  look("llvm-symbolizer", [] {
    return tool("llvm-symbolizer-19", {"llvm-symbolizer-19", "--version"}, "llvm-19",
                Status::kWarning);
  });
  look("eu-stack", [] {
    return tool("eu-stack", {"eu-stack", "--version"}, "elfutils", Status::kWarning);
  });
  look("address space", address_space);
  look("personality()", fixed_addresses);
  on_begin("compilers and their canaries");
  const auto of_compilers = compilers(place);
  findings.insert(findings.end(), of_compilers.begin(), of_compilers.end());
  const course::Course course(place.source);
  look("explorer", [&] { return explorer(place, course); });
  look("save to verdict", [&] { return speed(place, course); });
  look("bubblewrap", confinement);
  look("redis-server", [] {
    return tool("redis-server", {"redis-server", "--version"}, "redis-server", Status::kWarning);
  });
  look("terminal", terminal);
  return findings;
}

}  // namespace lab::workshop
