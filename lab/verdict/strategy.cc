#include "lab/verdict/strategy.h"

#include <algorithm>

namespace lab::verdict {
namespace {

using Usage = Events::Usage;

Usage sum_of(const std::vector<Events::Explored>& explored) {
  Usage sum;
  for (const auto& test : explored) {
    const auto& usage = test.usage;
    sum.mutexes = std::max(sum.mutexes, usage.mutexes);
    sum.shards = std::max(sum.shards, usage.shards);
    sum.read_locks = std::max(sum.read_locks, usage.read_locks);
    sum.owner_threads = std::max(sum.owner_threads, usage.owner_threads);
    sum.owner_waits = sum.owner_waits || usage.owner_waits;
    sum.asked = sum.asked || usage.asked;
  }
  // A queue's lock shows as one only where somebody waits at it.
  for (const auto& test : explored) {
    if (sum.owner_waits && !test.usage.owner_waits) continue;
    sum.guards = std::max(sum.guards, test.usage.guards);
  }
  return sum;
}

}  // namespace

std::string strategy_of(const std::vector<Events::Explored>& explored) {
  if (explored.empty()) return "";
  const auto used = sum_of(explored);
  if (used.shards >= 2) return "sharded_map";
  if (used.read_locks > 0) return "rwlock";
  if (used.owner_threads > 0 && used.asked && (used.guards == 0 || !used.owner_waits)) {
    return "message_passing";
  }
  return used.mutexes > 0 ? "mutex" : "other";
}

}  // namespace lab::verdict
