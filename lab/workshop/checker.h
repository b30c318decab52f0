#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "lab/verdict/process.h"

namespace lab::workshop {

// Runs a judge as a process of its own beside the loop: it can be ended at any moment, and what
// happens to it happens to it alone. One at a time. Its methods are for one thread.
class Checker {
 public:
  Checker();
  ~Checker();  // Ends what runs.
  Checker(const Checker&) = delete;
  Checker& operator=(const Checker&) = delete;

  // Ends what runs and starts anew. The judge writes the file `result` when the verdict is known,
  // and may go on after that. Of its output the last line is told as its step.
  void start(verdict::Command command, std::filesystem::path result);
  void cancel();
  bool running() const { return worker_.joinable(); }

  // Readable when there is news.
  int fd() const { return fds_[0]; }
  struct News {
    std::string step;     // "building [3/80]"; empty when there was none yet.
    bool judged = false;  // The result is there.
    bool ended = false;   // And `outcome` is.
    verdict::Outcome outcome;
  };
  News news();

 private:
  void work(const verdict::Command& command, const std::filesystem::path& result);
  void wake() const;

  int fds_[2] = {-1, -1};
  std::atomic<bool> cancelled_{false};
  std::mutex mutex_;  // Guards news_.
  News news_;
  std::thread worker_;
};

}  // namespace lab::workshop
