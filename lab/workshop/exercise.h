#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lab/course/course.h"

namespace lab::workshop {

// attempts/02_map_read_write.h
std::filesystem::path attempt_of(const std::filesystem::path& attempts,
                                 const std::string& scenario);

// The racy collector as a learner begins with it: its fault is not given away, a few lines say what
// to do.
std::string exercise_text(const std::string& racy, const std::string& scenario);

// The same of a scenario of the course. Throws FileError.
std::string exercise_of(const course::Scenario& scenario);

struct Started {
  std::filesystem::path file;
  bool created = false;  // False: there was one, which is untouched.
};

// Gives the learner a file to work on. Throws FileError.
Started start(const course::Scenario& scenario, const std::filesystem::path& attempts);

// Writes attempts/compile_commands.json, with which clangd shows in an attempt the errors that the
// compiler would: `root` holds the headers that attempts include. An editor's comfort: false when
// it cannot be written.
bool tell_editors(const std::filesystem::path& attempts, const std::filesystem::path& root,
                  const course::Course& course);

// Begins afresh; what was there is kept beside it and returned, 02_map_read_write.1.h and on; empty
// when there was nothing, or what start() made and nobody has changed. At every moment there is an
// attempt. Throws FileError.
std::filesystem::path reset(const course::Scenario& scenario,
                            const std::filesystem::path& attempts);

// One line of a difference: ' ' both, '-' the first, '+' the second only, '@' where lines are left
// out.
struct DiffLine {
  char mark = ' ';
  std::string text;
};

// The lines of two texts by a longest common subsequence, with `context` lines around each change;
// empty when they are the same. Bounded: texts of more than a few thousand lines count as wholly
// different.
std::vector<DiffLine> diff(const std::string& before, const std::string& after, int context = 3);

// A header without the comment it opens with.
std::string without_opening(const std::string& source);

// A fix as a learner is shown it.
struct Solution {
  std::string strategy;
  std::string happens_before;
  std::string costs;
  std::filesystem::path header;
  std::vector<DiffLine> changes;  // Against the racy version, both without their opening comments.
};

// The fixes of a scenario, the four strategies first.
std::vector<Solution> solutions(const course::Scenario& scenario);

}  // namespace lab::workshop
