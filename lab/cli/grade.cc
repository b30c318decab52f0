#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "drill/proof.h"
#include "lab/cli/building.h"
#include "lab/cli/commands.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"
#include "lab/verdict/attempt.h"
#include "lab/verdict/verify.h"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kInterrupted = 130;
constexpr std::size_t kSubmissionsMax = 1'000'000;

struct Options {
  std::string folder;
  std::vector<std::string> merge;
  std::string json;
  std::string csv;
  std::string shard;
  std::string scenario;
  int jobs = 0;
};

std::atomic<bool> interrupted{false};

struct Submission {
  std::string student;   // Empty when nothing tells.
  std::string scenario;  // The same.
  std::string file;      // From the folder graded.
};

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// student/02_map_read_write.h, or student_02_map_read_write.h, or 02_map_read_write.h.
Submission submission_of(const course::Course& course, const fs::path& folder, const fs::path& file,
                         const std::string& scenario) {
  Submission submission{
      .student = {}, .scenario = scenario, .file = fs::relative(file, folder).string()};
  try {
    if (scenario.empty()) submission.scenario = verdict::scenario_of(course, file);
  } catch (const std::invalid_argument&) {
    // It is listed, and cannot be judged.
  }
  const auto parent = fs::path(submission.file).parent_path().string();
  const auto stem = file.stem().string();
  const auto at = stem.find(submission.scenario);
  submission.student = parent;
  if (parent.empty() && !submission.scenario.empty() && at != std::string::npos && at > 0) {
    submission.student = stem.substr(0, stem.find_last_not_of("_-. ", at - 1) + 1);
  }
  return submission;
}

// In a stable order: students by name, their scenarios by number.
std::vector<Submission> submissions_in(const course::Course& course, const Options& options) {
  const fs::path folder = options.folder;
  if (!fs::is_directory(folder))
    throw std::invalid_argument("there is no folder " + options.folder);
  std::vector<Submission> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".h") continue;
    if (found.size() == kSubmissionsMax) throw std::runtime_error("too many submissions");
    found.push_back(submission_of(course, folder, entry.path(), options.scenario));
  }
  if (found.empty())
    throw std::invalid_argument("there is no submission (*.h) in " + options.folder);
  std::sort(found.begin(), found.end(), [](const Submission& a, const Submission& b) {
    return std::tie(a.student, a.scenario, a.file) < std::tie(b.student, b.scenario, b.file);
  });
  return found;
}

// Part I of N, as "2/4"; all of them without.
std::vector<Submission> shard_of(const std::vector<Submission>& all, const std::string& shard) {
  if (shard.empty()) return all;
  std::size_t i = 0;
  std::size_t n = 0;
  char rest = 0;
  if (std::sscanf(shard.c_str(), "%zu/%zu%c", &i, &n, &rest) != 2 || i < 1 || n < i) {
    throw std::invalid_argument("--shard: '" + shard + "' is not I/N with 1 <= I <= N");
  }
  std::vector<Submission> part;
  for (std::size_t k = i - 1; k < all.size(); k += n) part.push_back(all[k]);
  return part;
}

std::set<std::string> tests_of(const std::string& scenario) {
  static const std::regex test(R"(\bTEST(?:_F)?\(\s*(\w+)\s*,\s*(\w+)\s*\))");
  const auto text = read_text(source_root() / "tests" / "scenarios" / (scenario + "_test.cc"));
  std::set<std::string> names;
  for (std::sregex_iterator each(text.begin(), text.end(), test), end; each != end; ++each) {
    names.insert((*each)[1].str() + "." + (*each)[2].str());
  }
  return names;
}

// Tests that ran to their end and passed under every engine that ran. A pass has all of them.
std::set<std::string> passed_in(const verdict::Judgement& judgement,
                                const std::set<std::string>& tests) {
  if (judgement.verdict == verdict::Verdict::kPass) return tests;
  std::set<std::string> passed;
  if (judgement.verdict == verdict::Verdict::kGagged) return passed;
  for (const auto& run : judgement.tests) passed.insert(run.name);
  for (const auto& run : judgement.tests) {
    if (run.failed) passed.erase(run.name);
  }
  return passed;
}

