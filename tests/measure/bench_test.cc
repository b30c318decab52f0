// What `racelab bench` says of figures: given here, so that the sentences can be known.
#include "lab/measure/bench.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "lab/measure/rows.h"

namespace lab::measure {
namespace {

Cell cell(const std::string& mix, int threads, double rate) {
  return {.mix = mix,
          .threads = threads,
          .rates = {rate * 0.99, rate, rate * 1.01},
          .query = {.p50 = 1e9 / rate, .p99 = 3e9 / rate, .p99_9 = 9e9 / rate},
          .add = {.p50 = 2e9 / rate, .p99 = 3e9 / rate, .p99_9 = {}}};
}

// On one thread and on two, read-mostly and write-mostly.
Measured measured(const std::string& variant, double one, double two) {
  return {.variant = variant,
          .cells = {cell("read_mostly", 1, one), cell("read_mostly", 2, two),
                    cell("write_mostly", 1, one), cell("write_mostly", 2, two)},
          .problem = {}};
}

ScenarioBench example() {
  ScenarioBench scenario{.scenario = "02_map_read_write",
                         .query = "find",
                         .records = 100,
                         .keys = 10,
                         .threads = {1, 2},
                         .compiler = "clang 19.1.7",
                         .variants = {}};
  scenario.variants = {measured("mutex", 10e6, 5e6), measured("rwlock", 8e6, 6e6),
                       measured("sharded_map", 10.1e6, 15e6),
                       measured("message_passing", 1e6, 0.5e6), measured("bare", 8e6, 12e6)};
  scenario.variants.push_back(
      {.variant = "racy",
       .cells = {cell("read_mostly", 1, 20e6), cell("write_mostly", 1, 20e6)},
       .problem = {}});
  return scenario;
}

std::string all_findings(const ScenarioBench& scenario) {
  std::string text;
  for (const auto& sentence : findings(scenario)) text += sentence + "\n";
  return text;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Bench, SaysWhereTheReadWriteLockLosesAndWhereItWins) {
  const auto text = all_findings(example());
  EXPECT_TRUE(has(text, "rwlock loses to mutex read-mostly on 1 thread (20% fewer calls)")) << text;
  EXPECT_TRUE(has(text, "rwlock beats mutex read-mostly on 2 threads (20% more calls)")) << text;
}

TEST(Bench, SaysWhereShardingPaysAndNothingOfADifferenceWithinNoise) {
  const auto text = all_findings(example());
  EXPECT_TRUE(
      has(text, "Sharding pays, beside mutex, read-mostly on 2 threads (3.0 times the calls)"))
      << text;
  EXPECT_FALSE(has(text, "Sharding costs")) << text;
}

TEST(Bench, SaysNothingOfADifferenceThatRepetitionsShowToo) {
  auto scenario = example();
  for (auto& each : scenario.variants) {
    for (auto& one : each.cells) one.rates = {one.rates[1] * 0.5, one.rates[1], one.rates[1] * 1.5};
  }
  EXPECT_TRUE(has(all_findings(scenario), "rwlock and mutex do about the same everywhere."));
}

TEST(Bench, SaysWhatMessagePassingAndLockingCost) {
  const auto text = all_findings(example());
  EXPECT_TRUE(has(text,
                  "Message passing, read-mostly on 2 threads: a call costs 10.0 times the "
                  "mutex's, and find() takes 2.0 us at the median instead of 200 ns."))
      << text;
  EXPECT_TRUE(has(text, "100 ns a call instead of 50 read-mostly")) << text;
}

TEST(Bench, SaysByHowMuchTheShardedMapBeatsTheBareMap) {
  EXPECT_TRUE(has(all_findings(example()),
                  "sharded_map beats a bare TBB map read-mostly on 1 thread (26% more calls)"));
}

TEST(Bench, ComparesNothingThatWasMeasuredOnce) {
  auto scenario = example();
  for (auto& each : scenario.variants) {
    for (auto& one : each.cells) one.rates.resize(1);
  }
  ASSERT_EQ(findings(scenario).size(), 1U);
  EXPECT_TRUE(has(findings(scenario)[0], "too briefly"));
}

TEST(Bench, SaysWhatWasNotMeasured) {
  auto scenario = example();
  scenario.variants[1].cells.clear();
  scenario.variants[1].problem = "it did not come to its end";
  const auto text = all_findings(scenario);
  EXPECT_TRUE(has(text, "rwlock has no whole result: it did not come to its end.")) << text;
  EXPECT_FALSE(has(text, "rwlock loses")) << text;
  EXPECT_TRUE(has(to_text(scenario), "rwlock")) << "a row of dashes, not none";
}

TEST(Bench, ComesBackFromJsonAsItWas) {
  const Bench bench{.date = "2026-01-02",
                    .processor = "a processor",
                    .cores = 2,
                    .compiler = "clang 19.1.7",
                    .seconds = 1,
                    .scenarios = {example()}};
  const auto json = to_json(bench);
  EXPECT_EQ(to_json(bench_from_json(json)), json);
  EXPECT_THROW(bench_from_json(nlohmann::ordered_json::object()), std::runtime_error);
  EXPECT_THROW(bench_from_json(nlohmann::ordered_json(3)), std::runtime_error);
}

TEST(Bench, ShowsEachVariantInEachTableOnceInOrder) {
  const auto text = to_text(example());
  std::size_t at = 0;
  for (int tables = 0; tables < 2; ++tables) {
    for (const char* name : {"racy, one thread", "mutex", "rwlock", "sharded_map",
                             "message_passing", "bare TBB map"}) {
      at = text.find(std::string("\n") + name + " ", at);
      ASSERT_NE(at, std::string::npos) << name << "\n" << text;
    }
  }
}

TEST(Bench, DrawsALineAVariantAndStyleForLightAndDark) {
  for (const auto& svg : {throughput_svg(example()), latency_svg(example())}) {
    EXPECT_TRUE(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    EXPECT_TRUE(has(svg, "prefers-color-scheme: dark"));
    EXPECT_TRUE(has(svg, "message_passing"));
    EXPECT_FALSE(has(svg, "nan") || has(svg, "inf")) << svg;
  }
  const auto svg = throughput_svg(example());
  std::size_t lines = 0;
  for (auto at = svg.find("<polyline"); at != std::string::npos;
       at = svg.find("<polyline", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, 2 * example().variants.size());
}

TEST(Bench, DrawsNothingWhereNothingWasMeasured) {
  auto scenario = example();
  for (auto& each : scenario.variants) each.cells.clear();
  for (const auto& svg : {throughput_svg(scenario), latency_svg(scenario)}) {
    EXPECT_FALSE(has(svg, "nan") || has(svg, "inf") || has(svg, "<polyline")) << svg;
  }
  EXPECT_NE(to_text(scenario), "");
}

TEST(Rows, ShowRatesAndDurationsInFewDigits) {
  EXPECT_EQ(shown_rate(12'345'678), "12,346k");
  EXPECT_EQ(shown_rate(640), "0.6k");
  EXPECT_EQ(shown_duration(85), "85 ns");
  EXPECT_EQ(shown_duration(1'230), "1.2 us");
  EXPECT_EQ(shown_duration(2'500'000), "2.5 ms");
}

}  // namespace
}  // namespace lab::measure
