#include "lab/scratch.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace lab {

namespace fs = std::filesystem;

fs::path temporary_files() {
  for (const char* variable : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"}) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != 0) return value;
  }
  return "/tmp";
}

Scratch::Scratch(std::string_view what) {
  auto name = (temporary_files() / ("racelab-" + std::string(what) + "-XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) {
    const auto why = std::generic_category().message(errno);
    throw ScratchError("No folder can be made in " + temporary_files().string() + ": " + why +
                       ". Free some space, or set TMPDIR to a folder that you may write to.");
  }
  folder_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace lab