Json row_of(const Submission& submission, const verdict::Judgement& judgement) {
  const auto tests = tests_of(submission.scenario);
  const auto passed = passed_in(judgement, tests);
  auto missed = Json::array();
  for (const auto& test : tests) {
    if (!passed.contains(test)) missed.push_back(test);
  }
  const double score =
      tests.empty() ? 0 : static_cast<double>(passed.size()) / static_cast<double>(tests.size());
  return {{"student", submission.student},
          {"scenario", submission.scenario},
          {"attempt", submission.file},
          {"verdict", name(judgement.verdict)},
          {"reason", judgement.reason},
          {"tests_passed", passed.size()},
          {"tests", tests.size()},
          {"not_passed", missed},
          {"score", score},
          {"seconds", judgement.seconds}};
}

// What has been graded, a line each, so that an interrupted run goes on where it was. A line counts
// for the very same bytes only.
class Journal {
 public:
  explicit Journal(fs::path file) : file_(std::move(file)) {
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) {
      auto entry = Json::parse(line, nullptr, false);
      if (entry.is_object() && entry.contains("key") && entry.contains("row")) {
        rows_[entry["key"].get<std::string>()] = entry["row"];
      }
    }
    out_.open(file_, std::ios::app);
    // A line that an interruption cut short must not swallow the next.
    out_ << '\n' << std::flush;
  }

  static std::string key(const Submission& submission, const std::string& source) {
    return fmt::format("{}|{}|{}", submission.file, submission.scenario,
                       drill::signed_line({}, source.size(), source).substr(0, 16));
  }
  const Json* find(const std::string& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : &found->second;
  }
  void add(const std::string& key, const Json& row) {
    out_ << Json{{"key", key}, {"row", row}}.dump(-1, ' ', false, Json::error_handler_t::replace)
         << '\n'
         << std::flush;
  }
  // All is done.
  void remove() {
    out_.close();
    std::error_code ignored;
    fs::remove(file_, ignored);
  }

 private:
  fs::path file_;
  std::map<std::string, Json> rows_;
  std::ofstream out_;
};

Json grade_one(const verdict::Judge& judge, const fs::path& folder, const Submission& submission) {
  if (submission.scenario.empty()) {
    verdict::Judgement unknown;
    unknown.reason = "its name and namespace tell no scenario; say it with --scenario";
    return row_of(submission, unknown);
  }
  const auto judgement = verdict::judge_attempt(judge, build_root(), submission.scenario,
                                                fs::absolute(folder / submission.file), {}, {});
  return row_of(submission, judgement);
}

