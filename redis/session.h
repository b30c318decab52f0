#pragma once

#include <filesystem>
#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "redis/record.h"

namespace redis {

// A recorded session: records in the order in which their replies ended. Its text format is
// described in redis/README.md. The functions here may be called from any thread; none shares
// state.
using Session = std::vector<Record>;

// Throws std::runtime_error, naming the line (and the file), when the text is not a session.
Session read_session(std::istream& in);
Session read_session(const std::filesystem::path& file);

// Writes what read_session() reads back to an equal session. Errors are left in the stream's state.
void write_session(std::ostream& out, const Session& session);
// The same in pieces, for a session that is being recorded: the header once, then each record.
void write_session_header(std::ostream& out);
void write_record(std::ostream& out, const Record& record);

// The session that ships with the repository, redis/sessions/recorded.txt: several thousand records
// of a real redis-server. Read on first use, then the same object. Thread-safe; yet whoever is not
// first is ordered behind the first, which hides races: call it before the threads begin.
const Session& recorded_session();

// The records of each connection, in order: index i holds the i-th connection's. What each
// capture thread replays.
std::vector<Session> by_connection(const Session& session);

// A key, and the last record of each connection that named it: when all records have come, each
// connection in order, the latest of the key is one of them.
struct Latest {
  std::string key;
  std::vector<Record> records;
};
std::vector<Latest> latest_by_key(const Session& session);

}  // namespace redis
