#include "lab/report/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "lab/report/code.h"
#include "lab/report/ends.h"
#include "lab/report/identity.h"
#include "lab/report/names.h"
#include "lab/report/side_code.h"

namespace lab::report {
namespace {

const Location* find_location(const Report& report, std::string_view kind) {
  for (const auto& location : report.locations) {
    if (location.kind == kind && (kind != "global" || !location.name.empty())) return &location;
  }
  return nullptr;
}

Side actor(const Side& side, const Own& own) {
  auto actor = side;
  while (actor.own && bare_name(actor.function).starts_with('~')) {
    auto frame = actor.frame + 1;
    while (frame < actor.stack.size() && !own.owns(actor.stack[frame])) ++frame;
    if (frame == actor.stack.size()) return side;
    actor = side_at(actor, frame);
  }
  return actor;
}

// What was raced on, from the beginning of the block.
Range part_of(const Location& block, const Range& raced) {
  if (raced.empty() || raced.begin < block.address) return {};
  return {raced.begin - block.address, raced.end - block.address};
}

// The callers of an allocation up to one of the class that both sides are in: what another does for
// a class is that class's doing.
Block block_of(const Evidence& evidence, const Own& own, Classes& classes, Sources& sources) {
  const auto* heap = find_location(*evidence.report, "heap");
  if (!heap || heap->stack.empty()) return {};
  const auto allocation = find_side("allocate", heap->stack, own, sources);
  if (!allocation.own) return {};
  Block block;
  block.maker = identity(allocation, classes, sources);
  block.part = part_of(*heap, evidence.raced);
  for (std::size_t i = 0; i < allocation.frame; ++i) {
    block.way += allocation.stack[i].function + "\n";
  }
  const auto& called = allocation.stack[allocation.frame > 0 ? allocation.frame - 1 : 0];
  block.elements = is_library_member(called.function) ||
                   bare_name(allocation.stack[0].function) == "operator new[]";
  for (auto i = allocation.frame; i < allocation.stack.size(); ++i) {
    if (!own.owns(allocation.stack[i])) continue;
    const auto caller = frame_alone(allocation, i);
    block.way += site(caller) + "\n";
    if (evidence.in_class() && scope(caller, classes) == evidence.scopes[0]) break;
  }
  return block;
}

// What tells memory apart from other memory where two functions meet.
std::string memory_of(const Evidence& evidence) {
  if (!evidence.block.way.empty()) return evidence.block.way;
  if (evidence.report->locations.empty()) return {};
  const auto& location = evidence.report->locations.front();
  return location.kind + " " + location.name + " " + location.thread;
}

// The mutexes that the side held, each by where it was first seen: their numbers are a report's
// own.
std::string locks_of(const Report& report, const Side& side, const Own& own, Sources& sources) {
  std::vector<std::string> locks;
  for (const auto& held : side.mutexes) {
    const auto mutex = std::find_if(report.mutexes.begin(), report.mutexes.end(),
                                    [&](const Mutex& one) { return one.id == held.id; });
    if (mutex == report.mutexes.end()) {
      locks.push_back(held.id);
    } else if (mutex->created.empty()) {
      locks.push_back(fmt::format("{:#x}", mutex->address));
    } else {
      locks.push_back(site(find_side("create", mutex->created, own, sources)));
    }
    locks.back() += held.write ? "" : " for reading";
  }
  std::sort(locks.begin(), locks.end());
  return fmt::format("{}", fmt::join(locks, ", "));
}

// Whether the side ends an object, in its own frame or in one that this called.
bool is_end(const Side& side) {
  if (side.op == "free") return true;
  for (std::size_t i = 0; i <= side.frame && i < side.stack.size(); ++i) {
    if (bare_name(side.stack[i].function).starts_with('~')) return true;
  }
  return false;
}

// The places in own code that led to a frame, outermost last.
std::string way_to(const Side& side, std::size_t frame, const Own& own) {
  std::string way;
  for (auto i = frame; i < side.stack.size(); ++i) {
    if (own.owns(side.stack[i])) way += site(frame_alone(side, i)) + "\n";
  }
  return way;
}

bool names_part(const Side& side, const std::string& object, Sources& sources) {
  const auto line = side.own ? sources.line(side.file, side.line) : std::nullopt;
  return line && is_reached(object, code_of(*line));
}

// Whether the code sets something to a value, "next = node", and does not only count.
bool sets(std::string_view code) {
  constexpr std::string_view kNoAssignment = "=<>!+-*/%&|^";
  for (auto at = code.find('='); at != code.npos; at = code.find('=', at + 1)) {
    const bool after = at + 1 < code.size() && code[at + 1] == '=';
    if (after) {
      ++at;
    } else if (at > 0 && kNoAssignment.find(code[at - 1]) == kNoAssignment.npos) {
      return true;
    }
  }
  return false;
}

bool writes_pointer(const Report& report, const Side& side, Sources& sources) {
  const bool wide = std::all_of(report.accesses.begin(), report.accesses.end(),
                                [](const Access& one) { return one.size >= sizeof(void*); });
  if (!side.own || side.op != "write") return false;
  const auto line = sources.line(side.file, side.line);
  return side.frame > 0 || (wide && (!line || sets(code_of_side(side, *line).code)));
}

// One builds an object, in as many steps as it has bases and members, and another is in it already.
void take_building(Evidence& evidence, const Own& own) {
  if (!evidence.end.empty() || !evidence.global.empty() || !evidence.own()) return;
  // The compiler's own constructors are not what is shown of a side.
  const auto constructor = [&](const Side& side) {
    for (std::size_t i = 0; i <= side.frame && i < side.stack.size(); ++i) {
      if (own.owns(side.stack[i]) && is_constructor(side.stack[i].function)) return i;
    }
    return side.stack.size();
  };
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& side = i == 0 ? evidence.pair.first : evidence.pair.second;
    const auto& other = i == 0 ? evidence.pair.second : evidence.pair.first;
    const auto builds = constructor(side);
    if (side.op == "read" || builds == side.stack.size()) continue;
    if (constructor(other) != other.stack.size()) return;
    evidence.ends = i;
    evidence.end = "building " + side.stack[builds].function + "\n" + way_to(side, builds + 1, own);
    return;
  }
}

Range raced_in(const Report& report) {
  if (report.accesses.size() < 2) return {};
  const auto& a = report.accesses[0];
  const auto& b = report.accesses[1];
  return {std::max(a.address, b.address), std::min(a.address + a.size, b.address + b.size)};
}

}  // namespace

