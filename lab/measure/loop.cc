#include "lab/measure/loop.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "lab/measure/bench.h"
#include "lab/measure/phases.h"
#include "lab/measure/rows.h"
#include "lab/scratch.h"
#include "lab/verdict/process.h"

namespace lab::measure {
namespace {

namespace fs = std::filesystem;

constexpr auto kRunLimit = std::chrono::minutes(5);
constexpr int kRacyVerdict = 10;
constexpr const char* kScenario = "02_map_read_write";

double median_of(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::string read(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A learner's save: the same text with a constant that no earlier save had. A comment would not
// do: Go compiles it to what it had, and then neither links nor tests again.
void save(const fs::path& from, const fs::path& to, int run) {
  const char* form = to.extension() == ".go"
                         ? "{}\nvar Saved = {}\n"
                         : "{}\nextern const int saved;\nconst int saved = {};\n";
  std::ofstream(to) << fmt::format(fmt::runtime(form), read(from),
                                   getpid() * 1000LL % 1'000'000'000 + run);
}

// Both sides of one exercise, in a folder of their own.
struct Pair {
  std::string what;
  fs::path header;  // The C++ collector.
  fs::path go;      // The Go collector.
  bool is_racy = false;
  fs::path folder;
};

struct Sample {
  double seconds = 0;
  std::map<std::string, double> phases;
  verdict::Outcome outcome;
};

Sample timed(const verdict::Command& command) {
  Sample sample;
  PhaseWatch phases;
  const auto began = std::chrono::steady_clock::now();
  sample.outcome = verdict::run(command, {.time = kRunLimit});
  sample.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  sample.phases = phases.end();
  return sample;
}

Sample check(const LoopOptions& options, const Pair& pair, int run) {
  const auto file = pair.folder / "attempt.h";
  save(pair.header, file, run);
  return timed({.arguments = {options.program.string(), "check", file.string(), "--scenario",
                              kScenario, "--json"}});
}

Sample go_test(const Pair& pair, int run) {
  save(pair.go, pair.folder / "go" / "collector.go", run);
  return timed({.arguments = {"go", "test", "-race", "-count=1", "."},
                .environment = {"GOFLAGS=-mod=mod", "GOPROXY=off", "GOTOOLCHAIN=local"},
                .folder = pair.folder / "go"});
}

// What the sample shows goes into the side, unless it answered something else than is known.
void take(const Sample& sample, bool as_known, LoopSide& side,
          std::map<std::string, std::vector<double>>& phases) {
  if (!as_known) {
    side.problem = fmt::format("a wrong answer (exit {}): {}", sample.outcome.exit_code,
                               sample.outcome.output.substr(0, 300));
    return;
  }
  side.seconds.push_back(sample.seconds);
  for (const auto& [phase, seconds] : sample.phases) phases[phase].push_back(seconds);
}

void conclude(LoopSide& side, const std::map<std::string, std::vector<double>>& phases) {
  for (const auto& [phase, values] : phases) {
    auto all = values;
    all.resize(std::max(all.size(), side.seconds.size()));  // Not seen in a run: none of its time.
    side.phases[phase] = median_of(all);
  }
}

std::string go_version() {
  const auto outcome = verdict::run({.arguments = {"go", "version"}}, {.time = kRunLimit});
  if (!outcome.started || outcome.exit_code != 0) return "";
  auto version = outcome.output;
  version.erase(std::remove(version.begin(), version.end(), '\n'), version.end());
  return version;
}

double load_now() {
  double loads[1] = {0};
  return getloadavg(loads, 1) == 1 ? loads[0] : 0;
}

LoopRow run_pair(const LoopOptions& options, const Pair& pair, bool with_go, int& done, int all) {
  LoopRow row{.what = pair.what, .check = {}, .go = {}};
  std::map<std::string, std::vector<double>> check_phases, go_phases;
  // Run 0 builds what is built once: the judge's parts, Go's library with its race detector.
  for (int run = 0; run <= options.runs && !(options.stop && *options.stop); ++run) {
    auto sample = check(options, pair, run);
    const bool as_known = sample.outcome.exit_code == (pair.is_racy ? kRacyVerdict : 0);
    if (run > 0 || !as_known) take(sample, as_known, row.check, check_phases);
    if (with_go) {
      sample = go_test(pair, run);
      const bool go_known = (sample.outcome.exit_code != 0) == pair.is_racy;
      if (run > 0 || !go_known) take(sample, go_known, row.go, go_phases);
    }
    if (options.progress) options.progress(++done, all);
    if (!row.check.problem.empty() || !row.go.problem.empty()) break;
  }
  conclude(row.check, check_phases);
  conclude(row.go, go_phases);
  return row;
}

nlohmann::ordered_json side_json(const LoopSide& side) {
  nlohmann::ordered_json json = {
      {"median_s", side.median()}, {"seconds", side.seconds}, {"phases_s", side.phases}};
  if (!side.problem.empty()) json["problem"] = side.problem;
  return json;
}

std::string seconds_text(double seconds) { return fmt::format("{:.2f} s", seconds); }

Rows phase_rows(const Loop& loop) {
  Rows rows = {{"where the time goes"}};
  std::set<std::string> phases;
  for (const auto& row : loop.rows) {
    for (const auto& [what, side] : {std::pair{"check ", &row.check}, {"go ", &row.go}}) {
      rows[0].push_back(what + row.what);
      for (const auto& [phase, seconds] : side->phases) phases.insert(phase);
    }
  }
  for (const auto& phase : phases) {
    std::vector<std::string> cells = {phase};
    for (const auto& row : loop.rows) {
      for (const auto* side : {&row.check, &row.go}) {
        const auto found = side->phases.find(phase);
        cells.push_back(found == side->phases.end() ? "–" : seconds_text(found->second));
      }
    }
    rows.push_back(cells);
  }
  return rows;
}

}  // namespace

double LoopSide::median() const { return median_of(seconds); }

Loop run_loop(const LoopOptions& options) {
  Loop loop{.date = today(),
            .processor = processor_name(),
            .cores = static_cast<int>(std::thread::hardware_concurrency()),
            .load = load_now(),
            .go_version = go_version(),
            .rows = {}};
  const Scratch scratch("loop");
  const auto& folder = scratch.folder();
  const auto go = options.root / "bench" / "loop" / "go";
  const std::vector<Pair> pairs = {{"racy", options.root / "scenarios" / kScenario / "racy.h",
                                    go / "racy" / "collector.go", true, folder / "racy"},
                                   {"mutex", options.root / "fixes" / kScenario / "mutex.h",
                                    go / "mutex" / "collector.go", false, folder / "mutex"}};
  int done = 0;
  for (const auto& pair : pairs) {
    fs::create_directories(pair.folder / "go");
    for (const char* file : {"go.mod", "collector_test.go"}) {
      fs::copy_file(go / file, pair.folder / "go" / file, fs::copy_options::overwrite_existing);
    }
    loop.rows.push_back(run_pair(options, pair, !loop.go_version.empty(), done,
                                 static_cast<int>(pairs.size()) * (options.runs + 1)));
  }
  return loop;
}

nlohmann::ordered_json to_json(const Loop& loop) {
  auto rows = nlohmann::ordered_json::array();
  for (const auto& row : loop.rows) {
    rows.push_back(
        {{"file", row.what}, {"check", side_json(row.check)}, {"go", side_json(row.go)}});
    if (row.ratio() > 0) rows.back()["ratio"] = row.ratio();
  }
  return {{"date", loop.date}, {"processor", loop.processor}, {"cores", loop.cores},
          {"load", loop.load}, {"go", loop.go_version},       {"rows", rows}};
}

std::string to_text(const Loop& loop) {
  std::string text =
      fmt::format("{}, {} cores, load {:.1f} at the start{}\n\n", loop.processor, loop.cores,
                  loop.load, loop.go_version.empty() ? "" : ", " + loop.go_version);
  Rows rows = {{"save to verdict, median", "racelab check", "go test -race", "ratio"}};
  for (const auto& row : loop.rows) {
    const bool has_go = !row.go.seconds.empty();
    rows.push_back({fmt::format("{}, {} runs", row.what, row.check.seconds.size()),
                    row.check.seconds.empty() ? "–" : seconds_text(row.check.median()),
                    has_go ? seconds_text(row.go.median()) : "–",
                    has_go ? fmt::format("{:.2f}", row.ratio()) : "–"});
  }
  text += text_table(rows) + "\n" + text_table(phase_rows(loop));
  text += "\nPhases that run side by side count each in full; rest is the program itself.\n";
  for (const auto& row : loop.rows) {
    for (const auto* side : {&row.check, &row.go}) {
      if (!side->problem.empty()) text += fmt::format("{}: {}\n", row.what, side->problem);
    }
  }
  if (loop.go_version.empty()) {
    text +=
        "There is no Go here to compare with: apt-get install --no-install-recommends "
        "golang-go\n";
  }
  return text;
}

}  // namespace lab::measure
