#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lab/course/course.h"

// What each fix of a scenario costs, measured by its programs of bench/. Figures are of the
// machine, the compiler and the day that a Bench names.
namespace lab::measure {

// Of single calls, in nanoseconds; none where too few were sampled to say.
struct Latency {
  std::optional<double> p50, p99, p99_9;
};

// One mix of calls on one number of threads.
struct Cell {
  std::string mix;  // "read_mostly" (95% queries), "write_mostly" (5%)
  int threads = 0;
  std::vector<double> rates;  // Calls a second by all threads together, of each repetition.
  Latency query, add;

  double rate() const;    // The median repetition's.
  double spread() const;  // From the slowest repetition to the fastest, as a part of rate().
  // Of the calls that the mix mostly makes.
  const Latency& latency() const { return mix == "read_mostly" ? query : add; }
};

struct Measured {
  std::string variant;  // "mutex"; "racy" is the baseline, on one thread; "bare" of bench/bare/
  std::vector<Cell> cells;
  std::string problem;  // Why cells are missing, when some are.

  const Cell* cell(const std::string& mix, int threads) const;  // Null when it is missing.
};

struct ScenarioBench {
  std::string scenario;
  std::string query;  // "find": what the queries of the mixes call.
  int records = 0, keys = 0;
  std::vector<int> threads;  // As measured, ascending.
  std::string compiler;      // "clang 19.1.7"
  std::vector<Measured> variants;

  const Measured* variant(const std::string& name) const;  // Null when there is none.
};

struct Bench {
  std::string date;  // "2026-11-25"
  std::string processor;
  int cores = 0;
  std::string compiler;
  double seconds = 0;  // Of each cell: repetitions times their length.
  std::vector<ScenarioBench> scenarios;
};

struct BenchOptions {
  double seconds = 1;  // Of each cell.
  std::vector<int> threads;
  std::atomic<bool>* stop = nullptr;
  std::function<void(const std::string& what)> progress;
};

// The programs of a scenario, as targets of the release tree: "02_map_read_write.mutex.bench".
std::vector<std::string> bench_targets(const course::Scenario& scenario);

// Runs a scenario's programs, which must be built in `tree`. A program that does not come to its
// end leaves a problem, not figures. About this many seconds: expected_seconds().
ScenarioBench run_bench(const course::Scenario& scenario, const std::filesystem::path& tree,
                        const BenchOptions& options);
double expected_seconds(const course::Scenario& scenario, const BenchOptions& options);

// 1, 2, 4, ... up to the cores, at least to 4.
std::vector<int> usual_threads();
std::string processor_name();
std::string today();

nlohmann::ordered_json to_json(const Bench& bench);
// Throws std::runtime_error when it is not what to_json() wrote.
Bench bench_from_json(const nlohmann::ordered_json& json);

// What the figures of a scenario say, in sentences: where the read-write lock loses to the mutex,
// where sharding pays, what message passing costs, what locking costs at all. Nothing is said of a
// difference that is within what repetitions differ by.
std::vector<std::string> findings(const ScenarioBench& scenario);

// Tables, for a terminal and as Markdown.
std::string to_text(const ScenarioBench& scenario);
std::string to_markdown(const Bench& bench, const ScenarioBench& scenario);

// A plot of the throughput over threads, and one of latencies, readable on light and dark pages.
std::string throughput_svg(const ScenarioBench& scenario);
std::string latency_svg(const ScenarioBench& scenario);

}  // namespace lab::measure
