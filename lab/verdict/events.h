#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "drill/proof.h"

namespace lab::verdict {

// What a pair said of itself (drill/events.h), read while it runs and after it ended.
struct Events {
  struct Test {
    std::string name;
    int rounds = 0;
    bool failed = false;
    int reports = 0;  // Of ThreadSanitizer, as its runtime counts them.
  };
  struct Failure {
    std::string test;
    std::string file;
    int line = 0;
    std::string message;
  };

  // How a test's locks were used, and by whom (drill/explore/usage.h).
  struct Usage {
    int mutexes = 0;
    int rwlocks = 0;
    int atomics = 0;
    int once = 0;
    int shards = 0;
    int read_locks = 0;
    int guards = 0;
    int owner_threads = 0;
    bool owner_waits = false;
    bool asked = false;
  };

  // What the explorer found of one test.
  struct Explored {
    std::string test;
    std::string verdict;  // A verdict's name.
    std::string kind;     // "data race", "failed expectation"
    std::string message;
    std::string token;  // Replays the schedule.
    int schedules = 0;
    int bound = 0;
    bool exhausted = false;
    int sampled = 0;  // Schedules drawn at random, beyond the bound.
    // Cycles in the order of locks (drill/explore/lock_orders.h): any that may close, and any that
    // a lock held around it keeps from it.
    bool open_lock_cycle = false;
    bool gated_lock_cycle = false;
    Usage usage;
    std::string json;  // The event itself, for lab/story.
  };

  bool begun = false;
  bool instrumented = false;
  int tests_announced = 0;
  std::vector<Test> tests;
  std::vector<Failure> failures;
  std::vector<Explored> explored;
  std::string stuck_test;  // Empty when nothing stood still.
  int stuck_seconds = 0;
  bool ended = false;
  bool forged = false;  // Somebody else wrote to the judge's socket, or left something out.
  bool complete() const { return ended && static_cast<int>(tests.size()) == tests_announced; }
};

// The judge's end of the socket that a pair speaks to it by (drill/events.h), and the key that
// signs what it says.
class Channel {
 public:
  Channel();  // Throws std::system_error when the system gives no sockets.
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  int theirs() const { return theirs_; }  // For the child; the key waits in it.
  void started();                         // The child has its own copy of it now.
  std::string read();                     // What has come since, without waiting.
  const drill::Key& key() const { return key_; }

 private:
  int ours_ = -1;
  int theirs_ = -1;
  drill::Key key_;
};

// Follows events as they come, from a file or a channel. From a file, lines that are no events are
// passed over. From a channel, each must be signed and in its place; after the first that is not,
// nothing counts any more.
class EventReader {
 public:
  explicit EventReader(std::filesystem::path file) : file_(std::move(file)) {}
  explicit EventReader(Channel& channel) : channel_(&channel) {}
  // Reads what has come since; a line that has not ended yet waits for the next call.
  const Events& read();

 private:
  std::string more();
  void take_signed(std::string_view line);
  void take(std::string_view line);

  std::filesystem::path file_;
  std::streamoff offset_ = 0;
  Channel* channel_ = nullptr;
  std::uint64_t lines_ = 0;
  std::string pending_;
  Events events_;
};

}  // namespace lab::verdict
