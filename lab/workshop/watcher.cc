#include "lab/workshop/watcher.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lab::workshop {
namespace {

// A save is over when nothing has changed for so long: editors that write in pieces, or empty the
// file first, do so within a few milliseconds.
constexpr std::chrono::milliseconds kSettled{40};
constexpr int kLookEveryMs = 400;
// Editors that put another file in its place do so within a few milliseconds.
constexpr std::chrono::milliseconds kGone{600};

}  // namespace

bool Watcher::Signature::operator==(const Signature& other) const {
  return exists == other.exists && device == other.device && inode == other.inode &&
         size == other.size && written.tv_sec == other.written.tv_sec &&
         written.tv_nsec == other.written.tv_nsec;
}

Watcher::Watcher() : fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

Watcher::~Watcher() {
  if (fd_ >= 0) close(fd_);
}

void Watcher::watch(const std::filesystem::path& file) {
  if (fd_ >= 0 && folder_ >= 0) inotify_rm_watch(fd_, folder_);
  file_ = file;
  if (fd_ >= 0) {
    folder_ = inotify_add_watch(fd_, file.parent_path().c_str(),
                                IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY | IN_DELETE);
  }
  known_ = settling_ = look();
  changed_.reset();
  gone_ = false;
}

Watcher::Signature Watcher::look() const {
  struct stat found {};
  if (stat(file_.c_str(), &found) != 0) return {};
  return {true, found.st_dev, found.st_ino, found.st_size, found.st_mtim};
}

int Watcher::timeout_ms() const {
  return changed_ ? static_cast<int>(kSettled.count()) : kLookEveryMs;
}

bool Watcher::saved() {
  alignas(inotify_event) char events[4096];
  while (fd_ >= 0 && read(fd_, events, sizeof events) > 0) {
  }
  const auto now = look();
  if (now == known_) {
    changed_.reset();
    return false;
  }
  if (!changed_ || !(now == settling_)) {
    settling_ = now;
    changed_ = Clock::now();
    return false;
  }
  const auto since = Clock::now() - *changed_;
  if (!now.exists) {
    // It is about to come back, or somebody took it away.
    if (since < kGone) return false;
    gone_ = true;
    known_ = now;
    changed_.reset();
    return false;
  }
  if (since < kSettled) return false;
  known_ = now;
  changed_.reset();
  return true;
}

}  // namespace lab::workshop
