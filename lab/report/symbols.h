#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "lab/report/report.h"

namespace lab::report {

// Names and lines for frames that hold a module and an offset alone (symbolize=0, or no symboliser
// where the program ran), by the system's llvm-symbolizer or addr2line.
struct SymbolOptions {
  // Where programs and libraries are looked for, by their name; the folder that a report's summary
  // names is always one. Not those below.
  std::vector<std::filesystem::path> folders;
  std::chrono::milliseconds time_max{20'000};  // For all modules together.
};

struct SymbolResult {
  std::size_t frames = 0;          // That have a name now.
  std::vector<std::string> notes;  // Sentences for people: what was used, and what was not and why.
};

// A file is used only if it is the build that ran, as far as the report lets us know: where a frame
// has a build id, it must be the file's. Calls that were inlined become frames of their own. Runs
// each module's file through the symboliser once; frames that stay nameless are left as they are.
SymbolResult symbolize(std::vector<Report>& reports, const SymbolOptions& options);

// The build id of an ELF file, in hexadecimal; empty when it has none or is no such file.
std::string read_build_id(const std::filesystem::path& file);

// Whether clang compiled the ELF file, or a part of it, as its .comment tells. gcc's columns mean
// other places of an expression than clang's: those are not to be relied on.
bool compiled_by_clang(const std::filesystem::path& file);

}  // namespace lab::report
