#include <fmt/core.h>

#include "lab/measure/bench.h"
#include "lab/measure/rows.h"

namespace lab::measure {
namespace {

const std::vector<std::string> kMixes = {"read_mostly", "write_mostly"};

std::string title(const std::string& mix, const std::string& query) {
  return mix == "read_mostly" ? fmt::format("read-mostly: 95% {0}(), 5% add()", query)
                              : fmt::format("write-mostly: 5% {0}(), 95% add()", query);
}

Rows rows_of(const ScenarioBench& scenario, const std::string& mix) {
  const int most = scenario.threads.empty() ? 1 : scenario.threads.back();
  Rows rows = {{"calls a second on"}};
  for (const int threads : scenario.threads) {
    rows[0].push_back(fmt::format("{} thread{}", threads, threads == 1 ? "" : "s"));
  }
  const auto call = mix == "read_mostly" ? scenario.query : std::string("add");
  rows[0].push_back(fmt::format("{}() on {}: p50", call, most));
  rows[0].insert(rows[0].end(), {"p99", "p99.9"});
  for (const auto* measured : in_order(scenario)) {
    std::vector<std::string> row = {shown_name(measured->variant)};
    for (const int threads : scenario.threads) {
      const auto* cell = measured->cell(mix, threads);
      row.push_back(cell ? shown_rate(cell->rate()) : "–");
    }
    const auto* cell = measured->cell(mix, measured->variant == "racy" ? 1 : most);
    const auto latency = cell ? cell->latency() : Latency{};
    for (const auto& value : {latency.p50, latency.p99, latency.p99_9}) {
      row.push_back(value ? shown_duration(*value) : "–");
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string to_text(const ScenarioBench& scenario) {
  std::string text = fmt::format("{}: {} records of the recorded session, {} keys\n",
                                 scenario.scenario, scenario.records, scenario.keys);
  for (const auto& mix : kMixes) {
    text += "\n" + title(mix, scenario.query) + "\n" + text_table(rows_of(scenario, mix));
  }
  text += "\n";
  for (const auto& sentence : findings(scenario)) text += "- " + sentence + "\n";
  return text;
}

std::string to_markdown(const Bench& bench, const ScenarioBench& scenario) {
  auto text = fmt::format(
      "`racelab bench {}` on {}: {} cores of {}, {}, {:g} s a figure, on the recorded session's {} "
      "records of {} keys.\n",
      scenario.scenario, bench.date, bench.cores, bench.processor, bench.compiler, bench.seconds,
      scenario.records, scenario.keys);
  for (const auto& mix : kMixes) {
    text += fmt::format("\n**{}**\n\n{}", title(mix, scenario.query),
                        markdown_table(rows_of(scenario, mix)));
  }
  text += "\n";
  for (const auto& sentence : findings(scenario)) text += "- " + sentence + "\n";
  return text;
}

}  // namespace lab::measure
