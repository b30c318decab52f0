#include "lab/report/collection.h"

#include <functional>
#include <string>
#include <utility>

namespace lab::report {
namespace {

constexpr std::size_t kAllUpTo = 1'000;
constexpr std::size_t kTextMax = 24 << 20;  // Taken apart, a report takes some four times its text.
constexpr std::size_t kSeenMax = 1 << 20;

void mix(std::uint64_t& hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  hash ^= hash >> 32;
}

void mix(std::uint64_t& hash, const Stack& stack) {
  for (const auto& frame : stack) {
    mix(hash, std::hash<std::string>{}(frame.function));
    mix(hash, std::hash<std::string>{}(frame.file));
    mix(hash, static_cast<std::uint64_t>(frame.line));
    if (frame.function.empty()) mix(hash, frame.offset);
  }
  mix(hash, stack.size());
}

// Equal for reports of the same kind whose parties have the same stacks.
std::uint64_t signature(const Report& report) {
  std::uint64_t hash = std::hash<std::string>{}(report.kind);
  for (const auto& access : report.accesses) {
    mix(hash, std::hash<std::string>{}(access.op));
    mix(hash, access.stack);
  }
  for (const auto& stack : report.stacks) mix(hash, stack);
  for (const auto& edge : report.edges) mix(hash, edge.acquired_at);
  for (const auto& thread : report.threads) {
    if (report.accesses.empty()) mix(hash, thread.created);
  }
  return hash;
}

}  // namespace

void Collection::add(Report report) {
  const auto hash = signature(report);
  const bool is_new = !seen_.contains(hash);
  if (!is_new && reports_.size() >= kAllUpTo) {
    ++repeated_;
    return;
  }
  if (bytes_ + report.text.size() > kTextMax) {
    ++(is_new ? dropped_ : repeated_);
    return;
  }
  if (seen_.size() < kSeenMax) seen_.insert(hash);
  bytes_ += report.text.size();
  reports_.push_back(std::move(report));
}

}  // namespace lab::report
