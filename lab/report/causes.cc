#include "lab/report/causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "lab/report/classes.h"
#include "lab/report/names.h"

namespace lab::report {
namespace {

// Which reports belong together: a union-find over their numbers, joined by the keys they share.
class Groups {
 public:
  explicit Groups(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }

  void join(std::size_t report, std::string key) {
    const auto [known, is_new] = keys_.emplace(std::move(key), report);
    if (is_new) return;
    unite(report, known->second);
  }

  // Joins those of one key that may be one mistake: those on the same object, and on other members
  // of the same memory. One whose object is not known goes with those of its memory; with any,
  // where all others are on one object.
  void join_alike(std::size_t report, const std::string& key, const std::string& object,
                  const std::string& memory) {
    auto& known = alike_[key];
    std::set<std::string> objects = {object};
    for (const auto& other : known) objects.insert(other.object);
    objects.erase("");
    bool is_new = true;
    for (const auto& other : known) {
      const bool unknown = object.empty() || other.object.empty();
      const bool same = other.object == object && !unknown;
      const bool near = other.memory == memory && !memory.empty();
      if (same || near || (unknown && objects.size() <= 1)) unite(report, other.report);
      is_new = is_new && (other.object != object || other.memory != memory);
    }
    if (is_new) known.push_back({report, object, memory});
  }

  std::size_t root(std::size_t report) {
    while (parents_[report] != report) {
      parents_[report] = parents_[parents_[report]];
      report = parents_[report];
    }
    return report;
  }

 private:
  struct Alike {
    std::size_t report;
    std::string object;
    std::string memory;
  };

  void unite(std::size_t one, std::size_t other) {
    const auto a = root(one);
    const auto b = root(other);
    // The earlier report stays the root, so that causes come in the order of their first.
    parents_[std::max(a, b)] = std::min(a, b);
  }

