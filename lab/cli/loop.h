#pragma once

#include <filesystem>

#include "lab/course/course.h"

namespace lab::cli {

// The workshop on the terminal of standard input and output: shows the exercise, judges it on every
// save, and answers keys until the learner quits. `scratch`: a folder of its own, whose contents it
// may leave behind. Returns the program's exit code.
int run_loop(const course::Course& course, const std::filesystem::path& attempts,
             const std::filesystem::path& scratch);

}  // namespace lab::cli
