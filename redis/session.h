#pragma once

#include <filesystem>
#include <istream>
#include <ostream>
#include <vector>

#include "redis/record.h"

namespace redis {

// A recorded session: records in the order in which their replies ended. Format: docs in
// redis/README.md. Functions here may be called from any thread; none shares state.
using Session = std::vector<Record>;

// Throws std::runtime_error, naming the line, when the text is not a session.
Session read_session(std::istream& in);
Session read_session(const std::filesystem::path& file);
void write_session(std::ostream& out, const Session& session);

// The session that ships with the repository (several thousand records of a real redis-server).
// Read on first use, then the same object; thread-safe.
const Session& recorded_session();

// The records of each connection, in order: index i holds the i-th connection's. What each
// capture thread replays.
std::vector<Session> by_connection(const Session& session);

}  // namespace redis