  std::vector<std::size_t> parents_;
  std::map<std::string, std::size_t> keys_;
  std::map<std::string, std::vector<Alike>> alike_;
};

bool is_race(const Report& report) { return !report.fatal && !report.accesses.empty(); }

std::string site(const Side& side) {
  if (!side.file.empty()) return side.file + ":" + std::to_string(side.line);
  if (!side.function.empty()) return side.function;
  if (side.stack.empty()) return {};
  const auto& frame = side.stack[side.frame];
  return frame.module + "+" + std::to_string(frame.offset);
}

// Where a side's function belongs: its class, by its bare name, as the source shows it, else as the
// name says. clang gives the bare names of functions that were inlined, and a namespace cannot be
// told from a class by name.
std::string scope(const Side& side, Classes& classes) {
  auto found = classes.around(side.file, side.line);
  if (!found.empty()) return found;
  auto name =
      is_lambda(side.function) ? enclosing_function(side.function) : short_name(side.function);
  const auto end = name.rfind("::");
  if (end == std::string::npos) return {};
  name.resize(end);
  const auto begin = name.rfind("::");
  return begin == std::string::npos ? name : name.substr(begin + 2);
}

// What tells a function from others. A lambda has a name of its own with clang, and what two
// lambdas of one function do may have nothing in common; gcc names every lambda "operator()": there
// the line must do.
std::string identity(const Side& side, Classes& classes) {
  if (side.function.empty()) return site(side);
  if (!is_lambda(side.function)) {
    return side.file + " " + scope(side, classes) + "::" + bare_name(side.function);
  }
  return enclosing_function(side.function).empty() ? site(side) : side.file + " " + side.function;
}

std::string unordered(std::string a, std::string b) {
  if (b < a) std::swap(a, b);
  return a + "\n" + b;
}

const Location* find_location(const Report& report, std::string_view kind) {
  for (const auto& location : report.locations) {
    if (location.kind == kind && (kind != "global" || !location.name.empty())) return &location;
  }
  return nullptr;
}

// The side as those meet who are to be ordered. A destructor is run by whoever ends the object: two
// objects of a class that end in two places are two mistakes.
Side actor(const Side& side, const Own& own) {
  auto actor = side;
  while (actor.own && bare_name(actor.function).starts_with('~')) {
    auto frame = actor.frame + 1;
    while (frame < actor.stack.size() && !own.owns(actor.stack[frame])) ++frame;
    if (frame == actor.stack.size()) return side;
    actor.frame = frame;
    actor.function = actor.stack[frame].function;
    actor.file = actor.stack[frame].file;
    actor.line = actor.stack[frame].line;
  }
  return actor;
}

// The two functions that meet, where both are of own code; else the two places.
std::string meeting(const Pair& pair, Classes& classes) {
  if (!pair.first.own || !pair.second.own) {
    return "sites\n" + unordered(site(pair.first), site(pair.second));
  }
  return "functions\n" + unordered(identity(pair.first, classes), identity(pair.second, classes));
}

// How the heap block that is raced on came to be: the line in own code, and the functions from
// there to the allocator; empty where the report does not say.
std::string way_to_block(const Report& report, const Own& own, Sources& sources) {
  const auto* heap = find_location(report, "heap");
  if (!heap || heap->stack.empty()) return {};
  const auto allocation = find_side("allocate", heap->stack, own, sources);
  if (!allocation.own) return {};
  auto way = site(allocation);
  for (std::size_t i = 0; i < allocation.frame; ++i) way += "\n" + allocation.stack[i].function;
  return way;
}

// What tells memory apart from other memory where two functions meet.
std::string memory_of(const Report& report, const std::string& block) {
  if (!block.empty()) return block;
  for (const auto& location : report.locations) {
    return location.kind + " " + location.name + " " + location.thread;
  }
  return {};
}

// What is raced on: the globals where two functions meet, the members that are known of blocks that
// came to be in one way. Of one, all reports are of one cause, those of what it holds on the heap
// as well; several are several.
using Raced = std::map<std::string, std::set<std::string>>;

void join_race(Groups& groups, std::size_t i, const Report& report, const Pair& pair,
               const std::string& object, const Raced& raced_on, const Own& own, Sources& sources,
               Classes& classes) {
  const auto* global = find_location(report, "global");
  const auto suffix = global ? "\n" + global->name : std::string();
  const auto met = meeting(pair, classes);
  const auto raced = raced_on.find(met);
  const bool several = raced != raced_on.end() && raced->second.size() > 1;
  const auto block = way_to_block(report, own, sources);
  const auto memory = memory_of(report, block);
  groups.join_alike(i, several ? met + suffix : met, object, memory);
  if (global) groups.join(i, "global\n" + global->name);
  // A line may allocate several blocks, and two members of one block may be two mistakes.
  if (!block.empty()) {
    groups.join(i, "heap\n" + block + (raced_on.at(block).size() > 1 ? "\n" + object : ""));
  }
  const auto of = scope(pair.first, classes);
  const bool members = !global && !of.empty() && of == scope(pair.second, classes);
  for (const auto* side : {&pair.first, &pair.second}) {
    if (!side->own) continue;
    groups.join_alike(i, "site\n" + site(*side) + suffix, object, "");
    if (members) groups.join_alike(i, "member\n" + identity(*side, classes), object, "");
    // One writer, whatever the members it writes: they change together, and want one guard.
    if (side->op == "read") continue;
    const auto writer = "writer\n" + identity(*side, classes) + suffix;
    if (members || identity(pair.first, classes) == identity(pair.second, classes)) {
      groups.join(i, writer);
    } else {
      groups.join_alike(i, writer + "\n" + met, object, memory);
    }
  }
  if (members && !object.empty())
    groups.join(i, "object\n" + pair.first.file + " " + of + "\n" + object);
}

// Reports of locks: the same functions lock in the same two orders, or misuse at the same place.
void join_other(Groups& groups, std::size_t i, const Report& report, const Pair& pair,
                Classes& classes) {
  if (!report.edges.empty()) {
    // Lambdas of one function have no names to tell them by.
    const bool named = !is_lambda(pair.first.function) && !is_lambda(pair.second.function);
    groups.join(i, named ? "order\n" + unordered(identity(pair.first, classes),
                                                 identity(pair.second, classes))
                         : "order\n" + unordered(site(pair.first), site(pair.second)));
  } else {
    groups.join(i, report.kind + "\n" + site(pair.first));
    // To unlock a mutex that is gone is to unlock one that nobody holds, too.
    if (report.mutexes.size() == 1 && report.mutexes[0].address != 0) {
      groups.join(i, fmt::format("mutex {:#x}\n{}", report.mutexes[0].address, site(pair.first)));
    }
  }
}

// Use after free says more than the race that it is, and a race on a vptr than one on a field.
int weight(const Report& report, const Pair& pair) {
  const bool freed = report.kind.find("use-after-free") != std::string::npos;
  const bool vptr = report.kind.find("vptr") != std::string::npos;
  return 4 * (freed  ? 2
              : vptr ? 1
                     : 0) +
         2 * (pair.first.own && pair.second.own) + pair.second.given();
}

void add_pair(Cause& cause, Pair pair) {
  for (const auto& known : cause.pairs) {
    const bool same = site(known.first) == site(pair.first) &&
                      site(known.second) == site(pair.second) && known.first.op == pair.first.op &&
                      known.second.op == pair.second.op;
    if (same) return;
  }
  cause.pairs.push_back(std::move(pair));
}

}  // namespace

std::vector<Cause> find_causes(const std::vector<Report>& reports, const Own& own,
                               Sources& sources) {
  Classes classes(sources);
  Groups groups(reports.size());
  std::vector<Pair> pairs;
  std::vector<std::string> objects;
  Raced raced_on;
  std::vector<Pair> actors;  // Of the pairs, for what belongs together.
  for (std::size_t i = 0; i < reports.size(); ++i) {
    auto& pair = pairs.emplace_back(find_pair(reports[i], own, sources));
    pair.report = i;
    actors.push_back({actor(pair.first, own), actor(pair.second, own), {}, i});
    objects.push_back(find_object(pair, reports[i], sources));
    if (!is_race(reports[i])) continue;
    const auto* global = find_location(reports[i], "global");
    if (global) raced_on[meeting(actors[i], classes)].insert(global->name);
    auto& members = raced_on[way_to_block(reports[i], own, sources)];
    if (!objects[i].empty()) members.insert(objects[i]);
  }
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (is_mixed(reports[i])) continue;  // One of its own.
    if (is_race(reports[i])) {
      join_race(groups, i, reports[i], actors[i],
                find_object_key(pairs[i], reports[i], objects[i], sources), raced_on, own, sources,
                classes);
    } else {
      join_other(groups, i, reports[i], pairs[i], classes);
    }
  }
  std::map<std::size_t, Cause> causes;  // By root: in the order of first reports.
  for (std::size_t i = 0; i < reports.size(); ++i) {
    auto& cause = causes[groups.root(i)];
    if (cause.reports.empty() ||
        weight(reports[i], pairs[i]) > weight(reports[cause.shown], pairs[cause.shown])) {
      cause.shown = i;
    }
    cause.reports.push_back(i);
    add_pair(cause, pairs[i]);
  }
  std::vector<Cause> result;
  for (auto& [root, cause] : causes) {
    cause.kind = reports[cause.shown].kind;
    cause.fatal = reports[cause.shown].fatal;
    cause.first = pairs[cause.shown].first;
    cause.second = pairs[cause.shown].second;
    cause.more = pairs[cause.shown].more;
    cause.object = objects[cause.shown];
    result.push_back(std::move(cause));
  }
  return result;
}

std::vector<Cause> find_causes(const std::vector<Report>& reports, const Own& own) {
  Sources sources;
  return find_causes(reports, own, sources);
}

}  // namespace lab::report
