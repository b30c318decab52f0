#include "lab/verdict/verify.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sstream>
#include <thread>

#include "lab/cli/building.h"
#include "lab/cli/commands.h"
#include "lab/cli/show_story.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"
#include "lab/report/format/formats.h"

namespace lab::cli {
namespace {

using verdict::Row;

constexpr int kInterrupted = 130;

struct Options {
  std::vector<std::string> selected;
  bool json = false;
  std::string shard;
  std::string junit;
  std::string sarif;
  int runs = 1;
  int jobs = 0;
  bool no_build = false;
  std::string preset;
};

std::atomic<bool> interrupted{false};

// Reads "2/4"; throws CLI::ValidationError.
std::pair<int, int> parse_shard(const std::string& text) {
  int i = 0;
  int n = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%d/%d%c", &i, &n, &rest) != 2 || i < 1 || n < i) {
    throw CLI::ValidationError("--shard", "'" + text + "' is not I/N with 1 <= I <= N");
  }
  return {i, n};
}

std::string counts(const Row& row) {
  std::string result;
  for (const auto& [name, count] : row.verdicts) {
    result += (result.empty() ? "" : ", ") + name;
    if (row.runs > 1) result += fmt::format(" {}/{}", count, row.runs);
  }
  return result;
}

void print_table(const std::vector<Row>& rows, bool colour) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.variant.path().size());
  for (const auto& row : rows) {
    fmt::print("{}  {:<{}}  {}\n", row.ok ? green("ok  ", colour) : red("FAIL", colour),
               row.variant.path(), width, counts(row));
    if (row.ok) continue;
    fmt::print("      {}\n", row.why);
    if (const auto found = explored_finding(row.shown)) {
      show_short_story(*found, called() + " explore " + row.variant.path(), colour);
    }
  }
}

void print_summary(const std::vector<Row>& rows, bool colour) {
  int wrong = 0;
  int runs = 0;
  int caught = 0;
  int caught_of = 0;
  int alarms = 0;
  int alarms_of = 0;
  for (const auto& row : rows) {
    wrong += !row.ok;
    runs += row.runs;
    if (row.variant.kind == course::Kind::kRacy) {
      caught += row.runs_as_stated;
      caught_of += row.runs;
    } else if (row.variant.expected == "pass") {
      alarms += row.runs - row.runs_as_stated;
      alarms_of += row.runs;
    }
  }
  const auto line = fmt::format(
      "{} pairs, {} runs: racy caught as stated {}/{}, false alarms {}/{}, not as stated: {}",
      rows.size(), runs, caught, caught_of, alarms, alarms_of, wrong);
  fmt::print("\n{}\n", wrong == 0 ? green(line, colour) : red(line, colour));
}

nlohmann::ordered_json to_json(const std::vector<Row>& rows) {
  nlohmann::ordered_json pairs = nlohmann::ordered_json::array();
  bool ok = !rows.empty();
  for (const auto& row : rows) {
    ok = ok && row.ok;
    pairs.push_back({{"scenario", row.variant.scenario},
                     {"variant", row.variant.name},
                     {"kind", course::kind_name(row.variant.kind)},
                     {"expected", row.variant.expected},
                     {"verdict", name(row.shown.verdict)},
                     {"ok", row.ok},
                     {"runs", row.runs},
                     {"runs_as_stated", row.runs_as_stated},
                     {"seconds", row.seconds},
                     {"reason", row.ok ? row.shown.reason : row.why}});
  }
  return {{"pairs", pairs}, {"ok", ok}};
}

// The causes in words, then what the program wrote, both bounded.
std::string explanation_of(const Row& row) {
  constexpr std::size_t kTextMax = 65536;
  report::Sources sources;
  const report::Context context{.own = row.shown.own, .sources = &sources, .scenarios = {}};
  std::ostringstream text;
  for (const auto& cause : row.shown.causes) {
    report::write_cause(text, row.shown.reports, cause, context, {.width = 100, .brief = true});
    text << "\n";
  }
  auto all = (text.str() + row.shown.output).substr(0, kTextMax);
  std::replace_if(
      all.begin(), all.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; }, '?');
  return all;
}

