#pragma once

#include <stop_token>

#include "redis/capture.h"
#include "redis/session.h"

namespace redis {

struct ReplayOptions {
  double speed = 0;  // Of the recorded time: 1 as recorded, 2 twice as fast; 0 without any wait.
  std::stop_token stop;  // Ends the replay before the next record.
};

// Plays a session with the threads that captured it: one a connection, each adding its connection's
// records in the recorded order; between the connections nothing is ordered. Returns when all have
// ended. `session` is only read.
void replay(const Session& session, const OpenCapture& open, const ReplayOptions& options = {});

// The same into one collector, whose add() all threads call.
void replay(const Session& session, const Add& add, const ReplayOptions& options = {});

}  // namespace redis
