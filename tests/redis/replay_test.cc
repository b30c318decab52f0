#include "redis/replay.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace redis {
namespace {

using namespace std::chrono_literals;

// Three connections of 100 records each, a record every 100 microseconds.
Session three_connections() {
  Session session;
  for (std::uint64_t sequence = 1; sequence <= 100; ++sequence) {
    for (std::uint32_t connection = 1; connection <= 3; ++connection) {
      session.push_back({.connection = connection,
                         .sequence = sequence,
                         .command = "GET",
                         .key = "k",
                         .start_us = static_cast<std::int64_t>(sequence) * 100});
    }
  }
  return session;
}

TEST(Replay, AddsTheRecordsOfAConnectionInOrderOnAThreadOfItsOwn) {
  std::mutex mutex;
  std::map<std::uint32_t, Session> added;
  std::map<std::uint32_t, std::set<std::thread::id>> threads;
  const auto session = three_connections();
  replay(session, [&](const Record& record) {
    const std::lock_guard lock(mutex);
    added[record.connection].push_back(record);
    threads[record.connection].insert(std::this_thread::get_id());
  });
  const auto expected = by_connection(session);
  std::set<std::thread::id> all;
  for (std::uint32_t connection = 1; connection <= 3; ++connection) {
    EXPECT_EQ(added[connection], expected[connection - 1]);
    EXPECT_EQ(threads[connection].size(), 1);
    all.insert(threads[connection].begin(), threads[connection].end());
  }
  EXPECT_EQ(all.size(), 3);
  EXPECT_FALSE(all.contains(std::this_thread::get_id()));
}

TEST(Replay, OpensACaptureForEachConnection) {
  std::mutex mutex;
  std::multiset<std::uint32_t> opened;
  replay(three_connections(), [&](std::uint32_t connection) -> Add {
    const std::lock_guard lock(mutex);
    opened.insert(connection);
    return [connection](const Record& record) { EXPECT_EQ(record.connection, connection); };
  });
  EXPECT_EQ(opened, (std::multiset<std::uint32_t>{1, 2, 3}));
}

TEST(Replay, KeepsTheRecordedPace) {
  const auto began = std::chrono::steady_clock::now();
  replay(three_connections(), [](const Record&) {}, {.speed = 0.5, .stop = {}});
  EXPECT_GE(std::chrono::steady_clock::now() - began, 20ms);
}

TEST(Replay, StopsInTheMiddleOfAWait) {
  auto session = three_connections();
  session.resize(2);
  session[1].connection = session[0].connection;
  session[1].start_us = 3'600'000'000;  // An hour.
  std::stop_source source;
  int added = 0;
  const auto stop_at_first = [&](const Record&) {
    ++added;
    source.request_stop();
  };
  replay(session, stop_at_first, {.speed = 1, .stop = source.get_token()});
  EXPECT_EQ(added, 1);
}

TEST(Replay, OfNothingEndsAtOnce) {
  replay({}, [](const Record&) { FAIL() << "added"; });
}

}  // namespace
}  // namespace redis
