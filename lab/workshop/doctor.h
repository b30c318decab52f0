#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lab::workshop {

// One thing that was looked at on this machine.
struct Finding {
  enum class Status { kOk, kWarning, kFailure };
  std::string name;  // "clang++-19: canary race"
  Status status = Status::kOk;
  std::string detail;  // What was seen.
  std::string remedy;  // The exact command or step; empty when all is well.
};

struct Place {
  std::filesystem::path source;
  std::filesystem::path build;
};

// Looks at everything that judging needs, calling `on_begin` with the name of each look before it.
// A failure means that this machine cannot judge as it is; a warning that it can, but something is
// slower, less safe or left out.
std::vector<Finding> examine(const Place& place,
                             const std::function<void(const std::string&)>& on_begin);

// Whether the canary race that this program holds is caught; for tests.
bool is_canary_report(const std::string& output, int exit_code);

}  // namespace lab::workshop
