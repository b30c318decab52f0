#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "redis/record.h"

namespace lab::view {

// {"connection":1,"sequence":2,"command":"GET","key":"k",...,"status":"ok"}: what others script
// against. Bytes of a key that are not UTF-8 are replaced.
std::string json_line(const redis::Record& record);

// Writes lines to a file descriptor from a thread of its own, as soon as they come. Thread-safe.
// What the reader has not taken waits here, up to a megabyte; then add() waits.
class Printer {
 public:
  explicit Printer(int descriptor);
  // Writes what is left, and waits until it is taken or the reader has gone.
  ~Printer();
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  void add(const std::string& line);

  // The reader has gone: what is added from then on is dropped.
  bool has_lost_reader() const;

 private:
  void write_lines();

  const int descriptor_;
  mutable std::mutex mutex_;  // Guards what follows but the thread.
  std::condition_variable changed_;
  std::string lines_;
  bool is_ending_ = false;
  bool has_lost_reader_ = false;
  std::thread writer_;
};

}  // namespace lab::view
