#pragma once

#include <string>
#include <vector>

#include "lab/verdict/process.h"

namespace lab::verdict {

// How judged processes are confined on this machine: everything is read-only but their scratch
// folder, no network, and processes of their own that end with them. Tried once.
struct Confinement {
  bool bubblewrap = false;
  bool landlock = false;  // Instead, where bubblewrap does not work: for the files alone.
  std::string says;       // A sentence: what holds, and the remedy where not all of it does.
};
const Confinement& confinement();

// The command's arguments, run by bubblewrap when the command is confined and that works here.
std::vector<std::string> confined_arguments(const Command& command);

// What a confined child does to itself between fork() and exec(): only async-signal-safe calls.
void confine_self(const char* scratch);

}  // namespace lab::verdict
