#include "redis/session.h"

#include <algorithm>

namespace redis {

std::vector<Session> by_connection(const Session& session) {
  std::vector<Session> result;
  std::vector<std::uint32_t> connections;
  for (const auto& record : session) {
    const auto found = std::find(connections.begin(), connections.end(), record.connection);
    const auto index = static_cast<std::size_t>(found - connections.begin());
    if (found == connections.end()) {
      connections.push_back(record.connection);
      result.emplace_back();
    }
    result[index].push_back(record);
  }
  return result;
}

}  // namespace redis
