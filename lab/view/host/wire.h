#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "redis/record.h"

// What the view and a collector's host process say to each other. Both run on one machine, of one
// build, so that numbers go as they lie in memory.
namespace lab::view::wire {

// The host's ends, as file descriptors. One message of the control socket is one connection: a
// byte, and with it the end of a pipe that brings that connection's records. A message of the query
// socket is a key to ask for, its answer is a line of text.
inline constexpr int kControl = 3;
inline constexpr int kQueries = 4;

// The host's exit status when its threads do not end although there are no more records.
inline constexpr int kHangs = 14;

// How many bytes of a command, a key or an answer pass; the rest is cut. A record is then small
// enough (PIPE_BUF) for a pipe to take it whole or not at all.
inline constexpr std::size_t kTextMax = 1024;

struct Head {
  std::uint64_t sequence, request_bytes, response_bytes;
  std::int64_t start_us, latency_us;
  std::uint32_t connection;
  std::uint16_t command_size, key_size;
  redis::Status status;
};

inline void append(std::string& bytes, const redis::Record& record) {
  const auto command = std::string_view(record.command).substr(0, kTextMax);
  const auto key = std::string_view(record.key).substr(0, kTextMax);
  const Head head{.sequence = record.sequence,
                  .request_bytes = record.request_bytes,
                  .response_bytes = record.response_bytes,
                  .start_us = record.start_us,
                  .latency_us = record.latency_us,
                  .connection = record.connection,
                  .command_size = static_cast<std::uint16_t>(command.size()),
                  .key_size = static_cast<std::uint16_t>(key.size()),
                  .status = record.status};
  bytes.append(reinterpret_cast<const char*>(&head), sizeof head);
  bytes.append(command).append(key);
}

// Takes a record off the front of `bytes`; false when it is not whole.
inline bool take(std::string_view& bytes, redis::Record& record) {
  Head head;
  if (bytes.size() < sizeof head) return false;
  std::memcpy(&head, bytes.data(), sizeof head);
  const std::size_t text_size = std::size_t{head.command_size} + head.key_size;
  if (bytes.size() < sizeof head + text_size) return false;
  bytes.remove_prefix(sizeof head);
  record = {.connection = head.connection,
            .sequence = head.sequence,
            .command = std::string(bytes.substr(0, head.command_size)),
            .key = std::string(bytes.substr(head.command_size, head.key_size)),
            .request_bytes = head.request_bytes,
            .response_bytes = head.response_bytes,
            .start_us = head.start_us,
            .latency_us = head.latency_us,
            .status = head.status};
  bytes.remove_prefix(text_size);
  return true;
}

}  // namespace lab::view::wire
