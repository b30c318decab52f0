#include "lab/scratch.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

Scratch::Scratch(std::string_view what) {
  auto name = (fs::temp_directory_path() / ("racelab-" + std::string(what) + "-XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) {
    const std::error_code why(errno, std::generic_category());
    throw fs::filesystem_error("no folder for temporary files", name, why);
  }
  folder_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace lab
