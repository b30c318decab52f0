#include "lab/workshop/files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

namespace lab::workshop {
namespace {

namespace fs = std::filesystem;

// What to do about an error of the system's.
std::string remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "Free some space, then do it again.";
    case EROFS:
      return "The file system is read-only: work in a checkout of your own.";
    case EACCES:
    case EPERM:
      return "You may not write there: work in a checkout of your own.";
    default:
      return "";
  }
}

[[noreturn]] void fail(const fs::path& file, const char* what, int error) {
  const auto hint = remedy(error);
  throw FileError(fmt::format("{} could not be {}: {}.{}{}", file.string(), what,
                              std::strerror(error), hint.empty() ? "" : " ", hint));
}

// Writes a new file and brings it to the disk; its error, or 0. Leaves nothing behind on an error.
int write_new(const fs::path& file, const std::string& text) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return errno;
  int error = 0;
  for (std::size_t done = 0; done < text.size() && error == 0;) {
    const auto written = write(fd, text.data() + done, text.size() - done);
    if (written > 0) {
      done += static_cast<std::size_t>(written);
    } else if (errno != EINTR) {
      error = written == 0 ? EIO : errno;
    }
  }
  if (error == 0 && fsync(fd) != 0 && errno != EINVAL) error = errno;
  if (close(fd) != 0 && error == 0) error = errno;
  if (error != 0) unlink(file.c_str());
  return error;
}

// The folder's own entry is on the disk only once the folder is.
void sync_folder(const fs::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

// A name beside the file that nobody else uses.
fs::path beside(const fs::path& file) {
  static std::atomic<unsigned> next{0};
  const auto name =
      fmt::format(".{}.{}.{}.tmp", file.filename().string(), getpid(), next.fetch_add(1));
  const auto path = file.parent_path() / name;
  unlink(path.c_str());  // Of a process that had our number and was killed.
  return path;
}

void make_folder(const fs::path& file) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) fail(file.parent_path(), "made", error.value());
}

}  // namespace

std::string read_file(const fs::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf() || in.peek() == EOF)) {
    fail(file, "read", errno != 0 ? errno : EIO);
  }
  return text.str();
}

void replace_file(const fs::path& file, const std::string& text) {
  make_folder(file);
  const auto fresh = beside(file);
  if (const int error = write_new(fresh, text)) fail(file, "written", error);
  if (rename(fresh.c_str(), file.c_str()) != 0) {
    const int error = errno;
    unlink(fresh.c_str());
    fail(file, "written", error);
  }
  sync_folder(file.parent_path());
}

bool create_file(const fs::path& file, const std::string& text) {
  make_folder(file);
  const auto fresh = beside(file);
  if (const int error = write_new(fresh, text)) fail(file, "written", error);
  // A link never replaces what is there; a file system without links has the next best.
  int error = link(fresh.c_str(), file.c_str()) == 0 ? 0 : errno;
  unlink(fresh.c_str());
  if (error == EPERM || error == ENOTSUP || error == ENOSYS) error = write_new(file, text);
  if (error == EEXIST) return false;
  if (error != 0) fail(file, "written", error);
  sync_folder(file.parent_path());
  return true;
}

FileLock::FileLock(const fs::path& file, int seconds) {
  make_folder(file);
  fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) fail(file, "written", errno);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!(held_ = flock(fd_, LOCK_EX | LOCK_NB) == 0)) {
    if (std::chrono::steady_clock::now() >= deadline) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace lab::workshop
