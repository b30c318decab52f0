#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "lab/cli/commands.h"
#include "lab/cli/learner.h"
#include "lab/cli/show.h"
#include "lab/cli/show_story.h"
#include "lab/cli/terminal.h"
#include "lab/cli/told.h"
#include "lab/paths.h"
#include "lab/report/format/formats.h"
#include "lab/report/names.h"
#include "lab/verdict/attempt.h"
#include "lab/verdict/build.h"
#include "lab/verdict/exploration.h"
#include "lab/verdict/judge.h"
#include "lab/verdict/process.h"
#include "lab/verdict/strategy.h"
#include "lab/workshop/files.h"

// The judge of the workshop loop, in a process of its own: judges one attempt and leaves what the
// loop shows in a folder: explain.txt, raw.txt, then result.json, then story.json or, where there
// is no interleaving to tell, replay.txt. On its standard output it says what it is doing.
namespace lab::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kOthersMax = 5;
constexpr std::size_t kRawMax = std::size_t{1} << 20;

struct Options {
  std::string scenario;
  fs::path file;
  fs::path folder;
  int width = 80;
  bool colour = false;
  bool built = false;
};

void say(const std::string& step) {
  fmt::print("{}\n", step);
  std::fflush(stdout);
}

// What `print` writes to standard output, as text.
std::string printed(const fs::path& file, const std::function<void()>& print) {
  std::fflush(stdout);
  const int kept = dup(STDOUT_FILENO);
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (kept < 0 || fd < 0) throw workshop::FileError(file.string() + " could not be written");
  dup2(fd, STDOUT_FILENO);
  print();
  std::fflush(stdout);
  dup2(kept, STDOUT_FILENO);
  close(fd);
  close(kept);
  return workshop::read_file(file);
}

// Builds what the attempt is judged with. What went wrong, or empty.
std::string build_all(const std::string& scenario) {
  const auto built = verdict::build(source_root(), build_root(),
                                    {"canary", scenario + ".racy", scenario + ".racy.explore"},
                                    [](const std::string& step) { say("building " + step); });
  return built.ok ? "" : "the build failed:\n" + built.output;
}

verdict::Judgement judge(const Options& options) {
  if (!options.built) {
    verdict::Judgement judgement;
    judgement.reason = build_all(options.scenario);
    if (!judgement.reason.empty()) return judgement;
  }
  say("compiling and running");
  return verdict::judge_attempt(verdict::Judge(build_root()), build_root(), options.scenario,
                                options.file, options.folder / "attempt");
}

std::string sentence(const report::Cause& cause) {
  const auto side = [](const report::Side& side) {
    return fmt::format("{} in {}()", side.op, report::bare_name(side.function));
  };
  auto text = cause.kind + ": " + side(cause.first);
  if (cause.second.given()) text += " against " + side(cause.second);
  return text + (cause.object.empty() ? "" : ", on " + cause.object);
}

// What else was found, behind what is shown first.
void print_others(const verdict::Judgement& judgement) {
  const auto& causes = judgement.causes;
  if (causes.size() < 2) return;
  fmt::print("  Also:\n");
  for (std::size_t i = 1; i < std::min(causes.size(), kOthersMax + 1); ++i) {
    fmt::print("    {}\n", sentence(causes[i]));
  }
  if (causes.size() > kOthersMax + 1) {
    fmt::print("    and {} more: e explains all\n", causes.size() - kOthersMax - 1);
  }
}

void write_explained(const Options& options, const verdict::Judgement& judgement,
                     const std::string& compiler) {
  const auto file = options.folder / "explain.txt";
  if (judgement.reports.empty()) {
    printed(file, [&] {
      tell_explained(judgement, compiler, {.colour = options.colour, .width = options.width});
    });
    return;
  }
  std::ofstream out(file);
  report::Sources sources;
  const report::Context context{.own = judgement.own, .sources = &sources, .scenarios = {}};
  report::TextOptions text;
  text.color = options.colour;
  text.width = options.width;
  report::write_text(out, judgement.reports, judgement.causes, context, text);
}

void write_result(const Options& options, const verdict::Judgement& judgement) {
  const auto text = printed(options.folder / "verdict.txt", [&] {
    show_judgement(shown(options.file), judgement, {.colour = options.colour, .story = false});
    print_others(judgement);
  });
  const bool pass = judgement.verdict == verdict::Verdict::kPass;
  const auto strategy = pass ? verdict::strategy_of(judgement.explored) : "";
  const auto found = explored_finding(judgement);
  const nlohmann::json result{{"verdict", name(judgement.verdict)},
                              {"strategy", pass && strategy.empty() ? "other" : strategy},
                              {"seconds", judgement.seconds},
                              {"text", text},
                              {"story", found ? found->json : ""}};
  workshop::replace_file(options.folder / "result.json",
                         result.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// The story of the explorer's finding, or, where another engine was first, of what the explorer
// finds of the test that failed. False when there is none.
bool write_story(const Options& options, const verdict::Judgement& judgement) {
  const auto explorer = (options.folder / "attempt" / "attempt.explore").string();
  if (judgement.verdict == verdict::Verdict::kPass || !fs::exists(explorer)) return false;
  const auto part = options.folder / "story.part";
  verdict::Command command{.arguments = {explorer, "--trace=" + part.string(), verdict::kPatience}};
  const auto found =
      std::find_if(judgement.explored.begin(), judgement.explored.end(),
                   [](const auto& test) { return test.verdict != "pass" && !test.token.empty(); });
  const auto failed = std::find_if(judgement.tests.begin(), judgement.tests.end(),
                                   [](const auto& test) { return test.failed; });
  if (found != judgement.explored.end()) {
    command.arguments.push_back("--replay=" + found->token);
  } else {
    command.arguments.insert(
        command.arguments.end(),
        {"--bound=2", fmt::format("--budget-schedules={}", verdict::Limits{}.schedules),
         "--budget-seconds=3"});
    if (failed != judgement.tests.end()) {
      command.arguments.push_back("--gtest_filter=" + failed->name);
    }
  }
  verdict::run(command, {.time = std::chrono::seconds(20)});
  std::error_code error;
  if (!fs::exists(part, error)) return false;
  workshop::replace_file(options.folder / "story.json", workshop::read_file(part));
  return true;
}

// All that the compiler said, where it did not compile.
std::string compiler_of(const Options& options) {
  const auto file = options.folder / "attempt" / "compiler.txt";
  return fs::exists(file) ? workshop::read_file(file) : "";
}

int judged(const Options& options) {
  const auto judgement = judge(options);
  const auto compiler = compiler_of(options);
  write_explained(options, judgement, compiler);
  workshop::replace_file(options.folder / "raw.txt",
                         told_raw(judgement, compiler).substr(0, kRawMax));
  write_result(options, judgement);
  if (!write_story(options, judgement)) {
    workshop::replace_file(options.folder / "replay.txt", no_interleaving(judgement));
  }
  return 0;
}

}  // namespace

void add_judged(CLI::App& app, int& exit_code) {
  static Options options;
  auto* command = app.add_subcommand("judged", "The judge of the workshop loop")->group("");
  command->add_option("scenario", options.scenario)->required();
  command->add_option("--file", options.file)->required();
  command->add_option("--to", options.folder)->required();
  command->add_option("--width", options.width);
  command->add_flag("--colour", options.colour);
  command->add_flag("--built", options.built);
  command->callback([&exit_code] { exit_code = guarded([] { return judged(options); }); });
}

}  // namespace lab::cli
