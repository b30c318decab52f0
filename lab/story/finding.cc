#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "lab/report/names.h"
#include "lab/report/sources.h"
#include "lab/report/text.h"
#include "lab/story/layout.h"
#include "lab/story/story.h"

namespace lab::story {
namespace {

constexpr std::size_t kMessageLinesMax = 16;
constexpr std::size_t kTitleLinesMax = 4;

std::string place(const std::string& file, int line) {
  const auto name = std::filesystem::path(file).filename().string();
  return line > 0 ? fmt::format("{}:{}", name, line) : name;
}

class Finding {
 public:
  Finding(const Story& story, const Page& page) : story_(story), page_(page) {}

  std::vector<std::string> lines() {
    if (story_.kind == "data race" || story_.kind == "use after free") {
      tell_accesses();
    } else if (story_.verdict == "deadlock" || story_.kind == "standstill") {
      tell_deadlock();
    } else if (story_.verdict == "wrong_result") {
      tell_expectation();
    } else {
      tell_message();
    }
    tell_of_older_value();
    return std::move(lines_);
  }

 private:
  void title(const std::string& text) {
    for (const auto& line : wrapped(harmless(text), width(), kTitleLinesMax)) {
      lines_.push_back(painted(kBoldRed, line, page_.colour));
    }
  }
  void say(const std::string& text) { lines_.push_back("  " + harmless(text)); }
  std::size_t width() const { return static_cast<std::size_t>(std::max(page_.columns, 40)); }

  void show_source(const std::string& file, int line) {
    const auto source = sources_.line(file, line);
    if (!source) return;
    const auto text = fmt::format("{:>6} | {}", line, harmless(trimmed(*source)));
    lines_.push_back(painted(kRed, fitted(text, width()), page_.colour));
  }

  // It takes some explaining: no run of the program may ever have shown it.
  void tell_of_older_value() {
    const auto found = std::find_if(story_.steps.begin(), story_.steps.end(),
                                    [](const Step& step) { return step.op == "finds an older"; });
    if (found == story_.steps.end()) return;
    const auto text = fmt::format(
        "{} finds an older {}: no memory order makes the latest visible there. Some processors "
        "and compilers do so.",
        found->thread, found->object.empty() ? "value" : found->object);
    for (const auto& line : wrapped(harmless(text), width() - 2, kTitleLinesMax)) say(line);
  }

  static std::string held(const Side& side) {
    if (side.locks.empty()) return "no lock held";
    std::vector<std::string> names;
    for (const Lock& lock : side.locks)
      names.push_back(lock.name + (lock.shared ? " (shared)" : ""));
    return "holds " + report::and_list(names);
  }

  static std::string function_of(const Side& side) {
    const auto name = report::bare_name(side.function);
    if (name.empty()) return "";
    return name == "lambda" ? " in a lambda" : " in " + name + "()";
  }

  void tell_accesses() {
    const bool race = story_.kind == "data race";
    const auto object = story_.sides.empty() ? std::string() : story_.sides.front().object;
    const auto on = object.empty() ? "" : " on " + object;
    title(race ? "data race" + on + ": nothing orders these two accesses"
               : "use after free" + on + ": the memory was given back");
    for (const Side& side : story_.sides) {
      say(fmt::format("{:<5} {}{}   {}   {}", side.thread, side.op, function_of(side),
                      side.file.empty() ? "in a library" : place(side.file, side.line),
                      held(side)));
      show_source(side.file, side.line);
    }
    if (race && !shares_lock()) say("no lock in common");
  }

  bool shares_lock() const {
    if (story_.sides.size() < 2) return false;
    const auto& [first, second] = std::tie(story_.sides[0].locks, story_.sides[1].locks);
    return std::any_of(first.begin(), first.end(), [&second](const Lock& one) {
      return std::any_of(second.begin(), second.end(),
                         [&one](const Lock& other) { return one.name == other.name; });
    });
  }

  const Side* side_of(const std::string& thread) const {
    const auto found = std::find_if(story_.sides.begin(), story_.sides.end(),
                                    [&](const Side& side) { return side.thread == thread; });
    return found == story_.sides.end() ? nullptr : &*found;
  }

  // The threads that wait for each other in a ring, if any do.
  std::vector<const Side*> cycle() const {
    for (const Side& start : story_.sides) {
      std::vector<const Side*> path = {&start};
      for (const Side* at = side_of(start.holder); at != nullptr; at = side_of(at->holder)) {
        if (at == &start) return path;
        if (std::find(path.begin(), path.end(), at) != path.end()) break;
        path.push_back(at);
      }
    }
    return {};
  }

  static bool waits_to_be_told(const Side& side) {
    return side.op == "wake_up" || side.op == "wait" || side.op == "acquire" || side.op == "pass";
  }

