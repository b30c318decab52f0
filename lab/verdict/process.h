#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace lab::verdict {

// A child process and what it may use. It runs in a process group of its own.
struct Command {
  std::vector<std::string> arguments;         // arguments[0] is the program, searched in PATH.
  std::vector<std::string> environment = {};  // "NAME=value", in addition to ours.
  std::filesystem::path folder = {};          // Working folder; ours when empty.
  bool fixed_addresses = false;               // As `setarch -R` does.
  // The only folder that the child may write to; see confine.h. Its environment then is
  // `environment` and a few plain variables, with HOME and TMPDIR in that folder. Unconfined when
  // empty.
  std::filesystem::path confined_to = {};
  int channel = -1;  // A descriptor of ours that the child has as kChannel; none when negative.
};

inline constexpr int kChannel = 3;

inline constexpr int kStarvedMax = 4;

struct Bounds {
  // By the clock, not counting how long it waited for a processor that others used: a machine that
  // is busy makes nobody's program hang. At most kStarvedMax times as long in all.
  std::chrono::milliseconds time{60'000};
  std::size_t output_bytes = std::size_t{16} << 20;  // Of both streams; more is dropped.
  std::size_t memory_bytes = std::size_t{4} << 30;   // Resident, of all that it started.
  int processes = 0;                                 // At a time; unbounded when 0.
  bool whole_output = true;  // False: writing more than output_bytes ends it.
};

struct Outcome {
  bool started = false;  // False: `output` says why.
  int exit_code = -1;    // -1 when a signal ended it.
  int signal = 0;
  bool timed_out = false;
  bool out_of_memory = false;
  bool too_many = false;    // More processes than Bounds::processes.
  bool output_cut = false;  // More was written than Bounds::output_bytes.
  double seconds = 0;
  std::string output;  // Standard output and standard error, in order.
};

// What the caller does while the child runs.
struct Watch {
  std::function<void(std::string_view)> output;  // Called with each part of the output.
  // Called about every 20 ms and once at the time limit; the child lives while it runs. True: end
  // the child now.
  std::function<bool(int pid, bool at_limit)> poll;
};

// The process among `pid` and those that it started that runs `program`; 0 when there is none.
int process_of(int pid, const std::filesystem::path& program);

// Runs the command to its end or to its bounds. When it returns, nothing of the child's group is
// alive, nor what the child left behind elsewhere. Waits no longer than kStarvedMax times
// the time bound plus a second. Thread-safe. Call adopt_orphans() once at start, so that what
// leaves its group is found.
Outcome run(const Command& command, const Bounds& bounds, const Watch& watch = {});

// Runs the command with our own standard streams and no bound but the user's patience: builds and
// test runs. Ctrl-C reaches it. Returns its exit code, 128 + the signal's number, or 127 when it
// could not be started.
int run_attached(const Command& command);

void adopt_orphans();

}  // namespace lab::verdict
