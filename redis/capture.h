#pragma once

#include <cstdint>
#include <functional>

#include "redis/record.h"

namespace redis {

// Takes the records of one connection, in order, on that connection's capture thread.
using Add = std::function<void(const Record&)>;

// Called on the capture thread of each connection before its first record; what it gives is
// destroyed there when the connection ends. It must return: the connection waits for it, and so
// does the end of the proxy or the replay.
using OpenCapture = std::function<Add(std::uint32_t connection)>;

}  // namespace redis
