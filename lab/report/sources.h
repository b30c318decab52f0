#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lab::report {

// The lines of source files that reports name, where the files can be found: at the path that the
// report gives, or, for a log from another machine or a relative path, at its end below a root.
// Reads regular files with a source's ending only, bounded in size and number; what a log names is
// not trusted. Not thread-safe.
class Sources {
 public:
  // Looks below the current folder and those above it that belong to the same checkout.
  Sources();
  explicit Sources(std::vector<std::filesystem::path> roots)
      : roots_(std::move(roots)), checkout_(roots_.empty() ? "" : roots_.back()) {}

  // The line, counted from 1, without its end. Nothing when there is no such file or line.
  std::optional<std::string> line(const std::string& file, int number);
  // All lines; empty when there is no such file.
  const std::vector<std::string>& lines(const std::string& file);
  // Where the file was found; empty when it was not.
  std::filesystem::path find(const std::string& file) const;
  // The path as a forge knows it: from the top of the checkout, when the file was found in it; the
  // report's own, tidied, otherwise.
  std::string path_in_checkout(const std::string& file) const;

 private:
  std::vector<std::filesystem::path> roots_;
  std::filesystem::path checkout_;  // Its top; the current folder where there is none.
  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace lab::report
