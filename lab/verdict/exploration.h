#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "lab/story/story.h"
#include "lab/verdict/verdict.h"

namespace lab::verdict {

// A collector that gives up after seconds loses records as one that gives up at once does, only
// later; no contract of the course bounds a wait of its own by time.
inline constexpr const char* kPatience = "--patience-seconds=60";

struct ExploreOptions {
  int bound = 2;                            // Preemptions.
  int budget_seconds = 30;                  // A test.
  std::string replay;                       // A token: runs that schedule only.
  std::string tests = "*";                  // GoogleTest's filter.
  const std::atomic<bool>* stop = nullptr;  // Set: ends at once, with what is known.
  std::function<void(std::size_t done, int of)> on_test;
};

// What the explorer says of a program of tests.
struct Exploration {
  Verdict verdict = Verdict::kCannotJudge;
  std::string reason;               // Of a verdict that no story tells.
  std::vector<story::Story> tests;  // In the program's order, as far as it came.
  int told = -1;                    // The one to tell, of `tests`: a finding that takes the fewest
                                    // preemptions; -1 when nothing was found.
  bool usage = false;               // The options are off, `reason` says how.
  int schedules = 0;
  int sampled = 0;         // Beyond the bound, drawn at random.
  int bound = 0;           // Up to which all tests were explored, or the story told was found.
  bool exhausted = false;  // All schedules of all tests up to it.
  double seconds = 0;
};

// Runs <pair>.explore as a bounded process. The program is not trusted.
Exploration explore(const std::filesystem::path& program, const ExploreOptions& options);

}  // namespace lab::verdict
