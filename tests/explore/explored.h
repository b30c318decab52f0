#pragma once

#include <string>
#include <vector>

#include "lab/story/story.h"
#include "lab/verdict/events.h"

// Runs the programs of tests/explore/programs as a user would, and reads what they say.
struct Explored {
  std::vector<lab::story::Story> tests;
  std::vector<lab::verdict::Events::Explored> events;  // The same, as the judge reads them.
  int exit_code = -1;
  std::string output;
};

// `program`: "locks". `arguments`: of the explorer and of GoogleTest.
Explored explored(const std::string& program, std::vector<std::string> arguments,
                  std::vector<std::string> environment = {});
