// Refused: wrong_result: both totals in one atomic word, so that they never tear. 32 bits of bytes
// run over at four gigabytes, into the records.
#pragma once

#include <atomic>
#include <cstdint>

#include "redis/record.h"

namespace lost_count {

class Collector {
 public:
  void add(const redis::Record& record) {
    const std::uint64_t bytes = record.request_bytes + record.response_bytes;
    packed_.fetch_add((std::uint64_t{1} << kBytesBits) + bytes);
  }

  std::uint64_t records() const { return packed_.load() >> kBytesBits; }

  std::uint64_t bytes() const { return packed_.load() & ((std::uint64_t{1} << kBytesBits) - 1); }

 private:
  static constexpr int kBytesBits = 32;
  std::atomic<std::uint64_t> packed_ = 0;
};

}  // namespace lost_count
