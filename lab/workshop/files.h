#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace lab::workshop {

// A file that could not be read or written, as a sentence with what to do.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The whole file. Throws FileError.
std::string read_file(const std::filesystem::path& file);

// Puts `text` in the place of the file at once: whoever looks, even after a crash or a loss of
// power, sees the old whole or the new whole. Throws FileError; the old is untouched then.
void replace_file(const std::filesystem::path& file, const std::string& text);

// Makes the file with `text`, whole or not at all; false when there is one already, which is left
// as it is. Throws FileError.
bool create_file(const std::filesystem::path& file, const std::string& text);

// A lock between processes: held until destroyed, or until the process ends in whatever way.
class FileLock {
 public:
  // Waits at most `seconds`. Throws FileError when the file cannot be opened.
  FileLock(const std::filesystem::path& file, int seconds);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  bool held() const { return held_; }

 private:
  int fd_ = -1;
  bool held_ = false;
};

}  // namespace lab::workshop
