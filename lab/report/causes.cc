#include "lab/report/causes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "lab/report/ends.h"
#include "lab/report/identity.h"
#include "lab/report/joining.h"

namespace lab::report {
namespace {

// Use after free says more than the race that it is, and a race on a vptr than one on a field. A
// pointer that is not ordered says most: what it led to is what came of it, as what becomes of
// a container's contents where it was moved to.
int weight(const Report& report, const Pair& pair) {
  if (is_owner_race(pair)) return 16;
  const bool moved = (frees_contents(pair.first) && !frees_elements(pair.first)) ||
                     (frees_contents(pair.second) && !frees_elements(pair.second));
  const bool freed = report.kind.find("use-after-free") != std::string::npos && !moved;
  const bool vptr = report.kind.find("vptr") != std::string::npos;
  return 8 * freed + 4 * vptr + 2 * (pair.first.own && pair.second.own && !moved) +
         pair.second.given();
}

void add_pair(Cause& cause, Pair pair) {
  for (auto& known : cause.pairs) {
    const bool same = site(known.first) == site(pair.first) &&
                      site(known.second) == site(pair.second) && known.first.op == pair.first.op &&
                      known.second.op == pair.second.op;
    if (!same || (!known.object.empty() && !pair.object.empty() && known.object != pair.object)) {
      continue;
    }
    if (known.object.empty()) known.object = pair.object;
    return;
  }
  cause.pairs.push_back(std::move(pair));
}

// "cache" of "cached(int)::cache" and of "*cache".
std::string_view bare_object(std::string_view object) {
  const auto end = object.rfind("::");
  if (end != object.npos) object.remove_prefix(end + 2);
  return object.substr(object.starts_with('*') ? 1 : 0);
}

// What the other reports of the cause are on, each once.
std::vector<std::string> other_objects(const Cause& cause,
                                       const std::vector<std::string>& objects) {
  std::vector<std::string> others;
  std::set<std::string_view> known = {bare_object(cause.object), ""};
  for (const auto report : cause.reports) {
    if (known.insert(bare_object(objects[report])).second) others.push_back(objects[report]);
  }
  return others;
}

// The addresses of the mutexes that reports of misuse are about, by process.
std::set<std::pair<int, std::uint64_t>> misused_mutexes(const std::vector<Report>& reports) {
  std::set<std::pair<int, std::uint64_t>> misused;
  for (const auto& report : reports) {
    if (report.kind.find("unlock of") == std::string::npos) continue;
    for (const auto& mutex : report.mutexes) {
      if (mutex.address != 0) misused.emplace(report.pid, mutex.address);
    }
  }
  return misused;
}

bool holds_any(const Pair& pair, const Report& report,
               const std::set<std::pair<int, std::uint64_t>>& mutexes) {
  const auto holds = [](const Side& side, const std::string& id) {
    return std::any_of(side.mutexes.begin(), side.mutexes.end(),
                       [&id](const HeldMutex& held) { return held.id == id; });
  };
  return std::any_of(report.mutexes.begin(), report.mutexes.end(), [&](const Mutex& mutex) {
    return (holds(pair.first, mutex.id) || holds(pair.second, mutex.id)) &&
           mutexes.contains({report.pid, mutex.address});
  });
}

}  // namespace

std::vector<Cause> find_causes(const std::vector<Report>& reports, const Own& own,
                               Sources& sources) {
  std::vector<Pair> pairs;
  std::vector<std::string> objects;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    auto& pair = pairs.emplace_back(find_pair(reports[i], own, sources));
    pair.report = i;
    objects.push_back(find_object(pair, reports[i], sources));
    pair.object = objects[i];
    keys.push_back(find_object_key(pair, reports[i], objects[i], sources));
  }
  const auto misused = misused_mutexes(reports);
  const auto roots = join_reports(reports, pairs, keys, own, sources);
  std::map<std::size_t, Cause> causes;  // By root: in the order of first reports.
  for (std::size_t i = 0; i < reports.size(); ++i) {
    auto& cause = causes[roots[i]];
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
    cause.misused_lock = holds_any(pairs[cause.shown], reports[cause.shown], misused);
    cause.object = objects[cause.shown];
    cause.also = other_objects(cause, objects);
    result.push_back(std::move(cause));
  }
  return result;
}

std::vector<Cause> find_causes(const std::vector<Report>& reports, const Own& own) {
  Sources sources;
  return find_causes(reports, own, sources);
}

}  // namespace lab::report
