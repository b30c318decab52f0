#include "lab/story/rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "lab/report/names.h"

namespace lab::story {
namespace {

bool is_access(const Step& step) { return step.op == "read" || step.op == "write"; }
bool is_inside(const Step& step) { return !step.within.empty() || step.file.empty(); }

// "set_value()": what the line calls.
std::string place_of(const Step& step) {
  const auto name = report::bare_name(step.within);
  return name.empty() ? "a library" : name + "()";
}

std::string what(const Step& step) {
  if (step.op == "create") return "starts " + step.object;
  if (step.op == "join") {
    return step.blocked ? "waits for " + step.object + " to end" : "joins " + step.object;
  }
  if (step.blocked) return step.object.empty() ? "lets others run" : "waits for " + step.object;
  if (step.op.ends_with(" (timed out)")) return "times out: " + step.object;
  if (step.op.ends_with(" (by itself)")) return "wakes up, not notified: " + step.object;
  if (step.op == "wake_up") return "wakes up: " + step.object;
  return step.object.empty() ? step.op : step.op + " " + step.object;
}

// Makes rows of steps, one after the other.
class Rows {
 public:
  explicit Rows(const Story& story) : story_(story) {
    for (const Step& step : story.steps) others_ = others_ || step.thread != "main";
  }

  std::vector<Row> all() {
    for (at_ = 0; at_ < story_.steps.size();) take();
    remark_on_main();
    return std::move(rows_);
  }

 private:
  void take() {
    const Step& step = story_.steps[at_];
    if (step.op == "start" || (step.op == "exit" && step.thread == "main")) {
      preempts_ = preempts_ || step.preempts;  // The thread's first row tells.
      ++at_;
    } else if (step.op == "exit") {
      --alive_;
      ++at_;
      end(step.thread);
    } else if (step.thread == "main" && others_ && narrates(step)) {
      ++at_;
    } else {
      remark_on_main();
      if (is_inside(step)) {
        take_inside();
      } else if (is_access(step)) {
        take_accesses();
      } else {
        alive_ += step.op == "create";
        rows_.push_back(row(step, what(step)));
        ++at_;
      }
    }
  }

  // What of the main thread's doings is no row.
  bool narrates(const Step& step) {
    if (step.op == "create") {
      if (main_alone_ > 0) remark_on_main();
      started_.push_back(step.object);
      ++alive_;
      return true;
    }
    if (step.op == "join") return true;
    if (alive_ > 0) return false;
    if (!started_.empty()) remark_on_main();
    main_alone_ += is_inside(step) || is_access(step) ? 0 : 1;
    return true;
  }

  void remark_on_main() {
    if (!started_.empty()) {
      std::string names;
      for (std::size_t i = 0; i < started_.size(); ++i) {
        const bool last = i + 1 == started_.size();
        names += (i == 0 ? "" : last ? " and " : ", ") + started_[i];
      }
      rows_.push_back(remark("main starts " + names));
      started_.clear();
      begun_ = true;
    }
    if (main_alone_ > 0) {
      rows_.push_back(
          remark(fmt::format("main takes {} step{} {}", main_alone_, main_alone_ == 1 ? "" : "s",
                             begun_ ? "once they have ended" : "before")));
      main_alone_ = 0;
    }
  }

  void end(const std::string& thread) {
    for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) {
      if (row->thread != thread) continue;
      row->ends = true;
      return;
    }
  }

  static Row remark(std::string text) {
    Row row;
    row.text = std::move(text);
    return row;
  }

  Row row(const Step& step, std::string text) {
    Row row;
    row.thread = step.thread;
    row.text = std::move(text);
    row.file = step.file;
    row.line = step.line;
    row.preempts = std::exchange(preempts_, false) || step.preempts;
    return row;
  }

  bool continues(const Step& first) const {
    if (at_ == story_.steps.size()) return false;
    const Step& step = story_.steps[at_];
    return step.thread == first.thread && step.file == first.file && step.line == first.line &&
           !step.preempts;
  }

  // Steps inside of a library that one line leads to.
  void take_inside() {
    const Step& first = story_.steps[at_];
    int count = 0;
    do {
      count += is_access(story_.steps[at_]) ? 0 : 1;
      ++at_;
    } while (continues(first) && (is_inside(story_.steps[at_]) || is_access(story_.steps[at_])));
    rows_.push_back(row(first, fmt::format("… {} in {}", std::max(count, 1), place_of(first))));
    rows_.back().folded = true;
  }

  // A line's accesses to what the threads share.
  void take_accesses() {
    const Step& first = story_.steps[at_];
    std::set<std::string> names;
    bool reads = false;
    bool writes = false;
    do {
      const Step& step = story_.steps[at_++];
      (step.op == "read" ? reads : writes) = true;
      if (!step.object.empty()) names.insert(step.object);
    } while (continues(first) && is_access(story_.steps[at_]) && !is_inside(story_.steps[at_]));
    std::string text = reads && writes ? "read, write" : reads ? "read" : "write";
    if (names.size() == 1) text += " " + *names.begin();
    rows_.push_back(row(first, std::move(text)));
  }

  const Story& story_;
  bool others_ = false;
  bool begun_ = false;
  bool preempts_ = false;  // A start without a row of its own did.
  int alive_ = 0;
  int main_alone_ = 0;
  std::size_t at_ = 0;
  std::vector<std::string> started_;
  std::vector<Row> rows_;
};

bool alike(const Row& a, const Row& b) {
  return a.thread == b.thread && a.text == b.text && a.file == b.file && a.line == b.line &&
         a.ends == b.ends;
}

// How often the `period` rows at `at` come again right behind themselves.
std::size_t repeats(const std::vector<Row>& rows, std::size_t at, std::size_t period) {
  auto end = at + period;
  while (end < rows.size() && alike(rows[end], rows[end - period])) ++end;
  return (end - at) / period - 1;
}

// What is done over and over is shown once, with how often it comes again.
std::vector<Row> without_repeats(std::vector<Row> rows) {
  constexpr std::size_t kPeriodMax = 12;
  constexpr std::size_t kRepeatsMin = 3;
  std::vector<Row> shown;
  for (std::size_t at = 0; at < rows.size();) {
    std::size_t period = 1;
    while (period <= kPeriodMax && at + period <= rows.size() &&
           repeats(rows, at, period) < kRepeatsMin) {
      ++period;
    }
    if (period > kPeriodMax || at + period > rows.size()) {
      shown.push_back(std::move(rows[at++]));
      continue;
    }
    const auto times = repeats(rows, at, period);
    shown.insert(shown.end(), rows.begin() + static_cast<std::ptrdiff_t>(at),
                 rows.begin() + static_cast<std::ptrdiff_t>(at + period));
    Row remark;
    remark.text =
        fmt::format("… {} again, {} times …",
                    period == 1 ? "this step" : fmt::format("these {} steps", period), times);
    remark.left_out = static_cast<int>(times * period);
    shown.push_back(std::move(remark));
    at += (times + 1) * period;
  }
  return shown;
}

}  // namespace

std::vector<Row> rows_of(const Story& story) { return without_repeats(Rows(story).all()); }

}  // namespace lab::story
