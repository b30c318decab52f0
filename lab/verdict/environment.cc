#include "lab/verdict/environment.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "lab/report/reader.h"
#include "lab/verdict/symbolise.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

constexpr int kReported = 66;  // The runtime's exit code when it had anything to report.

std::string last_lines(const std::string& text) {
  const auto start = text.size() > 400 ? text.find('\n', text.size() - 400) + 1 : 0;
  return text.substr(std::min(start, text.size()));
}

bool caught(const std::string& output) {
  const auto reports = report::read_reports(output);
  return std::any_of(reports.begin(), reports.end(),
                     [](const auto& report) { return report.kind == "data race"; });
}

}  // namespace

const std::string& Environment::check(const fs::path& canary) {
  std::call_once(once_, [&] { problem_ = look(canary); });
  return problem_;
}

Command Environment::command(std::vector<std::string> arguments) const {
  Command command{.arguments = std::move(arguments)};
  // Whole: what the user's own TSAN_OPTIONS say must not change a verdict.
  command.environment = {
      "TSAN_OPTIONS=exitcode=66:atexit_sleep_ms=0:history_size=7:second_deadlock_stack=1"
      ":suppress_equal_addresses=0:halt_on_error=0:report_bugs=1:color=never:symbolize=0"
      ":stack_trace_format='" +
          std::string(kFrameFormat) + "'",
      "GTEST_FILTER=*",
      "GTEST_TOTAL_SHARDS=1",
      "GTEST_SHARD_INDEX=0",
      "GTEST_REPEAT=1",
      "LC_ALL=C.UTF-8"};
  command.fixed_addresses = fixed_addresses_;
  return command;
}

std::string Environment::look(const fs::path& canary) {
  if (!fs::exists(canary)) {
    return "there is no " + canary.string() + "; build it: cmake --build " +
           canary.parent_path().parent_path().string() + " --target pairs";
  }
  for (const bool fixed : {false, true}) {
    fixed_addresses_ = fixed;
    Outcome outcome;
    // It was silent once in some ten thousand runs; a build without a detector always is.
    for (int tries = 0; tries < 3; ++tries) {
      outcome = run(command({canary.string()}), {.time = std::chrono::seconds(30)});
      if (outcome.exit_code == kReported && caught(outcome.output)) return "";
      if (outcome.exit_code != 0) break;
    }
    output_ = outcome.output;
    if (outcome.output.find("unexpected memory mapping") == std::string::npos && !fixed &&
        outcome.exit_code == 0) {
      return "the canary race was not caught: this build has no ThreadSanitizer. Configure with "
             "the preset tsan or tsan-gcc.";
    }
  }
  return "ThreadSanitizer does not run on this machine:\n" + last_lines(output_) +
         "Fixing addresses (setarch -R) did not help. Try: sysctl vm.mmap_rnd_bits=28, and in a "
         "container allow personality(): --security-opt seccomp=unconfined";
}

}  // namespace lab::verdict