// A result a cause: those that the course states are notes, so that what is not stands out.
void write_sarif(const std::vector<Row>& rows, const std::string& file) {
  report::Sources sources({source_root()});
  report::SarifLog log;
  for (const auto& row : rows) {
    const auto& shown = row.shown;
    const report::Context context{.own = shown.own, .sources = &sources, .scenarios = {}};
    log.add(shown.reports, shown.causes, context,
            {row.ok ? "note" : "error",
             fmt::format("{} ({}).", row.variant.path(), row.ok ? "as stated" : "not as stated")});
    if (row.ok) continue;
    log.add({.rule = "not-as-stated",
             .title = "Not as the course states",
             .help = "The judge's verdict on this version is not the one that its first comment "
                     "states. Run it alone: " +
                     called() + " verify SCENARIO/VARIANT",
             .message = row.variant.path() + ": " + row.why,
             .file = row.variant.header.string()},
            sources);
  }
  std::ofstream out(file);
  log.write(out);
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

void write_junit(const std::vector<Row>& rows, const std::string& file) {
  pugi::xml_document document;
  auto suite = document.append_child("testsuites").append_child("testsuite");
  suite.append_attribute("name") = "racelab verify";
  suite.append_attribute("tests") = rows.size();
  std::size_t failures = 0;
  for (const auto& row : rows) {
    auto test = suite.append_child("testcase");
    test.append_attribute("classname") = row.variant.scenario.c_str();
    test.append_attribute("name") = row.variant.name.c_str();
    test.append_attribute("time") = fmt::format("{:.3f}", row.seconds).c_str();
    if (row.ok) continue;
    ++failures;
    auto failure = test.append_child("failure");
    failure.append_attribute("message") = row.why.c_str();
    failure.text() = explanation_of(row).c_str();
  }
  suite.append_attribute("failures") = failures;
  if (!document.save_file(file.c_str())) throw std::runtime_error("cannot write " + file);
}

std::vector<course::Variant> variants_of(const course::Course& course, const Options& options) {
  std::vector<course::Variant> variants;
  for (const auto& text : options.selected) {
    const auto more = course.select(text);
    variants.insert(variants.end(), more.begin(), more.end());
  }
  if (options.selected.empty()) variants = course.select("");
  if (options.shard.empty()) return variants;
  const auto [i, n] = parse_shard(options.shard);
  return verdict::shard(variants, i, n);
}

bool build_pairs(const std::filesystem::path& tree, const std::vector<course::Variant>& variants) {
  std::vector<std::string> targets = {"canary"};
  for (const auto& variant : variants) {
    targets.push_back(variant.pair());
    targets.push_back(variant.pair() + ".explore");
  }
  return build(tree, targets);
}

int verify(const Options& options) {
  const course::Course course(source_root());
  const auto variants = variants_of(course, options);
  const auto tree =
      options.preset.empty() ? build_root() : source_root() / "build" / options.preset;
  if (!options.no_build && !build_pairs(tree, variants)) return 1;
  const verdict::Judge judge(tree);
  if (const auto problem = judge.cannot_judge(); !problem.empty()) {
    fmt::print(stderr, "racelab: {}\n", problem);
    return kCannotJudge;
  }
  std::signal(SIGINT, [](int) { interrupted = true; });
  ProgressLine progress;
  verdict::VerifyOptions how{.runs = options.runs,
                             .jobs = options.jobs > 0
                                         ? options.jobs
                                         : static_cast<int>(std::thread::hardware_concurrency()),
                             .stop = &interrupted,
                             .on_row = {}};
  how.on_row = [&](const Row& row, std::size_t done) {
    progress.show(fmt::format("[{}/{}] {}", done, variants.size(), row.variant.path()));
  };
  const auto rows = verdict::verify(course, variants, judge, how);
  progress.clear();
  std::signal(SIGINT, SIG_DFL);
  if (options.json) {
    fmt::print("{}\n", to_json(rows).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    print_table(rows, wants_colour(1));
    print_summary(rows, wants_colour(1));
  }
  if (!options.junit.empty()) write_junit(rows, options.junit);
  if (!options.sarif.empty()) write_sarif(rows, options.sarif);
  if (interrupted) return kInterrupted;
  return std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.ok; }) ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand(
      "verify", "Every racy collector caught as stated, every fix clean, every wrong fix refused");
  command->add_option("selected", options.selected,
                      "SCENARIO or SCENARIO/VARIANT; all of the course without");
  command->add_flag("--json", options.json, "Print the result as JSON");
  command->add_option("--shard", options.shard, "Judge only part I of N, as I/N");
  command->add_option("--junit", options.junit, "Write the result as JUnit XML to this file");
  command->add_option("--sarif", options.sarif,
                      "Write what was found as SARIF 2.1.0 to this file; what the course states "
                      "as notes, anything else as errors");
  command->add_option("--runs", options.runs, "Judge each pair so many times")
      ->check(CLI::Range(1, 100000));
  command->add_option("--jobs", options.jobs, "Judge so many pairs at a time; cores by default")
      ->check(CLI::Range(1, 256));
  command->add_flag("--no-build", options.no_build, "Take the pairs as they are built");
  command
      ->add_option("--preset", options.preset,
                   "Judge in build/PRESET; the program's own tree without")
      ->check(CLI::IsMember({"tsan", "tsan-gcc"}));
  command->callback([&exit_code] { exit_code = verify(options); });
}

}  // namespace lab::cli
