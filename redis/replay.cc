#include "redis/replay.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace redis {
namespace {

using Clock = std::chrono::steady_clock;

// Waits for the moment or the stop; false when it was the stop. What it waits on is its own, so
// that it orders no thread with another.
bool wait_until(Clock::time_point moment, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_until(lock, stop, moment, [] { return false; });
  return !stop.stop_requested();
}

void play(const Session& records, const OpenCapture& open, const ReplayOptions& options,
          Clock::time_point began) {
  const auto add = open(records.front().connection);
  for (const auto& record : records) {
    if (options.stop.stop_requested()) return;
    if (options.speed > 0) {
      const std::chrono::duration<double, std::micro> at(
          static_cast<double>(record.start_us + record.latency_us) / options.speed);
      if (!wait_until(began + std::chrono::duration_cast<Clock::duration>(at), options.stop))
        return;
    }
    add(record);
  }
}

}  // namespace

void replay(const Session& session, const OpenCapture& open, const ReplayOptions& options) {
  const auto connections = by_connection(session);
  const auto began = Clock::now();
  std::vector<std::jthread> threads;
  threads.reserve(connections.size());
  for (const auto& records : connections) {
    threads.emplace_back([&, began] { play(records, open, options, began); });
  }
}

void replay(const Session& session, const Add& add, const ReplayOptions& options) {
  replay(
      session, [&](std::uint32_t) -> Add { return [&](const Record& record) { add(record); }; },
      options);
}

}  // namespace redis
