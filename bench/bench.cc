// Measures one variant of a scenario's collector. The build compiles this for each; "collector.h"
// includes the variant, RACELAB_COLLECTOR names its class.
//   --threads=1,2,4 --seconds=0.2 --repetitions=5
// `seconds` is how long a repetition lasts at least. Prints a line of JSON when it begins, and one
// for each mix of calls and number of threads; lab/measure/ reads them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "collector.h"
#include "lab/view/host/queries.h"
#include "redis/session.h"

namespace {

using Collector = RACELAB_COLLECTOR;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kSampledOf = 16;      // One call of so many is timed.
constexpr std::size_t kSamplesMax = 1 << 16;  // A thread and a repetition.

#ifdef __clang__
const std::string kCompiler = "clang " + std::to_string(__clang_major__) + "." +
                              std::to_string(__clang_minor__) + "." +
                              std::to_string(__clang_patchlevel__);
#else
const std::string kCompiler = "g++ " __VERSION__;
#endif

struct Mix {
  const char* name;
  std::uint32_t queries_percent;
};
constexpr Mix kMixes[] = {{"read_mostly", 95}, {"write_mostly", 5}};

struct Options {
  std::vector<int> threads = {1, 2, 4};
  double seconds = 0.2;
  int repetitions = 5;
};

// What the threads of one repetition share. Made and ended outside the time that is measured.
struct Subject {
  Collector collector;
  Collector other;  // For queries that take a second collector.
};
std::unique_ptr<Subject> subject;

// Durations of single calls, in nanoseconds.
struct Samples {
  std::int64_t iterations = 0;  // Of each thread in the repetition that they are of.
  std::vector<std::int64_t> queries, adds;
};
std::mutex samples_mutex;  // Guards samples.
Samples samples;

// Google Benchmark first looks for the number of iterations that takes long enough: what those
// trials sampled is dropped once a longer repetition comes.
void keep(std::int64_t iterations, const Samples& more) {
  const std::lock_guard lock(samples_mutex);
  if (iterations > samples.iterations) samples = {iterations, {}, {}};
  samples.queries.insert(samples.queries.end(), more.queries.begin(), more.queries.end());
  samples.adds.insert(samples.adds.end(), more.adds.begin(), more.adds.end());
}

// Calls the first query that answers something, and reads the answer. Returns its name.
const char* query(Collector& collector, Collector& other, const std::string& key) {
  const char* name = nullptr;
  lab::view::each_query(collector, other, key,
                        [&name](const char* each, const std::string&, const auto& call) {
                          if constexpr (!std::is_void_v<std::invoke_result_t<decltype(call)>>) {
                            if (name) return;
                            name = each;
                            benchmark::DoNotOptimize(call());
                          }
                        });
  return name;
}

void make_subject() {
  subject = std::make_unique<Subject>();
  for (const auto& record : redis::recorded_session()) subject->collector.add(record);
}

void set_up(const benchmark::State&) { make_subject(); }

void tear_down(const benchmark::State&) { subject.reset(); }

// xorshift32 (Marsaglia, Xorshift RNGs, 2003): cheap beside the calls that it chooses.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : state_(seed * 2654435761U + 1) {}
  std::uint32_t below(std::uint32_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ % bound;
  }

 private:
  std::uint32_t state_;
};

// What each thread does: walks through the session from a place of its own, and adds the record or
// asks for its key.
void calls(benchmark::State& state, const Mix& mix) {
  const auto& session = redis::recorded_session();
  auto at = session.size() * static_cast<std::size_t>(state.thread_index()) /
            static_cast<std::size_t>(state.threads());
  Chance chance(static_cast<std::uint32_t>(state.thread_index()) + 1);
  auto& [collector, other] = *subject;
  Samples mine;
  mine.queries.reserve(kSamplesMax);
  mine.adds.reserve(kSamplesMax);
  for ([[maybe_unused]] auto _ : state) {
    const auto& record = session[at];
    if (++at == session.size()) at = 0;
    const bool is_query = chance.below(100) < mix.queries_percent;
    auto& times = is_query ? mine.queries : mine.adds;
    const bool is_sampled = chance.below(kSampledOf) == 0 && times.size() < kSamplesMax;
    const auto began = is_sampled ? Clock::now() : Clock::time_point{};
    if (is_query) {
      query(collector, other, record.key);
    } else {
      collector.add(record);
    }
    if (is_sampled) times.push_back((Clock::now() - began) / std::chrono::nanoseconds(1));
  }
  keep(state.iterations(), mine);
}

