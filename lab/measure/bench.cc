#include "lab/measure/bench.h"

#include <fmt/core.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "lab/verdict/process.h"

namespace lab::measure {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kRepetitions = 5;
constexpr int kThreadsMax = 64;
// Google Benchmark's trials before it measures, and collectors made and filled, come on top.
constexpr double kTrialsFactor = 2.5;

Latency latency_of(const Json& json) {
  const auto value = [&json](const char* key) {
    return json.contains(key) ? std::optional(json.at(key).get<double>()) : std::nullopt;
  };
  return {.p50 = value("p50"), .p99 = value("p99"), .p99_9 = value("p99_9")};
}

Json latency_json(const Latency& latency) {
  Json json = Json::object();
  if (latency.p50) json["p50"] = *latency.p50;
  if (latency.p99) json["p99"] = *latency.p99;
  if (latency.p99_9) json["p99_9"] = *latency.p99_9;
  return json;
}

Cell cell_of(const Json& json) {
  return {.mix = json.at("mix"),
          .threads = json.at("threads"),
          .rates = json.at("calls_per_s"),
          .query = latency_of(json.at("query")),
          .add = latency_of(json.at("add"))};
}

// The lines of JSON among what a program wrote.
std::vector<Json> json_lines(const std::string& output) {
  std::vector<Json> lines;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with('{')) continue;
    auto json = Json::parse(line, nullptr, false);
    if (!json.is_discarded()) lines.push_back(std::move(json));
  }
  return lines;
}

std::string joined(const std::vector<int>& numbers) {
  std::string text;
  for (const int number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
  return text;
}

std::string why_short(const verdict::Outcome& outcome) {
  if (!outcome.started) return "it could not be started: " + outcome.output;
  if (outcome.timed_out) return "it did not come to its end";
  if (outcome.out_of_memory) return "it used more memory than it may";
  if (outcome.signal != 0) return fmt::format("it was ended by signal {}", outcome.signal);
  return fmt::format("it exited with {}", outcome.exit_code);
}

std::vector<int> threads_of(const std::string& variant, const BenchOptions& options) {
  // The racy collector is only right on one thread.
  return variant == "racy" ? std::vector<int>{1} : options.threads;
}

double program_seconds(const std::string& variant, const BenchOptions& options) {
  return 2 * options.seconds * static_cast<double>(threads_of(variant, options).size());
}

std::string variant_of(const std::string& target) {
  const auto start = target.find('.') + 1;
  return target.substr(start, target.rfind('.') - start);
}

Measured run_program(const std::string& target, const fs::path& tree, const BenchOptions& options,
                     ScenarioBench& scenario) {
  Measured measured{.variant = variant_of(target), .cells = {}, .problem = {}};
  const auto threads = threads_of(measured.variant, options);
  const int repetitions = options.seconds < 0.5 ? 1 : kRepetitions;
  const verdict::Command command{
      .arguments = {(tree / "bin" / target).string(), "--threads=" + joined(threads),
                    fmt::format("--seconds={}", options.seconds / repetitions),
                    fmt::format("--repetitions={}", repetitions)}};
  const auto limit = 30 + 10 * kTrialsFactor * program_seconds(measured.variant, options);
  verdict::Watch watch;
  watch.poll = [&options](int, bool) { return options.stop && *options.stop; };
  const auto outcome = verdict::run(
      command, {.time = std::chrono::milliseconds(static_cast<std::int64_t>(limit * 1000))}, watch);
  for (const auto& line : json_lines(outcome.output)) {
    if (line.contains("mix")) {
      measured.cells.push_back(cell_of(line));
    } else if (line.contains("keys")) {
      scenario.query = line.at("query");
      scenario.records = line.at("records");
      scenario.keys = line.at("keys");
      scenario.compiler = line.at("compiler");
    }
  }
  if (outcome.exit_code != 0 || measured.cells.size() != 2 * threads.size()) {
    measured.problem = why_short(outcome);
  }
  return measured;
}

}  // namespace

double Cell::rate() const {
  if (rates.empty()) return 0;
  auto sorted = rates;
  std::sort(sorted.begin(), sorted.end());
  return sorted[sorted.size() / 2];
}

double Cell::spread() const {
  if (rates.empty() || rate() <= 0) return 0;
  const auto [low, high] = std::minmax_element(rates.begin(), rates.end());
  return (*high - *low) / rate();
}

const Cell* Measured::cell(const std::string& mix, int threads) const {
  const auto found = std::find_if(cells.begin(), cells.end(), [&](const Cell& cell) {
    return cell.mix == mix && cell.threads == threads;
  });
  return found == cells.end() ? nullptr : &*found;
}

