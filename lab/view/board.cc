#include "lab/view/board.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lab::view {
namespace {

// The four bits behind the leading one choose the bucket within its power of two.
constexpr int kBits = 4;
constexpr std::uint64_t kExact = 1U << kBits;

std::size_t bucket_of(std::uint64_t value) {
  if (value < kExact) return value;
  const int power = std::bit_width(value) - 1;
  return static_cast<std::size_t>(power - kBits + 1) * kExact +
         ((value >> (power - kBits)) - kExact);
}

// The greatest value that falls into the bucket.
std::int64_t end_of(std::size_t bucket) {
  if (bucket < kExact) return static_cast<std::int64_t>(bucket);
  const auto shift = bucket / kExact - 1;
  return static_cast<std::int64_t>(((bucket % kExact + kExact + 1) << shift) - 1);
}

}  // namespace

void Latencies::add(std::int64_t microseconds) {
  ++buckets_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0)))];
  ++count_;
}

std::int64_t Latencies::percentile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen > 0 && seen >= wanted) return end_of(bucket);
  }
  return 0;
}

void Board::add(const redis::Record& record) {
  const std::lock_guard lock(mutex_);
  ++count_;
  recent_.push_back(record);
  if (recent_.size() > kRecentMax) recent_.pop_front();
  auto found = commands_.find(record.command);
  if (found == commands_.end()) {
    const bool is_full = commands_.size() >= kCommandsMax;
    found = commands_.try_emplace(is_full ? "(others)" : record.command).first;
  }
  auto& sums = found->second;
  sums.errors += record.status == redis::Status::kError ? 1 : 0;
  sums.bytes += record.request_bytes + record.response_bytes;
  sums.latencies.add(record.latency_us);
}

std::vector<redis::Record> Board::recent() const {
  const std::lock_guard lock(mutex_);
  return {recent_.begin(), recent_.end()};
}

std::vector<Total> Board::totals() const {
  std::vector<Total> totals;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [command, sums] : commands_) {
      totals.push_back({.command = command,
                        .count = sums.latencies.count(),
                        .errors = sums.errors,
                        .bytes = sums.bytes,
                        .p50_us = sums.latencies.percentile(0.50),
                        .p95_us = sums.latencies.percentile(0.95),
                        .p99_us = sums.latencies.percentile(0.99)});
    }
  }
  std::sort(totals.begin(), totals.end(), [](const Total& a, const Total& b) {
    return a.count != b.count ? a.count > b.count : a.command < b.command;
  });
  return totals;
}

std::uint64_t Board::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace lab::view