// "p50":...,"p99":...; a quantile that too few samples lie beyond is left out.
std::string quantiles(std::vector<std::int64_t>& times) {
  std::sort(times.begin(), times.end());
  std::ostringstream out;
  const auto size = times.size();
  out << "{\"samples\":" << size;
  if (size >= 20) out << ",\"p50\":" << times[size / 2];
  if (size >= 1'000) out << ",\"p99\":" << times[size * 99 / 100];
  if (size >= 10'000) out << ",\"p99_9\":" << times[size * 999 / 1000];
  out << "}";
  return out.str();
}

class Reporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  // Called once a mix and number of threads, with all repetitions.
  void ReportRuns(const std::vector<Run>& runs) override {
    std::ostringstream rates;
    std::string name;
    std::int64_t threads = 0;
    for (const auto& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      name = run.run_name.function_name;
      threads = run.threads;
      rates << (rates.str().empty() ? "" : ",")
            << static_cast<std::int64_t>(static_cast<double>(run.iterations) /
                                         std::max(run.real_accumulated_time, 1e-9));
    }
    if (threads == 0) return;  // The library's own means and medians of the same.
    const std::lock_guard lock(samples_mutex);
    std::printf("{\"mix\":\"%s\",\"threads\":%d,\"calls_per_s\":[%s],\"query\":%s,\"add\":%s}\n",
                name.c_str(), static_cast<int>(threads), rates.str().c_str(),
                quantiles(samples.queries).c_str(), quantiles(samples.adds).c_str());
    std::fflush(stdout);
    samples = {};
  }
};

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const auto value =
        std::string(argument.substr(std::min(argument.find('=') + 1, argument.size())));
    if (argument.starts_with("--threads=")) {
      options.threads.clear();
      std::istringstream list(value);
      for (std::string each; std::getline(list, each, ',');) {
        options.threads.push_back(std::clamp(std::atoi(each.c_str()), 1, 256));
      }
    } else if (argument.starts_with("--seconds=")) {
      options.seconds = std::clamp(std::atof(value.c_str()), 0.001, 60.0);
    } else if (argument.starts_with("--repetitions=")) {
      options.repetitions = std::clamp(std::atoi(value.c_str()), 1, 1000);
    } else {
      std::fprintf(stderr, "bench: cannot take '%s'\n", argv[i]);
      std::exit(2);
    }
  }
  return options;
}

// The query's name and the session's numbers of records and keys.
void print_beginning() {
  std::set<std::string> keys;
  for (const auto& record : redis::recorded_session()) keys.insert(record.key);
  make_subject();
  const char* name = query(subject->collector, subject->other, *keys.rbegin());
  subject.reset();
  std::printf("{\"query\":\"%s\",\"records\":%zu,\"keys\":%zu,\"compiler\":\"%s\"}\n",
              name ? name : "", redis::recorded_session().size(), keys.size(), kCompiler.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = options_of(argc, argv);
  print_beginning();
  for (const auto& mix : kMixes) {
    for (const int threads : options.threads) {
      benchmark::RegisterBenchmark(mix.name, calls, mix)
          ->Threads(threads)
          ->UseRealTime()
          ->MinTime(options.seconds)
          ->Repetitions(options.repetitions)
          ->Setup(set_up)
          ->Teardown(tear_down);
    }
  }
  Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
}
