#include "redis/keys.h"

#include <strings.h>

#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace redis {
namespace {

// Where a command's first key stands. Any other command's stands at 1.
enum class Place {
  kNowhere,
  kSecond,           // Behind a subcommand or an operation.
  kThird,            // Behind a host and a port.
  kBehindNumberAt1,  // "2 k1 k2": the number of keys, then the keys.
  kBehindNumberAt2,
  kBehindStreams,
};

using enum Place;

// From the command table of Redis 7 (redis.io/commands, "Key specifications").
const std::unordered_map<std::string_view, Place>& places() {
  static const std::unordered_map<std::string_view, Place> table{
      {"ACL", kNowhere},
      {"ASKING", kNowhere},
      {"AUTH", kNowhere},
      {"BGREWRITEAOF", kNowhere},
      {"BGSAVE", kNowhere},
      {"CLIENT", kNowhere},
      {"CLUSTER", kNowhere},
      {"COMMAND", kNowhere},
      {"CONFIG", kNowhere},
      {"DBSIZE", kNowhere},
      {"DISCARD", kNowhere},
      {"ECHO", kNowhere},
      {"EXEC", kNowhere},
      {"FAILOVER", kNowhere},
      {"FLUSHALL", kNowhere},
      {"FLUSHDB", kNowhere},
      {"FUNCTION", kNowhere},
      {"HELLO", kNowhere},
      {"INFO", kNowhere},
      {"KEYS", kNowhere},
      {"LASTSAVE", kNowhere},
      {"LATENCY", kNowhere},
      {"LOLWUT", kNowhere},
      {"MODULE", kNowhere},
      {"MONITOR", kNowhere},
      {"MULTI", kNowhere},
      {"PFSELFTEST", kNowhere},
      {"PING", kNowhere},
      {"PSUBSCRIBE", kNowhere},
      {"PSYNC", kNowhere},
      {"PUBLISH", kNowhere},
      {"PUBSUB", kNowhere},
      {"PUNSUBSCRIBE", kNowhere},
      {"QUIT", kNowhere},
      {"RANDOMKEY", kNowhere},
      {"READONLY", kNowhere},
      {"READWRITE", kNowhere},
      {"REPLCONF", kNowhere},
      {"REPLICAOF", kNowhere},
      {"RESET", kNowhere},
      {"ROLE", kNowhere},
      {"SAVE", kNowhere},
      {"SCAN", kNowhere},
      {"SCRIPT", kNowhere},
      {"SELECT", kNowhere},
      {"SHUTDOWN", kNowhere},
      {"SLAVEOF", kNowhere},
      {"SLOWLOG", kNowhere},
      {"SPUBLISH", kNowhere},
      {"SSUBSCRIBE", kNowhere},
      {"SUBSCRIBE", kNowhere},
      {"SUNSUBSCRIBE", kNowhere},
      {"SWAPDB", kNowhere},
      {"SYNC", kNowhere},
      {"TIME", kNowhere},
      {"UNSUBSCRIBE", kNowhere},
      {"UNWATCH", kNowhere},
      {"WAIT", kNowhere},
      {"WAITAOF", kNowhere},
      {"BITOP", kSecond},
      {"DEBUG", kSecond},
      {"MEMORY", kSecond},
      {"OBJECT", kSecond},
      {"PFDEBUG", kSecond},
      {"XGROUP", kSecond},
      {"XINFO", kSecond},
      {"MIGRATE", kThird},
      {"LMPOP", kBehindNumberAt1},
      {"SINTERCARD", kBehindNumberAt1},
      {"ZDIFF", kBehindNumberAt1},
      {"ZINTER", kBehindNumberAt1},
      {"ZINTERCARD", kBehindNumberAt1},
      {"ZMPOP", kBehindNumberAt1},
      {"ZUNION", kBehindNumberAt1},
      {"BLMPOP", kBehindNumberAt2},
      {"BZMPOP", kBehindNumberAt2},
      {"EVAL", kBehindNumberAt2},
      {"EVALSHA", kBehindNumberAt2},
      {"EVALSHA_RO", kBehindNumberAt2},
      {"EVAL_RO", kBehindNumberAt2},
      {"FCALL", kBehindNumberAt2},
      {"FCALL_RO", kBehindNumberAt2},
      {"XREAD", kBehindStreams},
      {"XREADGROUP", kBehindStreams},
  };
  return table;
}

std::string part(const std::vector<std::string>& parts, std::size_t index) {
  return index < parts.size() ? parts[index] : "";
}

std::string behind_number(const std::vector<std::string>& parts, std::size_t index) {
  return part(parts, index) == "0" ? "" : part(parts, index + 1);
}

std::string behind_streams(const std::vector<std::string>& parts) {
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (strcasecmp(parts[i].c_str(), "STREAMS") == 0) return part(parts, i + 1);
  }
  return "";
}

}  // namespace

std::string first_key(const std::string& command, const std::vector<std::string>& parts) {
  const auto found = places().find(command);
  if (found == places().end()) return part(parts, 1);
  switch (found->second) {
    case kSecond:
      return part(parts, 2);
    case kThird:
      return part(parts, 3);
    case kBehindNumberAt1:
      return behind_number(parts, 1);
    case kBehindNumberAt2:
      return behind_number(parts, 2);
    case kBehindStreams:
      return behind_streams(parts);
    case kNowhere:
      break;
  }
  return "";
}

}  // namespace redis
