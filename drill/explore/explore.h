#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// What a program of tests calls to have them explored. The explorer is a library of its own
// (libracelab_explore.so), so that the standard library's templates are not shared between it and
// the instrumented program.
namespace drill::explore {

struct Options {
  int bound = 2;                               // Preemptions.
  std::uint64_t budget_schedules = 1'000'000;  // A test.
  int budget_seconds = 60;                     // A test.
  std::uint64_t beyond = 1'000;                // Drawn at random once the bound is exhausted.
  int patience_seconds = 1;                    // See ScheduleLimits.
  std::string replay;                          // A token: runs that schedule only.
  std::string trace;                           // File for the story of the first finding, as JSON.
  std::string events;                          // File for drill/events.h.
  bool every_schedule = false;                 // Without reduction, to count them.
  bool instrumented = true;                    // As drill::instrumented() has it.
};

// Runs one test through GoogleTest, over and over, until test_begins() ends the process: when all
// schedules have been run.
using RunOnAndOn = std::function<void(const std::string& test)>;

// Explores each test and prints a line about it; returns the program's exit code: 0 when nothing
// was found in any, 1 otherwise.
int explore(const Options& options, const std::vector<std::string>& tests, const RunOnAndOn& run);

// To be called, by a listener of GoogleTest's, around each test and at each failure in it.
void test_begins();
void test_ends();
[[noreturn]] void expectation_failed(const char* file, int line, const char* message);
// While GoogleTest itself works, what it does passes straight through.
void* pause();
void resume(void* paused);

// Runs the functions as threads that the scheduler knows; returns when all have ended.
void run_together(std::vector<std::function<void()>>& functions);

}  // namespace drill::explore
