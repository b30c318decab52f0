#pragma once

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace lab {

// Says where no folder can be made, why, and what to do.
class ScratchError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The folder of the system's temporary files, as TMPDIR and its like name it, there or not.
std::filesystem::path temporary_files();

// A new folder among the system's temporary files, for its owner alone; gone with it.
class Scratch {
 public:
  // `what` is part of its name: "racelab-<what>-Xq2rT9". Throws ScratchError when there can be
  // none.
  explicit Scratch(std::string_view what);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path file(std::string_view name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

}  // namespace lab
