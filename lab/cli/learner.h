#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "lab/course/course.h"
#include "lab/workshop/exercise.h"
#include "lab/workshop/progress.h"

// What the commands of a learner share.
namespace lab::cli {

std::filesystem::path attempts_folder();  // attempts/ of the course.
// A path as a person here would type it.
std::string shown(const std::filesystem::path& path);

// Which of the course's scenarios `text` names; the one worked on last when it is empty. Throws
// std::invalid_argument.
const course::Scenario& scenario_named(const course::Course& course, const std::string& text,
                                       const workshop::Progress& progress);

// Runs a command; a file that cannot be written ends it with a sentence and kCannotJudge.
int guarded(const std::function<int()>& command);

// Prints, to standard error, what a progress file has to tell.
void tell_notice(workshop::ProgressFile& file);

// A text broken at spaces into lines of at most `width` columns; what is indented stays as it is.
std::vector<std::string> wrapped(const std::string& text, int width);

// A difference as lines, coloured when asked.
std::vector<std::string> diff_lines(const std::vector<workshop::DiffLine>& changes, bool colour);
// A fix: what it is called, its edge, its costs, and what it changes.
std::vector<std::string> solution_lines(const workshop::Solution& solution, int width, bool colour);

// The scenarios with progress and medals, as `list` shows them, in `width` columns.
std::vector<std::string> list_lines(const course::Course& course,
                                    const workshop::Progress& progress, int width, bool colour);

}  // namespace lab::cli