  void tell_deadlock() {
    const auto ring = cycle();
    std::vector<std::string> names;
    for (const Side* side : ring) names.push_back(side->thread);
    const auto waiting = std::find_if(story_.sides.begin(), story_.sides.end(), waits_to_be_told);
    const auto left = std::find_if(story_.sides.begin(), story_.sides.end(),
                                   [](const Side& side) { return side.holder_has_ended; });
    const bool test_has_ended = std::any_of(story_.sides.begin(), story_.sides.end(),
                                            [](const Side& side) { return side.op == "exit"; });
    if (ring.size() == 1 && ring.front()->op == "join") {
      title("deadlock: " + names.front() + " waits for its own end");
    } else if (ring.size() == 1) {
      title("deadlock: " + names.front() + " waits for what it holds itself");
    } else if (!ring.empty()) {
      title("deadlock: " + report::and_list(names) + " wait for each other, for ever");
    } else if (test_has_ended && waiting != story_.sides.end()) {
      title(fmt::format("deadlock: the test has ended, and {} still waits for {}", waiting->thread,
                        waiting->object));
    } else if (left != story_.sides.end()) {
      title(
          fmt::format("deadlock: {} has ended and never gave back {}", left->holder, left->object));
    } else if (waiting != story_.sides.end() && story_.verdict == "deadlock") {
      title(fmt::format("{}: {} waits for {}, and no thread is left to wake it", story_.kind,
                        waiting->thread, waiting->object));
    } else {
      const auto colon = story_.message.find(':');
      title(story_.kind + ": " + story_.message.substr(0, colon));
    }
    for (const Side* side : ring) tell_waiting(*side);
    for (const Side& side : story_.sides) {
      if (std::find(ring.begin(), ring.end(), &side) == ring.end()) tell_waiting(side);
    }
  }

  void tell_waiting(const Side& side) {
    std::vector<std::string> locks;
    for (const Lock& lock : side.locks) {
      locks.push_back(lock.name +
                      (lock.line > 0 ? " (since line " + std::to_string(lock.line) + ")" : ""));
    }
    std::string text = fmt::format("{:<5}", side.thread);
    if (!locks.empty()) text += " holds " + report::and_list(locks) + ",";
    if (side.op == "join") {
      text += " waits for the end of " + side.object;
    } else if (side.op == "exit") {
      text += " has ended the test, and every thread has to end with it";
    } else if (side.op == "sleep") {
      text += " sleeps";
    } else {
      text += " waits for " + side.object;
    }
    if (!side.holder.empty() && side.op != "join") {
      text += ", which " + side.holder + (side.holder_has_ended ? " never gave back" : " holds");
    }
    const auto where = side.file.empty() ? std::string() : place(side.file, side.line);
    const bool fits = width_of(text) + 3 + width_of(where) + 2 <= width();
    say(text + (where.empty() || !fits ? "" : "   " + where));
    if (!where.empty() && !fits) say("      " + where);
    if (side.op != "join" && side.op != "exit") show_source(side.file, side.line);
  }

  // "file:line: text", over several lines.
  void tell_expectation() {
    std::istringstream in(story_.message);
    std::string line;
    std::getline(in, line);
    const auto end_of_line = line.find(": ");
    const auto where = line.substr(0, end_of_line);
    const auto colon = where.rfind(':');
    const bool placed = end_of_line != std::string::npos && colon != std::string::npos && colon > 0;
    title("wrong result: it does not hold that " + in_words(story_.test));
    if (placed) {
      const auto file = where.substr(0, colon);
      const int number = std::atoi(where.c_str() + colon + 1);
      say((story_.sides.empty() ? "" : fmt::format("{:<5} ", story_.sides.front().thread)) +
          place(file, number));
      show_source(file, number);
      line = line.substr(end_of_line + 2);
    }
    show_lines(line, in);
  }

  void show_lines(std::string line, std::istream& in) {
    std::size_t shown = 0;
    do {
      if (line.empty()) continue;
      for (const auto& part : wrapped(harmless(line), width() - 4, kMessageLinesMax)) {
        say("  " + part);
      }
    } while (++shown < kMessageLinesMax && std::getline(in, line));
  }

  void tell_message() {
    std::istringstream in(story_.message);
    std::string line;
    std::getline(in, line);
    title(story_.kind + ": " + line);
    show_lines("", in);
    for (const Side& side : story_.sides) {
      if (side.file.empty()) continue;
      say(fmt::format("{:<5} {}{}   {}", side.thread, side.op, function_of(side),
                      place(side.file, side.line)));
      show_source(side.file, side.line);
    }
    if (story_.sides.empty()) tell_where_threads_stand();
  }

  // Of what came to no end: the last line of the user's own at which each thread was seen.
  void tell_where_threads_stand() {
    std::map<std::string, const Step*> last;
    for (const Step& step : story_.steps) {
      if (step.op == "exit") {
        last.erase(step.thread);
      } else if (!step.file.empty() && step.line > 0) {
        last[step.thread] = &step;
      }
    }
    for (const auto& [thread, step] : last) {
      say(fmt::format("{:<5} was last seen at   {}", thread, place(step->file, step->line)));
      show_source(step->file, step->line);
    }
  }

  const Story& story_;
  const Page& page_;
  report::Sources sources_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> finding(const Story& story, const Page& page) {
  return Finding(story, page).lines();
}

}  // namespace lab::story
