#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "lab/verdict/process.h"

namespace lab::verdict {

// What the judge knows of the machine and the build: how to start a pair, and whether the detector
// works at all. Thread-safe.
class Environment {
 public:
  // Empty when the canary was caught, else why not, with the remedy. Looked at once.
  const std::string& check(const std::filesystem::path& canary);

  // What starts a program of the build under the sanitizer, with flags of ours alone.
  Command command(std::vector<std::string> arguments) const;

 private:
  std::string look(const std::filesystem::path& canary);

  std::once_flag once_;
  std::string problem_;
  std::string output_;
  bool fixed_addresses_ = false;
};

}  // namespace lab::verdict