const Measured* ScenarioBench::variant(const std::string& name) const {
  const auto found = std::find_if(variants.begin(), variants.end(),
                                  [&](const Measured& each) { return each.variant == name; });
  return found == variants.end() ? nullptr : &*found;
}

std::vector<std::string> bench_targets(const course::Scenario& scenario) {
  std::vector<std::string> targets;
  bool has_bare = false;
  for (const auto& variant : scenario.variants) {
    if (variant.kind == course::Kind::kRacy) {
      // scenarios/NN/racy.h -> bench/bare/NN.h of the same checkout.
      const auto root = variant.header.parent_path().parent_path().parent_path();
      has_bare = fs::exists(root / "bench" / "bare" / (scenario.id + ".h"));
    }
    if (variant.kind == course::Kind::kRacy || variant.kind == course::Kind::kFix) {
      targets.push_back(variant.pair() + ".bench");
    }
  }
  if (has_bare) targets.push_back(scenario.id + ".bare.bench");
  return targets;
}

ScenarioBench run_bench(const course::Scenario& scenario, const fs::path& tree,
                        const BenchOptions& options) {
  ScenarioBench result;
  result.scenario = scenario.id;
  result.threads = options.threads;
  for (const auto& target : bench_targets(scenario)) {
    if (options.stop && *options.stop) break;
    if (options.progress) options.progress(scenario.id + "/" + variant_of(target));
    result.variants.push_back(run_program(target, tree, options, result));
  }
  return result;
}

double expected_seconds(const course::Scenario& scenario, const BenchOptions& options) {
  double seconds = 0;
  for (const auto& target : bench_targets(scenario)) {
    seconds += 0.2 + kTrialsFactor * program_seconds(variant_of(target), options);
  }
  return seconds;
}

std::vector<int> usual_threads() {
  const int cores =
      std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 4, kThreadsMax);
  std::vector<int> threads;
  for (int count = 1; count <= cores; count *= 2) threads.push_back(count);
  return threads;
}

std::string processor_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &utc);
  return text;
}

Json to_json(const Bench& bench) {
  auto scenarios = Json::array();
  for (const auto& scenario : bench.scenarios) {
    auto variants = Json::array();
    for (const auto& measured : scenario.variants) {
      auto cells = Json::array();
      for (const auto& cell : measured.cells) {
        cells.push_back({{"mix", cell.mix},
                         {"threads", cell.threads},
                         {"calls_per_s", cell.rates},
                         {"query", latency_json(cell.query)},
                         {"add", latency_json(cell.add)}});
      }
      variants.push_back({{"variant", measured.variant}, {"cells", cells}});
      if (!measured.problem.empty()) variants.back()["problem"] = measured.problem;
    }
    scenarios.push_back({{"scenario", scenario.scenario},
                         {"query", scenario.query},
                         {"records", scenario.records},
                         {"keys", scenario.keys},
                         {"threads", scenario.threads},
                         {"variants", variants},
                         {"findings", findings(scenario)}});
  }
  return {{"date", bench.date},         {"processor", bench.processor}, {"cores", bench.cores},
          {"compiler", bench.compiler}, {"seconds", bench.seconds},     {"scenarios", scenarios}};
}

Bench bench_from_json(const Json& json) {
  try {
    Bench bench{.date = json.at("date"),
                .processor = json.at("processor"),
                .cores = json.at("cores"),
                .compiler = json.at("compiler"),
                .seconds = json.at("seconds"),
                .scenarios = {}};
    for (const auto& each : json.at("scenarios")) {
      ScenarioBench scenario{.scenario = each.at("scenario"),
                             .query = each.at("query"),
                             .records = each.at("records"),
                             .keys = each.at("keys"),
                             .threads = each.at("threads"),
                             .compiler = bench.compiler,
                             .variants = {}};
      for (const auto& variant : each.at("variants")) {
        Measured measured{.variant = variant.at("variant"),
                          .cells = {},
                          .problem = variant.value("problem", std::string())};
        for (const auto& cell : variant.at("cells")) measured.cells.push_back(cell_of(cell));
        scenario.variants.push_back(std::move(measured));
      }
      bench.scenarios.push_back(std::move(scenario));
    }
    return bench;
  } catch (const Json::exception& error) {
    throw std::runtime_error(std::string("this is no result of racelab bench --json: ") +
                             error.what());
  }
}

}  // namespace lab::measure
