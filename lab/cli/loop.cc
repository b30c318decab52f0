#include "lab/cli/loop.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>

#include "lab/cli/learner.h"
#include "lab/cli/show_story.h"
#include "lab/cli/terminal.h"
#include "lab/paths.h"
#include "lab/workshop/checker.h"
#include "lab/workshop/files.h"
#include "lab/workshop/screen.h"
#include "lab/workshop/terminal.h"
#include "lab/workshop/watcher.h"

namespace lab::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using workshop::lines_of;
using workshop::Page;
using workshop::Terminal;

// Signals come as bytes through a pipe, so that the loop waits for them as for anything else.
int signal_pipe[2] = {-1, -1};

void on_signal(int number) {
  const int kept = errno;
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const auto written = write(signal_pipe[1], &byte, 1);
  errno = kept;
}

void catch_signals() {
  if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no pipe");
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT}) {
    sigaction(number, &action, nullptr);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

enum class View {
  kWelcome,
  kVerdict,
  kExplain,
  kRaw,
  kReplay,
  kHint,
  kDiff,
  kSolutions,
  kList,
  kHelp
};

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

// What a judge left in the folder of its check (lab/cli/judged.cc).
struct Checked {
  std::string verdict;
  std::string strategy;
  std::vector<std::string> text;
  std::optional<story::Story> story;  // What the explorer found, when that is what decided.
};

std::optional<Checked> read_result(const fs::path& folder) {
  try {
    const auto json = nlohmann::json::parse(workshop::read_file(folder / "result.json"));
    return Checked{.verdict = json.at("verdict"),
                   .strategy = json.at("strategy"),
                   .text = lines_of(json.at("text").get<std::string>()),
                   .story = story::read(json.at("story").get<std::string>())};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

class Loop {
 public:
  Loop(const course::Course& course, const fs::path& attempts, const fs::path& scratch)
      : course_(course),
        attempts_(attempts),
        scratch_(scratch),
        file_(attempts),
        colour_(wants_colour(1)) {}

  int run() {
    begin();
    catch_signals();
    draw();
    while (!done_) {
      wait();
      if (dirty_) draw();
    }
    checker_.cancel();
    return exit_code_;
  }

  std::string farewell() const {
    std::size_t passed = 0;
    for (const auto& scenario : course_.scenarios()) passed += progress_.of(scenario.id).passed();
    return fmt::format("{} of {} scenarios pass. Your work is in {}; {} goes on there.", passed,
                       course_.scenarios().size(), shown(attempts_), called());
  }

 private:
  // Picks up where the learner left off, or begins at the first.
  void begin() {
    progress_ = file_.read();
    message_ = file_.take_notice();
    const bool first_time = progress_.current.empty();
    const auto* scenario = &course_.scenarios().front();
    for (const auto& each : course_.scenarios()) {
      if (each.id == progress_.current) scenario = &each;
    }
    view_ = first_time ? View::kWelcome : View::kVerdict;
    enter(*scenario);
  }

  void enter(const course::Scenario& scenario) {
    // Noted first: an attempt without progress is what tells that progress was lost.
    note([&](workshop::Progress& progress) {
      progress.current = scenario.id;
      progress.scenarios[scenario.id].started = true;
    });
    attempt_ = workshop::start(scenario, attempts_).file;
    scenario_ = &scenario;
    workshop::tell_editors(attempts_, source_root(), course_);
    built_ = false;
    from_ = 0;
    watcher_.watch(attempt_);
    check("");
  }

  // Changes the progress; what goes wrong is told, and the work goes on.
  void note(const std::function<void(workshop::Progress&)>& change) {
    if (file_.try_update(change)) {
      progress_ = file_.read();
    } else {
      change(progress_);
    }
    if (const auto notice = file_.take_notice(); !notice.empty()) message_ = notice;
  }

  const workshop::Standing& standing() const { return progress_.of(scenario_->id); }

  // Starts the judge on the attempt as it is; one that runs is ended.
  void check(const std::string& why) {
    checker_.cancel();
    std::error_code error;
    if (!folder_.empty()) fs::remove_all(folder_, error);
    checked_.reset();
    folder_.clear();
    dirty_ = true;
    step_.clear();
    if (!fs::exists(attempt_, error)) {
      status_ = "not there: " + shown(attempt_);
      failure_ = {
          "", "  " + shown(attempt_) + " is gone.", "",
          "  Save it again from your editor, or put it back: it is judged when it is there.",
          "  x makes it anew, as the racy collector that you began with."};
      return;
    }
    status_ = "checking";
    why_ = why;
    began_ = Clock::now();
    try {
      folder_ = scratch_ / std::to_string(++checks_);
      fs::create_directories(folder_);
      source_ = workshop::read_file(attempt_);
      checker_.start(judge_command(), folder_ / "result.json");
    } catch (const std::exception& problem) {
      status_ = "cannot check";
      message_ = problem.what();
    }
  }

  verdict::Command judge_command() const {
    verdict::Command command;
    command.arguments = {fs::read_symlink("/proc/self/exe").string(),
                         "judged",
                         scenario_->id,
                         "--file",
                         attempt_.string(),
                         "--to",
                         folder_.string(),
                         "--width",
                         std::to_string(terminal_.size().columns)};
    if (colour_) command.arguments.emplace_back("--colour");
    if (built_) command.arguments.emplace_back("--built");
    // What a judge that is ended leaves behind is ours to clear away.
    command.environment = {"TMPDIR=" + folder_.string()};
    return command;
  }

  void wait() {
    dirty_ = false;
    std::array<pollfd, 4> fds = {{{STDIN_FILENO, POLLIN, 0},
                                  {signal_pipe[0], POLLIN, 0},
                                  {checker_.fd(), POLLIN, 0},
                                  {watcher_.fd(), POLLIN, 0}}};
    poll(fds.data(), fds.size(), watcher_.timeout_ms());
    auto now = elapsed();
    dirty_ = now != elapsed_;
    elapsed_ = std::move(now);
    if (fds[1].revents != 0) take_signals();
    if (fds[0].revents != 0) take_keys();
    if (fds[2].revents != 0) take_news();
    if (!done_ && watcher_.saved()) {
      // Whoever saves wants to know what that comes to, whatever was on the screen.
      show(View::kVerdict);
      message_.clear();
      check("saved " + now_text());
    }
    if (!done_ && watcher_.gone()) {
      show(View::kVerdict);
      message_.clear();
      check("");
    }
  }

  void take_signals() {
    unsigned char number = 0;
    while (read(signal_pipe[0], &number, 1) == 1) {
      if (number == SIGWINCH || number == SIGCONT) {
        terminal_.enter();
        dirty_ = true;
      } else if (number == SIGTSTP) {
        terminal_.leave();
        raise(SIGSTOP);
      } else {
        // Ctrl-C is how many leave: no failure.
        done_ = true;
        exit_code_ = number == SIGINT ? 0 : 128 + number;
      }
    }
  }

  void take_news() {
    if (!checker_.running()) return;
    const auto news = checker_.news();
    dirty_ = true;
    step_ = workshop::harmless(news.step);
    if (news.judged && !checked_) take_result();
    if (!news.ended) return;
    if (!checked_) {
      status_ = "the judge ended without a verdict";
      message_ = "r runs it again.";
      const auto lines = lines_of(workshop::harmless(news.outcome.output));
      failure_ = {lines.end() - std::min<std::ptrdiff_t>(std::ssize(lines), 20), lines.end()};
    }
  }

  void take_result() {
    checked_ = read_result(folder_);
    if (!checked_) return;
    built_ = checked_->verdict != "cannot_judge";
    status_ = why_.empty() ? "judged " + now_text() : why_;
    if (checked_->verdict == "cannot_judge") return;
    const bool had_medal = standing().medals.contains(checked_->strategy);
    if (!workshop::note_verdict(file_, attempts_, scenario_->id, checked_->verdict,
                                checked_->strategy, source_)) {
      message_ = file_.take_notice();
    }
    progress_ = file_.read();
    new_medal_ = checked_->verdict == "pass" && !had_medal;
  }

  void take_keys() {
    const auto keys = terminal_.keys();
    if (keys.ended) done_ = true;
    for (const int key : keys.pressed) {
      if (!done_) press(key);
    }
  }

  void press(int key) {
    dirty_ = true;
    const int last = std::exchange(last_key_, key);
    const int page = std::max(1, terminal_.size().rows - 8);
    switch (key) {
      case ' ':
      case Terminal::kPageDown:
        from_ += page;
        return;
      case 'b':
      case Terminal::kPageUp:
        from_ = std::max(0, from_ - page);
        return;
      case 'j':
      case Terminal::kDown:
        ++from_;
        return;
      case 'k':
      case Terminal::kUp:
        from_ = std::max(0, from_ - 1);
        return;
      case Terminal::kHome:
        from_ = 0;
        return;
      case Terminal::kEnd:
        from_ = 1 << 20;
        return;
      default:
        break;
    }
    message_.clear();
    try {
      command(key, key == last);
    } catch (const std::exception& problem) {
      message_ = problem.what();
    }
  }

  // The keys at the bottom; `again`: the same one was pressed just before.
  void command(int key, bool again) {
    switch (key) {
      case 'q':
      case 4:  // Ctrl-D.
        done_ = true;
        break;
      case 'r':
      case '\r':
      case '\n':
        show(View::kVerdict);
        check("");
        break;
      case 'e':
        show(View::kExplain);
        break;
      case 'w':
        show(View::kRaw);
        break;
      case 'i':
        show(View::kReplay);
        break;
      case 'h':
        next_hint();
        break;
      case 'd':
        show(View::kDiff);
        break;
      case 's':
        ask_solutions();
        break;
      case 'x':
        reset(again);
        break;
      case 'l':
        show(View::kList);
        break;
      case 'n':
        next(again);
        break;
      case '?':
        show(View::kHelp);
        break;
      case 'v':
      case Terminal::kEscape:
        show(View::kVerdict);
        break;
      default:
        break;
    }
  }

  void show(View view) {
    view_ = view;
    from_ = 0;
    shown_.clear();
  }

  void next_hint() {
    const int total = static_cast<int>(scenario_->hints.size());
    note([&](workshop::Progress& progress) {
      auto& hints = progress.scenarios[scenario_->id].hints;
      hints = std::min(hints + 1, total);
    });
    show(View::kHint);
  }

  void ask_solutions() {
    show(View::kSolutions);
    may_see_solutions_ = standing().passed() || standing().solution_asked > 0;
    if (standing().passed()) return;
    note([&](workshop::Progress& progress) {
      auto& of = progress.scenarios[scenario_->id];
      of.peeked = of.peeked || of.solution_asked > 0;
      ++of.solution_asked;
    });
  }

  void reset(bool again) {
    if (!again && has_changed()) {
      message_ = "x once more begins afresh; what you have is kept beside it.";
      return;
    }
    last_key_ = 0;
    const auto kept = workshop::reset(*scenario_, attempts_);
    watcher_.watch(attempt_);
    message_ = kept.empty() ? "It is the racy collector that you began with."
                            : "What you had is kept: " + shown(kept);
    show(View::kVerdict);
    check("");
  }

  // Whether there is anything to lose.
  bool has_changed() const {
    std::error_code error;
    return fs::exists(attempt_, error) &&
           workshop::read_file(attempt_) != workshop::exercise_of(*scenario_);
  }

  // The next that has not passed, after this one, then from the beginning.
  const course::Scenario* following() const {
    const auto& all = course_.scenarios();
    const auto here = static_cast<std::size_t>(scenario_ - all.data());
    for (std::size_t i = 1; i < all.size(); ++i) {
      const auto& scenario = all[(here + i) % all.size()];
      if (!progress_.of(scenario.id).passed()) return &scenario;
    }
    return nullptr;
  }

  void next(bool again) {
    const auto* scenario = following();
    if (!scenario) {
      message_ = standing().passed() ? "Every scenario passes. l lists the medals still to win."
                                     : "Every other scenario passes; this one is the last.";
      return;
    }
    if (!standing().passed() && !again) {
      message_ = "It has not passed yet. n once more leaves it for now.";
      return;
    }
    last_key_ = 0;
    show(View::kVerdict);
    enter(*scenario);
  }

  // What the screen shows.

  std::string medals() const {
    std::string text;
    for (const auto& medal : workshop::kMedals) {
      if (!standing().medals.contains(medal)) continue;
      text += (text.empty() ? "medals: " : ", ") + medal;
    }
    return text;
  }

  std::string state_line() const {
    if (checked_) {
      const bool pass = checked_->verdict == "pass";
      const auto word =
          bold(pass ? green(checked_->verdict, colour_) : red(checked_->verdict, colour_), colour_);
      return word + "  " + dim(status_, colour_);
    }
    if (!checker_.running()) return status_;
    return bold(yellow("checking ...", colour_), colour_) + (step_.empty() ? "" : "  " + step_) +
           elapsed_ + (why_.empty() ? "" : "  " + dim(why_, colour_));
  }

  // How long the check takes, once that is long; not where each change is written below the last.
  std::string elapsed() const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - began_);
    if (!checker_.running() || seconds.count() < 3 || !terminal_.can_place()) return "";
    return fmt::format("  {} s", seconds.count());
  }

  std::vector<std::string> top(int width) const {
    std::size_t passed = 0;
    for (const auto& scenario : course_.scenarios()) passed += progress_.of(scenario.id).passed();
    return {workshop::ends(bold(scenario_->id, colour_) + "  " + scenario_->title,
                           fmt::format("{} of {} pass", passed, course_.scenarios().size()), width),
            workshop::ends("edit " + shown(attempt_), medals(), width), state_line(), ""};
  }

  std::vector<std::string> bottom(int width) const {
    const auto rule = std::string(static_cast<std::size_t>(width), '-');
    auto lines = workshop::folded(message_.empty() ? dim(rule, colour_) : yellow(message_, colour_),
                                  width, true);
    constexpr int kWide = 76;
    const bool wide = width >= kWide;
    lines.emplace_back(wide ? "r run  e explain  w raw report  i interleaving  h hint  d diff  "
                              "s solutions"
                            : "r run  e explain  w raw  i steps  h hint  d diff");
    lines.emplace_back(wide ? "x reset  l list  n next  v verdict  ? help  q quit     "
                              "space/b scroll"
                            : "s fixes  x reset  l list  n next  ? help  q quit");
    return lines;
  }

  // What the judge left behind of the check that is shown; nothing when that is not there.
  std::string left_behind(const char* name) const {
    std::error_code error;
    const bool is_there = !folder_.empty() && fs::exists(folder_ / name, error);
    return is_there ? workshop::read_file(folder_ / name) : "";
  }

  std::vector<std::string> nothing_left_behind() const {
    if (checker_.running()) return {"Not yet: it is still checking."};
    if (folder_.empty()) return failure_;
    return {"The judge ended before it could tell. r runs it again; v shows its last words."};
  }

  std::vector<std::string> file_lines(const char* name, int width) const {
    const auto lines = lines_of(left_behind(name));
    return lines.empty() ? nothing_left_behind() : workshop::fit_code(lines, width);
  }

  std::vector<std::string> replay_lines(int width) const {
    const auto story = story::read(left_behind("story.json"));
    if (!story) return file_lines("replay.txt", width);
    std::vector<std::string> lines = {bold(story::in_words(story->test), colour_)};
    const story::Page page{.columns = width, .colour = colour_};
    const auto steps = story::table(*story, page);
    if (!steps.empty()) {
      lines.push_back(
          dim("Arrow: who runs next. \"preempted\": the one before could have gone on.", colour_));
      lines.emplace_back();
    }
    lines.insert(lines.end(), steps.begin(), steps.end());
    lines.emplace_back();
    const auto finding = story::finding(*story, page);
    lines.insert(lines.end(), finding.begin(), finding.end());
    return lines;
  }

  std::vector<std::string> verdict_lines(int width) const {
    if (!checked_) {
      if (!checker_.running()) return failure_;
      return {"", "  " + fmt::format("Judging {} ...", shown(attempt_)), "",
              "  A save meanwhile begins anew. What never ends is given up after a minute of "
              "processor time."};
    }
    auto lines = workshop::fit_code(checked_->text, width);
    if (checked_->story) {
      lines.emplace_back();
      const auto story = short_story_lines(*checked_->story, width, colour_);
      lines.insert(lines.end(), story.begin(), story.end());
    }
    if (checked_->verdict == "pass") add_after_pass(lines, width);
    return lines;
  }

  void add_after_pass(std::vector<std::string>& lines, int width) const {
    lines.emplace_back();
    lines.push_back(fmt::format("  Strategy: {}. {}", bold(checked_->strategy, colour_),
                                new_medal_ ? "A medal you did not have." : "You have that medal."));
    const auto* following_one = following();
    lines.push_back(following_one ? "  n goes on to " + following_one->id + ". s shows the fixes."
                                  : "  Every scenario passes. Well done.");
    std::vector<std::string> others;
    for (const auto& solution : workshop::solutions(*scenario_)) {
      const bool known = std::find(workshop::kMedals.begin(), workshop::kMedals.end(),
                                   solution.strategy) != workshop::kMedals.end();
      if (!known || standing().medals.contains(solution.strategy)) continue;
      constexpr int kIndent = 21;
      auto name = solution.strategy;  // Beside the first line alone.
      for (const auto& line : workshop::folded(solution.costs, width - kIndent, true)) {
        others.push_back(fmt::format("    {:<16} {}", std::exchange(name, ""), line));
      }
    }
    if (!others.empty()) {
      lines.emplace_back("");
      lines.emplace_back("  To try next, in the same file, with what it costs:");
      lines.insert(lines.end(), others.begin(), others.end());
    }
  }

  std::vector<std::string> welcome_lines() const {
    return {"",
            "  Each exercise is a small C++ collector of Redis records with a fault that real",
            "  programs had: two threads use it, and something goes wrong.",
            "",
            "  1. Open  " + bold(shown(attempt_), colour_) + "  in your editor, beside this.",
            "  2. Read the verdict here (v), find the two places, and mend them.",
            "  3. Save. Every save is judged at once: in every order of the threads, running",
            "     free, and in every interleaving up to two preemptions.",
            "  4. When it passes, n goes on; or try another strategy in the same file:",
            "     mutex, rwlock, sharded_map, message_passing. Each is a medal.",
            "",
            "  Stuck? h is a hint, then another. The story of this one:",
            "  " + shown(scenario_->readme)};
  }

  std::vector<std::string> hint_lines(int width) const {
    const int seen = standing().hints;
    const auto total = scenario_->hints.size();
    if (total == 0)
      return {"There are no hints for this one. Its story: " + shown(scenario_->readme)};
    std::vector<std::string> lines;
    for (int tier = std::min<int>(seen, static_cast<int>(total)); tier > 0; --tier) {
      lines.push_back(bold(fmt::format("Hint {} of {}", tier, total), colour_));
      lines.emplace_back();
      const auto text = wrapped(scenario_->hints[static_cast<std::size_t>(tier) - 1], width);
      lines.insert(lines.end(), text.begin(), text.end());
      lines.emplace_back();
    }
    const bool more = seen < static_cast<int>(total);
    lines.insert(lines.begin() + std::min<std::ptrdiff_t>(std::ssize(lines), 0),
                 {more ? "h once more shows the next." : "That is all. s shows the fixes.", ""});
    return lines;
  }

  // What is folded goes on further in, behind the mark of its line.
  std::vector<std::string> diff_to_racy(int width) const {
    const auto racy = workshop::exercise_of(*scenario_);
    const auto changes = diff_lines(workshop::diff(racy, workshop::read_file(attempt_)), colour_);
    if (changes.empty()) return {"", "  It is the racy collector still: nothing has changed."};
    constexpr int kIndent = 6;
    std::vector<std::string> lines;
    for (const auto& change : changes) {
      std::string before;
      for (const auto& part : workshop::folded(change, width - kIndent, true)) {
        lines.push_back(before + part);
        before.assign(kIndent, ' ');
      }
    }
    return lines;
  }

  std::vector<std::string> all_solutions(int width) const {
    if (!may_see_solutions_) {
      return {"", "  You have not passed this one yet: h is a hint.", "",
              "  s once more shows the fixes all the same; it will be on record."};
    }
    std::vector<std::string> lines;
    for (const auto& solution : workshop::solutions(*scenario_)) {
      const auto more = solution_lines(solution, width, colour_);
      lines.insert(lines.end(), more.begin(), more.end());
    }
    return lines;
  }

  static std::vector<std::string> help_lines(int width) {
    constexpr std::pair<const char*, const char*> kKeys[] = {
        {"r, Enter   judge now, without a save", "e  what was found, explained"},
        {"v, Escape  back to the verdict", "w  the detector's own words"},
        {"h  the next hint", "i  an interleaving, step by step"},
        {"d  what you changed", "s  the fixes, and what they cost"},
        {"x x  begin afresh; yours is kept", "l  all scenarios, and your medals"},
        {"n  the next that has not passed", "q  quit; all is kept"},
        {"space, b, arrows  scroll", ""}};
    const bool wide = width >= 76;
    std::vector<std::string> lines;
    for (const auto& [left, right] : kKeys) {
      lines.push_back(wide ? fmt::format("  {:<41} {}", left, right) : fmt::format("  {}", left));
    }
    for (const auto& [left, right] : kKeys) {
      if (!wide && *right) lines.push_back(fmt::format("  {}", right));
    }
    lines.emplace_back();
    lines.push_back(
        fmt::format("  Another scenario: {0} start NN, then {0}. The rest: {0} --help.", called()));
    return lines;
  }

  std::vector<std::string> body(int width) {
    switch (view_) {
      case View::kWelcome:
        return welcome_lines();
      case View::kVerdict:
        return verdict_lines(width);
      case View::kExplain:
        return file_lines("explain.txt", width);
      case View::kRaw:
        return file_lines("raw.txt", width);
      case View::kReplay:
        return replay_lines(width);
      case View::kHint:
        return hint_lines(width);
      case View::kDiff:
        return diff_to_racy(width);
      case View::kSolutions:
        return all_solutions(width);
      case View::kList:
        return list_lines(course_, progress_, width, colour_);
      case View::kHelp:
        return help_lines(width);
    }
    return {};
  }

  void draw() {
    const auto size = terminal_.size();
    std::vector<std::string> lines;
    try {
      lines = body(size.columns);
    } catch (const std::exception& problem) {
      lines = {problem.what()};
    }
    const Page page{top(size.columns), std::move(lines), bottom(size.columns)};
    if (terminal_.can_place()) {
      terminal_.show(workshop::laid_out(page, size, from_));
      return;
    }
    // Line by line: all of it, when it is another than before.
    std::vector<std::string> all = page.top;
    all.insert(all.end(), page.body.begin(), page.body.end());
    all.insert(all.end(), page.bottom.begin(), page.bottom.end());
    if (all == shown_) return;
    shown_ = all;
    terminal_.show(all);
  }

  const course::Course& course_;
  const fs::path attempts_;
  const fs::path scratch_;
  workshop::ProgressFile file_;
  workshop::Progress progress_;
  const bool colour_;

  const course::Scenario* scenario_ = nullptr;
  fs::path attempt_;
  fs::path folder_;     // Of the check that runs or ran last.
  std::string source_;  // What is judged.
  bool built_ = false;  // What the judge needs beside the attempt is up to date.
  int checks_ = 0;
  std::string status_;
  std::string why_;   // "saved 12:03:22"
  std::string step_;  // Of the judge that runs.
  Clock::time_point began_;
  std::string elapsed_;
  std::optional<Checked> checked_;
  std::vector<std::string> failure_;  // The last words of a judge that gave no verdict.
  bool new_medal_ = false;

  View view_ = View::kVerdict;
  bool may_see_solutions_ = false;
  int from_ = 0;  // First line of the body on the screen.
  int last_key_ = 0;
  std::string message_;
  std::vector<std::string> shown_;  // On a terminal that is written line by line.
  bool dirty_ = true;
  bool done_ = false;
  int exit_code_ = 0;

  workshop::Watcher watcher_;
  Terminal terminal_;
  workshop::Checker checker_;  // Last: what it runs ends first.
};

}  // namespace

int run_loop(const course::Course& course, const fs::path& attempts, const fs::path& scratch) {
  std::string farewell;
  int exit_code = 0;
  {
    Loop loop(course, attempts, scratch);
    exit_code = loop.run();
    farewell = loop.farewell();
  }
  fmt::print("{}\n", farewell);
  return exit_code;
}

}  // namespace lab::cli
