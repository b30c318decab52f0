#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "lab/report/explain.h"
#include "lab/report/names.h"

namespace lab::report {
namespace {

bool is_race(const Report& report) { return report.accesses.size() > 1 && !report.fatal; }

// The locks that both hold; whether all of them are held for reading only.
std::vector<std::string> common_locks(const Cause& cause, bool& shared) {
  std::vector<std::string> common;
  shared = true;
  for (const auto& mutex : cause.first.mutexes) {
    const auto& others = cause.second.mutexes;
    const auto other = std::find_if(others.begin(), others.end(),
                                    [&](const auto& one) { return one.id == mutex.id; });
    if (other == others.end()) continue;
    common.push_back(mutex.id);
    shared = shared && !mutex.write && !other->write;
  }
  return common;
}

std::string place(const Side& side) {
  const auto label = place_label(side);
  if (!label.empty()) return label;
  return side.function.empty() ? "unknown code" : "an unknown line of " + function_label(side);
}

// What the library did on behalf of the user's line: "std::vector<int>::push_back".
void add_library(std::vector<std::string>& facts, const Side& side) {
  if (!side.own || side.frame == 0) return;
  const auto& frame = side.stack[side.frame - 1];
  if (frame.function.empty()) return;
  facts.push_back(fmt::format("{} {} inside {}, called from {}", thread_label(side),
                              past_tense(side), short_name(frame.function), place(side)));
}

// What lies, or does not lie, between the two.
std::string relation(const Report& report, const Cause& cause) {
  if (is_mixed(report)) {
    return "these two accesses are not to the same memory: the lines of two reports are mixed "
           "here, "
           "and nothing follows from them";
  }
  bool shared = false;
  const auto common = common_locks(cause, shared);
  if (common.empty()) return "no lock in common; nothing orders these two accesses";
  const auto names = fmt::format("{}", fmt::join(common, ", "));
  if (report.kind.find("use-after-free") != std::string::npos || cause.first.op == "free") {
    return fmt::format("both hold {}: they took turns, and the use may still come after the free",
                       names);
  }
  if (shared) {
    return fmt::format(
        "both hold {}, for reading only: a shared lock does not exclude another "
        "shared lock",
        names);
  }
  return fmt::format("both hold {}, and not both for writing: nothing orders these two accesses",
                     names);
}

void add_race(std::vector<std::string>& facts, const Report& report, const Cause& cause) {
  facts.push_back(relation(report, cause));
  add_library(facts, cause.first);
  add_library(facts, cause.second);
  const auto& a = report.accesses[0];
  const auto& b = report.accesses[1];
  if (a.object.empty() && !is_mixed(report) && (a.address != b.address || a.size != b.size)) {
    facts.push_back(fmt::format("the accesses overlap: {} bytes at {:#x}, {} bytes at {:#x}",
                                b.size, b.address, a.size, a.address));
  }
  if (a.stack_lost || b.stack_lost) {
    facts.push_back(
        "one stack is lost: it was too long ago for the detector's history "
        "(TSAN_OPTIONS=history_size=7 keeps more)");
  }
}

// Where else the parties of this cause meet.
void add_pairs(std::vector<std::string>& facts, const Cause& cause) {
  constexpr std::size_t kShownMax = 4;
  std::size_t shown = 0;
  std::size_t others = 0;
  for (const auto& pair : cause.pairs) {
    const bool same = place(pair.first) == place(cause.first) &&
                      place(pair.second) == place(cause.second) &&
                      (pair.object.empty() || pair.object == cause.object);
    if (same || !pair.second.given() || (!pair.first.own && !pair.second.own)) continue;
    if (++others > kShownMax) continue;
    ++shown;
    const bool other = !pair.object.empty() && pair.object != cause.object;
    const auto object = other ? " " + pair.object : std::string();
    facts.push_back(fmt::format("also reported: {}{} at {} against {} at {}",
                                past_tense(pair.first), object, place(pair.first),
                                past_tense(pair.second), place(pair.second)));
  }
  if (others > shown) {
    const auto more = others - shown;
    facts.push_back(fmt::format("and {} more {} of places", more, more == 1 ? "pair" : "pairs"));
  }
}

void add_locations(std::vector<std::string>& facts, const Report& report, const Own& own,
                   Sources& sources) {
  const auto what = describe_location(report);
  if (what.empty()) return;
  std::string text = "memory: " + what;
  for (const auto& location : report.locations) {
    if (location.stack.empty()) continue;
    const auto side = find_side("allocate", location.stack, own, sources);
    text += location.kind != "fd" ? ", allocated" : location.destroyed ? ", closed" : ", opened";
    if (!location.thread.empty()) text += " by " + location.thread;
    if (side.own) text += fmt::format(" in {} at {}", function_label(side), place(side));
    break;
  }
  facts.push_back(text);
}

// "M2 was taken by T2 in take() at a.cc:10, holding M1, taken in take() at a.cc:9"
void add_edges(std::vector<std::string>& facts, const Report& report, const Own& own,
               Sources& sources) {
  for (const auto& edge : report.edges) {
    const auto side = find_side("lock", edge.acquired_at, own, sources);
    auto text = fmt::format("{} was taken by {} in {} at {}, holding {}", edge.acquired,
                            edge.thread, function_label(side), place(side), edge.held);
    if (!edge.held_at.empty()) {
      const auto held = find_side("lock", edge.held_at, own, sources);
      text += fmt::format(", taken in {} at {}", function_label(held), place(held));
    }
    facts.push_back(text);
  }
}

// A program without debug information: functions have names at best.
void add_missing_lines(std::vector<std::string>& facts, const Cause& cause) {
  bool any = false;
  for (const auto* side : cause.parties()) {
    for (const auto& frame : side->stack) {
      // Shared libraries, the runtime's among them, have lines or not whatever the program has.
      if (frame.module.find(".so") != std::string::npos) continue;
      if (frame.line > 0) return;
      any = any || !frame.function.empty();
    }
  }
  if (any) facts.push_back("no frame has a line: build with -g to see lines");
}

void add_threads(std::vector<std::string>& facts, const Report& report, const Own& own,
                 Sources& sources) {
  for (const auto& thread : report.threads) {
    std::string text = thread.id + (thread.name.empty() ? "" : " '" + thread.name + "'");
    text += thread.state == "finished" ? ", finished by then," : "";
    text += " was started by " + (thread.creator.empty() ? "the system" : thread.creator);
    const auto side = find_side("create", thread.created, own, sources);
    // Libraries without frame pointers hide who called them.
    if (side.own) text += fmt::format(" in {} at {}", function_label(side), place(side));
    facts.push_back(text);
  }
}

// Whether anything else that is told names the mutex.
bool is_told_of(const Mutex& mutex, const Report& report, const Cause& cause) {
  if (!is_race(report)) return true;
  const auto parties = cause.parties();
  return std::any_of(parties.begin(), parties.end(), [&](const Side* side) {
    return std::any_of(side->mutexes.begin(), side->mutexes.end(),
                       [&](const HeldMutex& held) { return held.id == mutex.id; });
  });
}

}  // namespace

std::vector<std::string> find_facts(const Report& report, const Cause& cause, const Own& own,
                                    Sources& sources) {
  std::vector<std::string> facts;
  if (is_race(report)) add_race(facts, report, cause);
  add_missing_lines(facts, cause);
  add_pairs(facts, cause);
  add_locations(facts, report, own, sources);
  add_edges(facts, report, own, sources);
  for (const auto& mutex : report.mutexes) {
    if (mutex.destroyed) facts.push_back(mutex.id + " is destroyed by now");
    if (mutex.created.empty() || !is_told_of(mutex, report, cause)) continue;
    const auto side = find_side("create", mutex.created, own, sources);
    facts.push_back(fmt::format("{} was created, or first locked, in {} at {}", mutex.id,
                                function_label(side), place(side)));
  }
  add_threads(facts, report, own, sources);
  if (report.via_sleep) {
    const auto side = find_side("sleep", report.slept, own, sources);
    facts.push_back(fmt::format(
        "a sleep lies between them{}: time is no synchronisation",
        side.own ? fmt::format(", in {} at {}", function_label(side), place(side)) : ""));
  }
  if (report.more > 0) facts.push_back(fmt::format("and {} more like it", report.more));
  if (report.truncated) facts.push_back("the report is incomplete: it was cut short or garbled");
  return facts;
}

}  // namespace lab::report
