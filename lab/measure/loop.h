#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

// Save to verdict, side by side: `racelab check` of a file that just changed, and `go test -race`
// of the same collector in Go. Sources of the Go side: bench/loop/go/.
namespace lab::measure {

struct LoopOptions {
  std::filesystem::path program;  // racelab
  std::filesystem::path root;     // The checkout.
  int runs = 20;
  std::atomic<bool>* stop = nullptr;
  std::function<void(int done, int all)> progress;
};

struct LoopSide {
  std::vector<double> seconds;           // Of each run.
  std::map<std::string, double> phases;  // Median seconds in each, see PhaseWatch.
  std::string problem;                   // Why it was not measured, or gave a wrong answer.

  double median() const;
};

struct LoopRow {
  std::string what;  // "racy", "mutex"
  LoopSide check, go;

  double ratio() const { return go.median() > 0 ? check.median() / go.median() : 0; }
};

struct Loop {
  std::string date, processor;
  int cores = 0;
  double load = 0;         // Of the machine when it began: above 0.5, figures are not to be quoted.
  std::string go_version;  // Empty when there is no Go; then only `check` was measured.
  std::vector<LoopRow> rows;
};

// Each run saves both files anew, then judges the one and then the other, so that what disturbs
// the machine disturbs both. Builds the judge's prebuilt parts before, and Go's standard library.
Loop run_loop(const LoopOptions& options);

nlohmann::ordered_json to_json(const Loop& loop);
std::string to_text(const Loop& loop);

}  // namespace lab::measure
