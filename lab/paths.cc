#include "lab/paths.h"

#include <cstdlib>

namespace lab {
namespace {

std::filesystem::path from_environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

}  // namespace

std::filesystem::path source_root() { return from_environment("RACELAB_ROOT", RACELAB_SOURCE_DIR); }

std::filesystem::path build_root() { return from_environment("RACELAB_BUILD", RACELAB_BINARY_DIR); }

std::string called() { return from_environment("RACELAB_CALLED", "./racelab").string(); }

}  // namespace lab
