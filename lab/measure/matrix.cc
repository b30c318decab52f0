#include "lab/measure/matrix.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include "lab/measure/bench.h"
#include "lab/measure/rows.h"
#include "lab/scratch.h"
#include "lab/verdict/judge.h"
#include "lab/verdict/process.h"

namespace lab::measure {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr auto kRunLimit = std::chrono::seconds(60);
constexpr auto kLoadRepeats = "--repeats=100";
// Valgrind runs one thread at a time, a hundred times slower.
constexpr auto kValgrindRepeats = "--repeats=3";

std::string read(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A tool on one variant: how often it flagged it.
struct Task {
  const course::Scenario* scenario;
  const course::Variant* variant;
  const Tool* tool;
  std::string key;  // Of what is kept of it.

  bool is_racy() const { return variant->kind == course::Kind::kRacy; }
};

struct Result {
  int flagged = 0;
  int of = 0;
  std::string not_applicable;
};

// What is kept of earlier runs, written as each result comes. Thread-safe.
class Kept {
 public:
  explicit Kept(fs::path file) : file_(std::move(file)) {
    json_ = Json::parse(read(file_), nullptr, false);
    if (!json_.is_object()) json_ = Json::object();
  }

  bool get(const std::string& key, Result& result) {
    const std::lock_guard lock(mutex_);
    const auto found = json_.find(key);
    if (found == json_.end() || !found->is_object()) return false;
    result = {.flagged = found->value("flagged", 0),
              .of = found->value("of", 0),
              .not_applicable = found->value("not_applicable", std::string())};
    return result.of > 0 || !result.not_applicable.empty();
  }

  void put(const std::string& key, const Result& result) {
    const std::lock_guard lock(mutex_);
    json_[key] = {{"flagged", result.flagged}, {"of", result.of}};
    if (!result.not_applicable.empty()) json_[key]["not_applicable"] = result.not_applicable;
    const auto fresh = file_.string() + ".new";
    std::ofstream(fresh) << json_.dump(1) << "\n";
    fs::rename(fresh, file_);
  }

 private:
  fs::path file_;
  std::mutex mutex_;  // Guards json_ and the file.
  Json json_;
};

class Runner {
 public:
  explicit Runner(const MatrixOptions& options)
      : options_(options), clang_(options.build / "tsan"), gcc_(options.build / "tsan-gcc") {}

  Result run(const Task& task) const {
    const auto& id = task.tool->id;
    if (id == "thread_safety") return thread_safety(task);
    if (id == "clang_tidy") return clang_tidy(task);
    Result result;
    for (int i = 0; i < options_.runs && !(options_.stop && *options_.stop); ++i) {
      result.flagged += flagged(task);
      ++result.of;
    }
    if (result.of < options_.runs) result.of = 0;  // Interrupted: not a result to keep.
    return result;
  }

 private:
  bool flagged(const Task& task) const {
    const auto& id = task.tool->id;
    if (id == "assertions") return assertions(task);
    if (id == "tsan_clang") return judged(clang_, task, {"in_turn", "at_once"}, true);
    if (id == "tsan_gcc") return judged(gcc_, task, {"in_turn", "at_once"}, true);
    if (id == "explorer") return judged(clang_, task, {"interleaved"}, false);
    return valgrind(task);
  }

  // Without any tool: a failed expectation, a crash or a hang.
  bool assertions(const Task& task) const {
    const auto outcome = verdict::run(
        {.arguments = {program(task), "--engine=at_once", kLoadRepeats, "--limit-seconds=10"}},
        {.time = kRunLimit});
    return outcome.exit_code != 0;
  }

  // A racy collector is caught when the finding is its fault's; a fix is flagged by any finding.
  static bool judged(const verdict::Judge& judge, const Task& task,
                     const std::vector<std::string>& engines, bool reports_only) {
    const auto judgement = judge.judge(*task.variant, {.engines = engines, .tests = "*"});
    if (reports_only && judgement.reports.empty()) return false;
    if (!task.is_racy()) return reports_only || judgement.verdict != verdict::Verdict::kPass;
    return verdict::as_stated(judgement, *task.variant, task.scenario->fault).ok;
  }

  bool valgrind(const Task& task) const {
    const Scratch scratch("matrix");
    const auto xml = scratch.folder() / "errors.xml";
    verdict::run({.arguments = {"valgrind", "--tool=" + task.tool->id, "--xml=yes",
                                "--xml-file=" + xml.string(), "--fair-sched=try", program(task),
                                "--engine=at_once", kValgrindRepeats, "--limit-seconds=50",
                                "--gtest_filter=-*.Load*"}},
                 {.time = kRunLimit});
    std::vector<std::string> functions;
    if (task.is_racy()) {
      const auto& fault = task.scenario->fault;
      for (const auto& side : {fault.first, fault.second}) {
        if (!side.function.empty()) functions.push_back(side.function);
      }
    }
    return valgrind_flagged(read(xml), task.variant->header, functions);
  }

  Result thread_safety(const Task& task) const {
    const auto copy = annotated_copy(read(task.variant->header));
    if (copy.empty()) {
      return {.flagged = 0, .of = 0, .not_applicable = "no mutex says what it guards"};
    }
    const Scratch scratch("matrix");
    const auto file = scratch.folder() / "annotated.cc";
    std::ofstream(file) << copy;
    const auto outcome =
        verdict::run({.arguments = {"clang++-19", "-std=c++20", "-fsyntax-only", "-Wthread-safety",
                                    "-I" + options_.root.string(), file.string()}},
                     {.time = kRunLimit});
    if (outcome.exit_code != 0) {
      return {.flagged = 0, .of = 0, .not_applicable = "its annotated copy does not compile"};
    }
    return {.flagged = outcome.output.find("-Wthread-safety") != std::string::npos,
            .of = 1,
            .not_applicable = {}};
  }

  Result clang_tidy(const Task& task) const {
    const Scratch scratch("matrix");
    const auto file = scratch.folder() / "collector.cc";
    std::ofstream(file) << "#include \"" << task.variant->header.string() << "\"\n";
    const auto outcome = verdict::run(
        {.arguments = {"clang-tidy-19", "--quiet", "--config={}",
                       "--checks=-*,concurrency-*,bugprone-*,-bugprone-easily-swappable-parameters",
                       "--header-filter=.*", file.string(), "--", "-std=c++20",
                       "-I" + options_.root.string()}},
        {.time = kRunLimit});
    return {
        .flagged = diagnosed(outcome.output, task.variant->header), .of = 1, .not_applicable = {}};
  }

  std::string program(const Task& task) const {
    return (options_.build / "plain" / "bin" / task.variant->pair()).string();
  }

  const MatrixOptions& options_;
  verdict::Judge clang_;
  verdict::Judge gcc_;
};

bool is_measured(const course::Variant& variant) {
  return variant.kind == course::Kind::kRacy || variant.kind == course::Kind::kFix;
}

// Whatever may change a result is in its key.
std::string key_of(const Task& task, const MatrixOptions& options) {
  const auto contract = options.root / "tests" / "scenarios" / (task.scenario->id + "_test.cc");
  const auto text = read(task.variant->header) + read(contract) + task.tool->version;
  return fmt::format("{} {} x{} {:016x}", task.variant->path(), task.tool->id,
                     task.tool->once ? 1 : options.runs, std::hash<std::string>{}(text));
}

bool is_wanted(const Tool& tool, const MatrixOptions& options) {
  return tool.missing.empty() &&
         (options.tools.empty() ||
          std::find(options.tools.begin(), options.tools.end(), tool.id) != options.tools.end());
}

std::vector<Task> tasks_of(const std::vector<course::Scenario>& scenarios,
                           const std::vector<Tool>& tools, const MatrixOptions& options) {
  std::vector<Task> tasks;
  for (const auto& scenario : scenarios) {
    for (const auto& tool : tools) {
      if (!is_wanted(tool, options)) continue;
      for (const auto& variant : scenario.variants) {
        if (!is_measured(variant)) continue;
        tasks.push_back({&scenario, &variant, &tool, {}});
        tasks.back().key = key_of(tasks.back(), options);
      }
    }
  }
  return tasks;
}

void enter(const Task& task, const Result& result, Matrix& matrix) {
  auto row = std::find_if(matrix.rows.begin(), matrix.rows.end(), [&](const MatrixRow& each) {
    return each.scenario == task.scenario->id;
  });
  auto& entry = row->by_tool[task.tool->id];
  if (task.is_racy()) {
    entry.caught += result.flagged;
    entry.caught_of += result.of;
    entry.not_applicable = result.not_applicable;
  } else {
    entry.alarms += result.flagged;
    entry.alarms_of += result.of;
    if (result.flagged > 0) entry.flagged.push_back(task.variant->name);
  }
}

}  // namespace

std::map<std::string, std::vector<std::string>> matrix_targets(
    const std::vector<course::Scenario>& scenarios, const std::vector<Tool>& tools) {
  std::map<std::string, std::vector<std::string>> targets;
  const auto need = [&](const std::string& tree, const char* suffix) {
    for (const auto& scenario : scenarios) {
      for (const auto& variant : scenario.variants) {
        if (is_measured(variant)) targets[tree].push_back(variant.pair() + suffix);
      }
    }
  };
  for (const auto& tool : tools) {
    if (!tool.missing.empty()) continue;
    if (tool.id == "tsan_clang") need("tsan", "");
    if (tool.id == "tsan_gcc") need("tsan-gcc", "");
    if (tool.id == "explorer") need("tsan", ".explore");
    if (tool.id == "helgrind" || tool.id == "drd" || tool.id == "assertions") need("plain", "");
  }
  for (auto& [tree, names] : targets) {
    if (tree != "plain") names.push_back("canary");
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }
  return targets;
}

Matrix run_matrix(const std::vector<course::Scenario>& scenarios, const std::vector<Tool>& tools,
                  const MatrixOptions& options) {
  Matrix matrix{.date = today(),
                .processor = processor_name(),
                .cores = static_cast<int>(std::thread::hardware_concurrency()),
                .runs = options.runs,
                .tools = tools,
                .rows = {}};
  for (const auto& scenario : scenarios) {
    matrix.rows.push_back({scenario.id, scenario.fault.kind, {}});
  }
  const auto tasks = tasks_of(scenarios, tools, options);
  std::vector<Result> results(tasks.size());
  Kept kept(options.build / "matrix.json");
  const Runner runner(options);
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // Guards done and the progress that is shown.
  std::size_t done = 0;
  const auto work = [&] {
    for (auto i = next++; i < tasks.size(); i = next++) {
      if (options.stop && *options.stop) return;
      const auto& task = tasks[i];
      if (!kept.get(task.key, results[i])) {
        results[i] = runner.run(task);
        if (results[i].of > 0 || !results[i].not_applicable.empty()) kept.put(task.key, results[i]);
      }
      const std::lock_guard lock(mutex);
      ++done;
      if (options.progress) {
        options.progress(done, tasks.size(), task.tool->name + " on " + task.variant->path());
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < std::max(options.jobs, 1); ++i) workers.emplace_back(work);
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) enter(tasks[i], results[i], matrix);
  return matrix;
}

namespace {

// "5/5", and after it the false alarms where there are any.
std::string shown(const MatrixRow& row, const Tool& tool) {
  const auto found = row.by_tool.find(tool.id);
  if (found == row.by_tool.end()) return "–";
  const auto& entry = found->second;
  auto text = entry.caught_of > 0 ? fmt::format("{}/{}", entry.caught, entry.caught_of) : "–";
  if (entry.alarms > 0) text += fmt::format(", {}/{} false", entry.alarms, entry.alarms_of);
  return text;
}

Rows rows_of(const Matrix& matrix) {
  Rows rows = {{"scenario", "fault"}};
  for (const auto& tool : matrix.tools) rows[0].push_back(tool.name);
  for (const auto& row : matrix.rows) {
    rows.push_back({row.scenario, row.fault});
    for (const auto& tool : matrix.tools) rows.back().push_back(shown(row, tool));
  }
  std::vector<std::string> total = {"all", ""};
  for (const auto& tool : matrix.tools) {
    Catch sum;
    for (const auto& row : matrix.rows) {
      const auto found = row.by_tool.find(tool.id);
      if (found == row.by_tool.end()) continue;
      sum.caught += found->second.caught;
      sum.caught_of += found->second.caught_of;
      sum.alarms += found->second.alarms;
      sum.alarms_of += found->second.alarms_of;
    }
    total.push_back(sum.caught_of == 0 ? "–"
                                       : fmt::format("{}/{}, {}/{} false", sum.caught,
                                                     sum.caught_of, sum.alarms, sum.alarms_of));
  }
  rows.push_back(total);
  return rows;
}

std::string legend(const Matrix& matrix) {
  std::string text;
  for (const auto& tool : matrix.tools) {
    if (!tool.missing.empty())
      text += fmt::format("- {} is not here: {}\n", tool.name, tool.missing);
  }
  for (const auto& row : matrix.rows) {
    for (const auto& tool : matrix.tools) {
      const auto found = row.by_tool.find(tool.id);
      if (found == row.by_tool.end() || found->second.flagged.empty()) continue;
      std::string names;
      for (const auto& name : found->second.flagged) names += (names.empty() ? "" : ", ") + name;
      text += fmt::format("- {} flags correct fixes of {}: {}\n", tool.name, row.scenario, names);
    }
  }
  return text;
}

}  // namespace

Json to_json(const Matrix& matrix) {
  auto tools = Json::array();
  for (const auto& tool : matrix.tools) {
    tools.push_back({{"id", tool.id}, {"name", tool.name}, {"version", tool.version}});
    if (!tool.missing.empty()) tools.back()["missing"] = tool.missing;
  }
  auto rows = Json::array();
  for (const auto& row : matrix.rows) {
    auto by_tool = Json::object();
    for (const auto& [id, entry] : row.by_tool) {
      by_tool[id] = {{"caught", entry.caught},
                     {"caught_of", entry.caught_of},
                     {"alarms", entry.alarms},
                     {"alarms_of", entry.alarms_of},
                     {"flagged", entry.flagged}};
      if (!entry.not_applicable.empty()) by_tool[id]["not_applicable"] = entry.not_applicable;
    }
    rows.push_back({{"scenario", row.scenario}, {"fault", row.fault}, {"tools", by_tool}});
  }
  return {{"date", matrix.date},   {"processor", matrix.processor},
          {"cores", matrix.cores}, {"runs", matrix.runs},
          {"tools", tools},        {"scenarios", rows}};
}

std::string to_text(const Matrix& matrix) {
  return text_table(rows_of(matrix)) +
         "\nCaught: runs of the racy collector flagged for its fault. False: runs of the correct "
         "fixes flagged.\n" +
         legend(matrix);
}

std::string to_markdown(const Matrix& matrix) {
  std::string text = fmt::format(
      "# Which tool catches which scenario\n\n"
      "Printed by `./racelab matrix --markdown docs/matrix.md` on {}: {} runs of each tool and "
      "each "
      "version (tools that read the text alone: one), on {} cores of {}.\n\n"
      "A cell says in how many runs the racy collector was flagged *for its fault*, then, where "
      "there are any, in how many runs the correct fixes were flagged: false alarms. A dash: not "
      "run, or there is nothing for this tool to look at (`-Wthread-safety` needs a mutex that "
      "says "
      "what it guards).\n\n{}\n",
      matrix.date, matrix.runs, matrix.cores, matrix.processor, markdown_table(rows_of(matrix)));
  text += "Versions:";
  for (const auto& tool : matrix.tools) {
    text += fmt::format(" {} {};", tool.name, tool.version.empty() ? "is not here" : tool.version);
  }
  text.back() = '.';
  return text + "\n\n" + legend(matrix);
}

}  // namespace lab::measure
