#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lab/course/course.h"

// Which tool catches which scenario: each tool is run on the racy collector and on the fixes.
namespace lab::measure {

// A tool of the matrix, and whether it is here.
struct Tool {
  std::string id;       // "helgrind"
  std::string name;     // "Helgrind"
  std::string version;  // "3.19.0", "clang 19.1.7"
  bool once = false;    // It reads the text alone: once is as good as N times.
  std::string missing;  // How to get it, when it is not here.
};

// A tool on one scenario.
struct Catch {
  int caught = 0, caught_of = 0;     // Runs of the racy collector that it flagged for what it is.
  int alarms = 0, alarms_of = 0;     // Runs of the fixes that it flagged.
  std::vector<std::string> flagged;  // The fixes that it flagged, by name.
  std::string not_applicable;        // Why there is nothing to run.
};

struct MatrixRow {
  std::string scenario;
  std::string fault;                     // "data race"
  std::map<std::string, Catch> by_tool;  // By Tool::id; a tool that was not run is not there.
};

struct Matrix {
  std::string date;
  std::string processor;
  int cores = 0;
  int runs = 0;
  std::vector<Tool> tools;
  std::vector<MatrixRow> rows;
};

struct MatrixOptions {
  std::filesystem::path root;   // The checkout.
  std::filesystem::path build;  // build/: holds tsan, tsan-gcc, plain, and what is kept of results.
  int runs = 5;
  int jobs = 2;
  std::vector<std::string> tools;  // Ids; all when empty.
  std::atomic<bool>* stop = nullptr;
  std::function<void(std::size_t done, std::size_t all, const std::string& what)> progress;
};

// The tools in the matrix's order, looked for on this machine.
std::vector<Tool> find_tools();

// The trees that the tools need, each with its targets, for the scenarios' racy collectors and
// fixes: {"tsan": {"canary", "02_map_read_write.racy", ...}, ...}. Only of tools that are here.
std::map<std::string, std::vector<std::string>> matrix_targets(
    const std::vector<course::Scenario>& scenarios, const std::vector<Tool>& tools);

// Runs what was not yet run: results are kept in build/matrix.json as they come, and taken from
// there while the files, the tool and the number of runs are the same. Each process is bounded.
Matrix run_matrix(const std::vector<course::Scenario>& scenarios, const std::vector<Tool>& tools,
                  const MatrixOptions& options);

nlohmann::ordered_json to_json(const Matrix& matrix);
std::string to_text(const Matrix& matrix);
std::string to_markdown(const Matrix& matrix);

// The parts that tests call.

// A copy of a collector with Clang's thread-safety annotations, made from what its mutexes say
// that they guard; empty when they say nothing of the kind.
std::string annotated_copy(const std::string& header);

// Whether an error of Valgrind's XML has a frame in the file, and where `functions` are given, one
// of them.
bool valgrind_flagged(const std::string& xml, const std::filesystem::path& file,
                      const std::vector<std::string>& functions);

// Whether a compiler's or clang-tidy's output has a warning or error in the file.
bool diagnosed(const std::string& output, const std::filesystem::path& file);

}  // namespace lab::measure
