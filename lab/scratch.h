#pragma once

#include <filesystem>
#include <string_view>

namespace lab {

// A new folder among the system's temporary files, for its owner alone; gone with it.
class Scratch {
 public:
  // `what` is part of its name: "racelab-<what>-Xq2rT9". Throws std::filesystem::filesystem_error
  // when there can be none.
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
