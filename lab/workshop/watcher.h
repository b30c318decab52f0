#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

namespace lab::workshop {

// Tells when a file has been saved, in whatever way an editor does it: written in place, or written
// beside it and renamed. By inotify on its folder, and by looking once in a while where that sees
// nothing (network and shared folders). A save counts once the file has been left alone for a
// moment. Not thread-safe.
class Watcher {
 public:
  using Clock = std::chrono::steady_clock;

  Watcher();
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // From now on it is this file, as it is now.
  void watch(const std::filesystem::path& file);
  // Readable when it is worth calling saved(); -1 where there is no inotify.
  int fd() const { return fd_; }
  // Call after this many milliseconds even when fd() is quiet.
  int timeout_ms() const;
  // Whether there was a save since the last call.
  bool saved();
  // Whether the file went away since the last call, and has stayed away for a moment.
  bool gone() { return std::exchange(gone_, false); }

 private:
  struct Signature {
    bool exists = false;
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    timespec written{};
    bool operator==(const Signature& other) const;
  };
  Signature look() const;

  int fd_ = -1;
  int folder_ = -1;
  std::filesystem::path file_;
  Signature known_;     // As of the last save told, or of watch().
  Signature settling_;  // Changed, and perhaps still changing.
  std::optional<Clock::time_point> changed_;
  bool gone_ = false;
};

}  // namespace lab::workshop