// Rows in the submissions' order; those that an interruption left out are null.
std::vector<Json> grade_all(const std::vector<Submission>& submissions, const Options& options,
                            Journal& journal) {
  const verdict::Judge judge(build_root());
  std::vector<Json> rows(submissions.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // Guards done, progress and the journal.
  std::size_t done = 0;
  ProgressLine progress;
  const auto work = [&] {
    for (auto i = next.fetch_add(1); i < rows.size() && !interrupted; i = next.fetch_add(1)) {
      const auto& submission = submissions[i];
      const auto key =
          Journal::key(submission, read_text(fs::path(options.folder) / submission.file));
      const Json* known = journal.find(key);
      rows[i] = known != nullptr ? *known : grade_one(judge, options.folder, submission);
      const std::lock_guard lock(mutex);
      if (known == nullptr) journal.add(key, rows[i]);
      progress.show(fmt::format("[{}/{}] {}", ++done, rows.size(), submission.file));
    }
  };
  const auto cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<std::jthread> workers;
  for (int i = 0; i < (options.jobs > 0 ? options.jobs : cores); ++i) workers.emplace_back(work);
  workers.clear();
  progress.clear();
  return rows;
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
  return result + '"';
}

void write_file(const std::string& file, const std::string& text) {
  // Whole or not at all.
  const auto part = file + ".part";
  std::ofstream(part, std::ios::binary) << text;
  std::error_code error;
  fs::rename(part, file, error);
  if (error) throw std::runtime_error("cannot write " + file + ": " + error.message());
}

void write_results(const std::vector<Json>& rows, const Options& options) {
  if (!options.json.empty()) {
    write_file(options.json,
               Json{{"results", rows}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  if (options.csv.empty()) return;
  std::string text = "student,scenario,attempt,verdict,tests_passed,tests,score,seconds,reason\n";
  for (const auto& row : rows) {
    const auto word = [&row](const char* field) { return quoted(row.value(field, "")); };
    text += fmt::format("{},{},{},{},{},{},{:.3f},{:.2f},{}\n", word("student"), word("scenario"),
                        word("attempt"), word("verdict"), row.value("tests_passed", 0),
                        row.value("tests", 0), row.value("score", 0.0), row.value("seconds", 0.0),
                        word("reason"));
  }
  write_file(options.csv, text);
}

void print_table(const std::vector<Json>& rows, bool colour) {
  std::size_t width = 7;
  std::map<std::string, int> verdicts;
  for (const auto& row : rows) width = std::max(width, row.value("student", "").size());
  fmt::print("{:<{}}  {:<26} {:<14} {:>7} {:>6}\n", "student", width, "scenario", "verdict",
             "tests", "score");
  for (const auto& row : rows) {
    const auto verdict = row.value("verdict", "");
    ++verdicts[verdict];
    const auto padded = fmt::format("{:<14}", verdict);
    fmt::print("{:<{}}  {:<26} {} {:>7} {:>6.2f}\n", row.value("student", ""), width,
               row.value("scenario", ""),
               verdict == "pass" ? green(padded, colour) : red(padded, colour),
               fmt::format("{}/{}", row.value("tests_passed", 0), row.value("tests", 0)),
               row.value("score", 0.0));
  }
  fmt::print("\n{} submissions:", rows.size());
  const char* separator = " ";
  for (const auto& [verdict, count] : verdicts) {
    fmt::print("{}{} {}", separator, count, verdict);
    separator = ", ";
  }
  fmt::print("\n");
}

int exit_code_of(const std::vector<Json>& rows) {
  return std::all_of(rows.begin(), rows.end(),
                     [](const Json& row) {
                       return row.value("verdict", "") != name(verdict::Verdict::kCannotJudge);
                     })
             ? 0
             : 1;
}

std::vector<Json> merged(const std::vector<std::string>& files) {
  std::map<std::vector<std::string>, Json> rows;
  for (const auto& file : files) {
    const auto json = Json::parse(read_text(file), nullptr, false);
    if (!json.is_object() || !json.contains("results")) {
      throw std::invalid_argument(file + " holds no results of grade");
    }
    for (const auto& row : json["results"]) {
      rows[{row.value("student", ""), row.value("scenario", ""), row.value("attempt", "")}] = row;
    }
  }
  std::vector<Json> result;
  for (auto& [key, row] : rows) result.push_back(row);
  return result;
}

int finish(const std::vector<Json>& rows, const Options& options) {
  write_results(rows, options);
  print_table(rows, wants_colour(1));
  return exit_code_of(rows);
}

int grade(const Options& options) {
  if (!options.merge.empty()) return finish(merged(options.merge), options);
  if (options.folder.empty()) throw std::invalid_argument("grade needs a folder of submissions");
  const course::Course course(source_root());
  const auto submissions = shard_of(submissions_in(course, options), options.shard);
  std::set<std::string> scenarios;
  for (const auto& each : submissions) {
    if (!each.scenario.empty()) scenarios.insert(course.scenario(each.scenario).id);
  }
  if (!build_for_attempts(scenarios)) return kCannotJudge;
  const auto part =
      options.shard.empty() ? "" : "." + std::to_string(std::atoi(options.shard.c_str()));
  Journal journal(options.json.empty() ? fs::path(options.folder) / (".racelab-grade" + part)
                                       : fs::path(options.json + ".journal"));
  std::signal(SIGINT, [](int) { interrupted = true; });
  std::signal(SIGTERM, [](int) { interrupted = true; });
  const auto rows = grade_all(submissions, options, journal);
  if (interrupted) {
    fmt::print(stderr, "racelab: interrupted; the same call goes on where this one ended\n");
    return kInterrupted;
  }
  const int code = finish(rows, options);
  journal.remove();
  return code;
}

}  // namespace

void add_grade(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand("grade", "Judge a folder of submissions, for instructors");
  command->add_option("folder", options.folder,
                      "Holds STUDENT/02_map_read_write.h, or STUDENT_02_map_read_write.h");
  command->add_option("--scenario", options.scenario, "All submissions are attempts at this one");
  command->add_option("--jobs", options.jobs, "Judge so many at a time; cores by default")
      ->check(CLI::Range(1, 256));
  command->add_option("--shard", options.shard, "Judge only part I of N, as I/N");
  command->add_option("--json", options.json, "Write the results to this file");
  command->add_option("--csv", options.csv, "Write them as a table to this file");
  command->add_option("--merge", options.merge, "Judge nothing: join the --json files of shards");
  command->footer(
      "Each submission is judged confined. After an interruption the same call goes on where it\n"
      "was. The score is the part of the contract's tests that ran to their end and passed under\n"
      "every engine that ran; the first engine that finds something is the last. Exits 0 when all\n"
      "could be judged, whatever their verdicts.");
  command->callback([&exit_code] { exit_code = grade(options); });
}

}  // namespace lab::cli
