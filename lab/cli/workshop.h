#pragma once

namespace lab::cli {

// Bare `racelab`: the workshop loop. Returns the program's exit code.
int workshop();

}  // namespace lab::cli
