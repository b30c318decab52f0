#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lab::verdict {

// What a pair said of itself (drill/events.h), read while it runs and after it ended.
struct Events {
  struct Test {
    std::string name;
    int rounds = 0;
    bool failed = false;
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
    int locks_at_one_place = 0;
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
  bool complete() const { return ended && static_cast<int>(tests.size()) == tests_announced; }
};

// Follows a file of events that grows. Lines that are no events are passed over: the file is
// written by code under judgement.
class EventReader {
 public:
  explicit EventReader(std::filesystem::path file) : file_(std::move(file)) {}
  // Reads what has come since; a line that has not ended yet waits for the next call.
  const Events& read();

 private:
  void take(const std::string& line);

  std::filesystem::path file_;
  std::streamoff offset_ = 0;
  Events events_;
};

}  // namespace lab::verdict
