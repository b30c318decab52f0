#include "lab/report/draft.h"

#include <algorithm>
#include <utility>

#include "lab/report/text.h"

namespace lab::report {
namespace {

// Bounds of one report. Real ones hold a few hundred lines; the longest stacks 256 frames.
constexpr std::size_t kLinesMax = 20'000;
constexpr std::size_t kTextMax = 4 << 20;
constexpr std::size_t kIdleMax = 2'000;
constexpr std::size_t kTimestampDigits = 6;
// Two accesses of one report touch at least one byte in common.
constexpr std::uint64_t kNear = 64;

// Whether reports of the kind hold accesses, as far as known: kinds to come may hold anything.
bool may_have_accesses(std::string_view kind) {
  return kind.find("race") != std::string_view::npos ||
         kind.find("use-after-free") != std::string_view::npos || !is_known_kind(kind);
}

bool may_begin_with_stack(std::string_view kind) {
  return !may_have_accesses(kind) || !is_known_kind(kind);
}

// Modules that say nothing of the process: the libraries that all of them load.
bool is_shared(std::string_view module) {
  return module.empty() || module.front() == '[' || module.find(".so") != std::string_view::npos;
}

bool near(std::uint64_t a, std::uint64_t b) { return (a > b ? a - b : b - a) < kNear; }

}  // namespace

std::string prefix_key(std::string_view prefix) {
  std::string key(prefix);
  if (static_cast<std::size_t>(std::count_if(key.begin(), key.end(), is_digit)) <
      kTimestampDigits) {
    return key;
  }
  std::replace_if(key.begin(), key.end(), is_digit, '0');
  return key;
}

Draft::Draft(const Header& header, std::string_view separator, std::string test)
    : key_(prefix_key(header.prefix)) {
  report_.kind = header.kind;
  report_.pid = header.pid;
  report_.fatal = header.fatal;
  report_.test = std::move(test);
  if (!separator.empty()) append(separator);
  append(header.text);
}

std::optional<std::string_view> Draft::strip(std::string_view line) const {
  if (key_.empty()) return line;
  const auto prefix = line.substr(0, key_.size());
  if (prefix == key_ || (prefix.size() == key_.size() && prefix_key(prefix) == key_)) {
    return line.substr(key_.size());
  }
  // What stood before the header was another writer's noise, not the prefix of a log.
  if (is_word(key_.back())) return line;
  // Logs lose the spaces at the end of a line.
  if (trim(prefix) == trim(key_)) return std::string_view{};
  return std::nullopt;
}

void Draft::append(std::string_view text) {
  if (++lines_ > kLinesMax || report_.text.size() + text.size() > kTextMax) {
    report_.truncated = true;
    return;
  }
  report_.text += text;
  report_.text += '\n';
}

void Draft::close() {
  if (complete_) return;
  complete_ = true;
  // Without a summary (print_summary=0) a report ends with its separator.
  if (!summarised() && !separated_ && !report_.fatal) report_.truncated = true;
}

void Draft::pass() {
  if (++idle_ > kIdleMax) close();
}

void Draft::end_after_summary(const Line& line) {
  if (line.kind == LineKind::separator || line.kind == LineKind::aborting) append(line.text);
  complete_ = true;
}

void Draft::take(const Line& line) {
  idle_ = 0;
  if (line.kind == LineKind::separator) {
    append(line.text);
    separated_ = true;
    return;
  }
  separated_ = false;
  const bool indented = line.kind != LineKind::summary && line.kind != LineKind::signal;
  const bool deep = line.kind == LineKind::frame || line.kind == LineKind::lost_stack;
  append(line.kind == LineKind::blank ? std::string()
                                      : std::string(deep       ? 4
                                                    : indented ? 2
                                                               : 0,
                                                    ' ') +
                                            std::string(line.text));
  if (report_.truncated && lines_ > kLinesMax) return;
  if (line.kind == LineKind::frame) {
    take_frame(line);
  } else if (line.kind == LineKind::lost_stack) {
    if (!report_.accesses.empty() && stack_ == &report_.accesses.back().stack) {
      report_.accesses.back().stack_lost = true;
    }
    stack_ = nullptr;
  } else if (line.kind != LineKind::blank && line.kind != LineKind::hint) {
    take_section(line);
  }
}

void Draft::take_frame(const Line& line) {
  // A report of a kind that has no accesses begins with its stack.
  if (line.index == 0 && (!stack_ || !stack_->empty())) stack_ = &report_.stacks.emplace_back();
  if (!stack_) return;
  stack_->push_back(parse_frame(line.rest));
  const auto& module = stack_->back().module;
  if (!is_shared(module) && std::find(modules_.begin(), modules_.end(), module) == modules_.end()) {
    modules_.push_back(module);
  }
}

void Draft::take_section(const Line& line) {
  stack_ = nullptr;
  switch (line.kind) {
    case LineKind::access:
      stack_ = &report_.accesses.emplace_back(line.access).stack;
      break;
    case LineKind::location:
      stack_ = &report_.locations.emplace_back(line.location).stack;
      break;
    case LineKind::mutex:
      stack_ = &report_.mutexes.emplace_back(line.mutex).created;
      break;
    case LineKind::thread:
      stack_ = &report_.threads.emplace_back(line.thread).created;
      break;
    case LineKind::cycle:
      for (const auto& mutex : line.cycle) {
        report_.cycle.push_back(mutex.id);
        if (mutex.address != 0) report_.mutexes.push_back(mutex);
      }
      break;
    case LineKind::edge:
      stack_ = &report_.edges.emplace_back(line.edge).acquired_at;
      break;
    case LineKind::edge_held:
      if (!report_.edges.empty()) stack_ = &report_.edges.back().held_at;
      break;
    case LineKind::sleep:
      report_.via_sleep = true;
      stack_ = &report_.slept;
      break;
    case LineKind::stack:
      stack_ = &report_.stacks.emplace_back();
      break;
    case LineKind::more:
      report_.more = line.count;
      break;
    case LineKind::signal:
      report_.accesses.push_back(line.access);
      break;
    case LineKind::summary:
      report_.summary = line.rest;
      // An allocator's error has no name but here: "allocation-size-too-big /src/a.cc:7 in main".
      if (report_.fatal && report_.kind.find(' ') != std::string::npos) {
        const auto name = line.rest.substr(0, line.rest.find(' '));
        if (name.find('-') != std::string_view::npos) report_.kind = name;
      }
      break;
    default:
      break;
  }
}

int Draft::fits(const Line& line) const {
  switch (line.kind) {
    case LineKind::frame:
      return fits_frame(line);
    case LineKind::access:
      return fits_access(line.access);
    case LineKind::location:
      return fits_location(line.location);
    case LineKind::mutex:
      return mentions(line.mutex.id) ? 5 : 1;
    case LineKind::cycle:
      return report_.cycle.empty() && may_begin_with_stack(report_.kind) ? 5 : 0;
    case LineKind::edge:
      return mentions(line.edge.acquired) && mentions(line.edge.held) ? 5 : 1;
    case LineKind::edge_held:
      if (report_.edges.empty() || !report_.edges.back().held_at.empty()) return 0;
      return report_.edges.back().held == line.edge.held ? 5 : 1;
    case LineKind::thread:
      return fits_thread(line.thread);
    case LineKind::summary:
      return line.rest.starts_with(report_.kind) ? 5 : 1;
    case LineKind::lost_stack:
      return stack_ && stack_->empty() ? 5 : 0;
    case LineKind::more:
      return report_.kind == "thread leak" ? 5 : 1;
    case LineKind::signal:
    case LineKind::aborting:
      return report_.fatal ? 5 : 0;
    case LineKind::stack:
      return fits_heading(line.text);
    case LineKind::sleep:
      return !report_.via_sleep && !report_.accesses.empty() ? 5 : 1;
    case LineKind::other:
      return 0;
    default:
      return 1;
  }
}

int Draft::fits_frame(const Line& line) const {
  const bool begins = line.index == 0 && (report_.fatal || may_begin_with_stack(report_.kind)) &&
                      (report_.fatal || report_.accesses.empty()) && report_.stacks.empty() &&
                      report_.threads.empty();
  if (!stack_ && !begins) return 0;
  int fit = 1;
  if (!stack_) {
    fit = 6;
  } else if (line.index == stack_->size()) {
    fit = 6;
  } else if (!begins && (line.index < stack_->size() || line.index > stack_->size() + 16)) {
    return 0;
  }
  const auto module = parse_frame(line.rest).module;
  if (is_shared(module)) return fit;
  const bool seen = std::find(modules_.begin(), modules_.end(), module) != modules_.end();
  return fit + (seen ? 3 : modules_.empty() ? 0 : -std::min(fit - 1, 2));
}

int Draft::fits_access(const Access& access) const {
  if (report_.fatal || !may_have_accesses(report_.kind)) return 0;
  if (report_.accesses.empty()) return access.previous ? 1 : 4;
  const auto& first = report_.accesses.front();
  if (!access.previous) return 1;
  return near(first.address, access.address) ? 8 : 1;
}

int Draft::fits_location(const Location& location) const {
  if (report_.fatal) return 0;
  if (report_.accesses.empty() || location.size == 0) return 2;
  const auto address = report_.accesses.front().address;
  const bool inside =
      address + kNear >= location.address && address < location.address + location.size + kNear;
  return inside ? 8 : 1;
}

int Draft::fits_heading(std::string_view text) const {
  if (report_.fatal) return 0;
  if (text.starts_with("Signal ")) return report_.kind.starts_with("signal") ? 6 : 1;
  if (text == "and:") return report_.stacks.size() == 1 ? 6 : 1;
  return is_known_kind(report_.kind) ? 1 : 3;
}

// A process's threads get numbers soon after its own.
int Draft::fits_thread(const Thread& thread) const {
  const auto described = [&](const Thread& one) { return one.id == thread.id; };
  if (std::any_of(report_.threads.begin(), report_.threads.end(), described)) return 0;
  const auto pid = static_cast<std::uint64_t>(report_.pid);
  return thread.os_id >= pid && thread.os_id - pid < 1000 ? 6 : 3;
}

bool Draft::mentions(std::string_view mutex) const {
  for (const auto& access : report_.accesses) {
    for (const auto& held : access.mutexes) {
      if (held.id == mutex) return true;
    }
  }
  return std::find(report_.cycle.begin(), report_.cycle.end(), mutex) != report_.cycle.end();
}

}  // namespace lab::report