Evidence evidence_of(const Report& report, const Pair& pair, const std::string& object,
                     const Own& own, Classes& classes, Sources& sources) {
  Evidence evidence;
  evidence.report = &report;
  evidence.pair = {actor(pair.first, own), actor(pair.second, own), {}, pair.report};
  evidence.object = object;
  evidence.member = is_member_name(object) || names_part(pair.first, object, sources) ||
                    names_part(pair.second, object, sources);
  const auto* global = find_location(report, "global");
  // "stats (.0)": what the optimiser made of one.
  if (global) evidence.global = global->name.substr(0, global->name.find(" (."));
  evidence.raced = raced_in(report);
  evidence.part =
      global && global->address != 0 ? part_of(*global, evidence.raced) : evidence.raced;
  evidence.freed = pair.first.op == "free" || pair.second.op == "free" ||
                   report.kind.find("use-after-free") != std::string::npos;
  evidence.allocated = is_allocation(pair.first) || is_allocation(pair.second);
  evidence.ended = is_end(report, pair.first, pair.second);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& side = i == 0 ? evidence.pair.first : evidence.pair.second;
    evidence.places[i] = site(side);
    evidence.functions[i] = identity(side, classes, sources);
    evidence.scopes[i] = scope(side, classes);
    evidence.locks[i] = locks_of(report, side, own, sources);
    if (side.own && is_end(i == 0 ? pair.first : pair.second)) {
      evidence.ends = i;
      evidence.end = way_to(side, side.frame, own);
    }
  }
  evidence.writes_pointer = writes_pointer(report, evidence.pair.first, sources);
  take_building(evidence, own);
  evidence.block = block_of(evidence, own, classes, sources);
  evidence.memory = memory_of(evidence);
  return evidence;
}

std::string Block::made_type() const {
  for (const std::string_view maker : {"std::make_unique<", "std::make_shared<"}) {
    const auto at = way.find(maker);
    if (at == way.npos) continue;
    const auto begin = at + maker.size();
    const auto end = way.find_first_of("<>,(\n", begin);
    if (end != way.npos && way[end] != '<') return way.substr(begin, end - begin);
  }
  return {};
}

bool is_same_locking(const Evidence& a, const Evidence& b) {
  return (a.locks[0] == b.locks[0] && a.locks[1] == b.locks[1]) ||
         (a.locks[0] == b.locks[1] && a.locks[1] == b.locks[0]);
}

bool may_be_same_memory(const Evidence& a, const Evidence& b) {
  const auto excludes = [](const Evidence& one, const Evidence& global) {
    if (global.global.empty() || !one.global.empty()) return false;
    const bool own_block = !one.block.way.empty() && !one.block.elements;
    return own_block || (one.ended && !global.writes_pointer);
  };
  return !excludes(a, b) && !excludes(b, a);
}

bool is_same_object(const Evidence& a, const Evidence& b) {
  if (a.object.empty() || a.object != b.object) return false;
  // Of a global all members have its name: they want one lock, unless other ones are missing.
  return a.global.empty() || a.part.overlaps(b.part) || is_same_locking(a, b);
}

bool is_same_memory(const Evidence& a, const Evidence& b) {
  if (!a.global.empty() && !b.global.empty()) {
    return a.global == b.global && (a.part.overlaps(b.part) || is_same_locking(a, b));
  }
  if (!a.block.way.empty() && !b.block.way.empty()) {
    if (a.block.way != b.block.way) return false;
    const bool whole = a.block.part.empty() || b.block.part.empty();
    return whole || (a.block.elements && b.block.elements) || a.block.part.overlaps(b.block.part);
  }
  // An address that is used again is other memory.
  if (a.allocated != b.allocated && a.functions[0] != b.functions[0]) return false;
  return a.report->pid == b.report->pid && a.raced.overlaps(b.raced);
}

bool are_apart(const Evidence& a, const Evidence& b) {
  if (a.report->pid != b.report->pid) return false;
  const auto outside = [](const Evidence& one, const Evidence& other) {
    const auto* heap = find_location(*one.report, "heap");
    return heap && heap->size > 0 && !other.raced.empty() &&
           !other.raced.overlaps({heap->address, heap->address + heap->size});
  };
  return outside(a, b) || outside(b, a);
}

bool are_other_blocks(const Evidence& a, const Evidence& b) {
  return !a.block.way.empty() && !b.block.way.empty() && a.block.way != b.block.way &&
         !a.block.elements && !b.block.elements;
}

}  // namespace lab::report
