#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/reader.h"
#include "redis/capture.h"

namespace lab::view {

// What became of a collector in its host.
struct HostState {
  std::uint64_t answers = 0;
  std::string answer;                 // The latest: "find(user:1): GET user:1, 40 us; size(): 12"
  std::vector<report::Cause> causes;  // What ThreadSanitizer found, folded.
  std::size_t reports = 0;
  std::string trouble;  // In a sentence: it hangs, it crashed. Empty otherwise.
};

// A collector in a process of its own, under ThreadSanitizer, with a capture thread for each
// connection. Whatever it does there, this side goes on: when it takes no record for five seconds,
// it is given none any more. SIGPIPE must be ignored. Thread-safe.
class Host {
 public:
  // Called with each new cause, on a thread of the host's own.
  using OnCause = std::function<void(const report::Cause&)>;

  // Runs `program`, a pair's host (lab/view/host/); `header` is the collector's source, where
  // causes are shown. Throws std::runtime_error when it cannot be run.
  Host(const std::filesystem::path& program, const std::filesystem::path& header, OnCause on_cause);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Brings each connection's records to a capture thread in the host, and has its UI thread query
  // the collector among them.
  redis::OpenCapture captures();
  // Has the UI thread query the collector, for this key, if it has answered all before.
  void ask(const std::string& key);
  // Ends the program, kills it if it does not end within a few seconds, and reads its last words.
  // Call it when the captures are gone.
  void end();

  HostState state() const;

 private:
  void start(const std::filesystem::path& program);
  int open_pipe();
  void write_record(int pipe, const std::string& bytes);

  void watch();
  bool read_output();
  void read_answer();
  void look_after();
  void take_report(report::Report report);
  void conclude(int status);

  const report::Own own_;
  const OnCause on_cause_;
  int process_ = -1;
  int control_ = -1;
  int queries_ = -1;
  int output_ = -1;
  std::thread watcher_;
  report::Reader reader_;                // Of the watcher.
  std::vector<report::Report> reports_;  // Of the watcher.

  mutable std::mutex mutex_;  // Guards what follows.
  HostState state_;
  bool is_asked_ = false;
  std::chrono::steady_clock::time_point asked_at_;
  bool takes_records_ = true;
  bool is_ending_ = false;
  std::chrono::steady_clock::time_point kill_at_;  // While it is ending.
};

}  // namespace lab::view
