#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace redis {

enum class Status : std::uint8_t { kOk, kError };

// One request to Redis paired with its reply, as Kyanos shows it. A plain value: safe to copy
// between threads, with no synchronisation of its own.
struct Record {
  std::uint32_t connection = 0;      // Number of the connection, from 1.
  std::uint64_t sequence = 0;        // Number of the request within its connection, from 1.
  std::string command;               // Upper case: "GET".
  std::string key;                   // First key of the command, or empty.
  std::uint64_t request_bytes = 0;   // On the wire.
  std::uint64_t response_bytes = 0;  // On the wire.
  std::int64_t start_us = 0;         // Microseconds since the session began.
  std::int64_t latency_us = 0;       // From the request's last byte to the reply's last byte.
  Status status = Status::kOk;

  friend bool operator==(const Record&, const Record&) = default;
};

// How GoogleTest shows it: "SET user:1 (connection 1, sequence 3, 40+5 bytes, 123 us)".
void PrintTo(const Record& record, std::ostream* out);

}  // namespace redis
