#pragma once

#include <string>
#include <vector>

#include "lab/story/story.h"

namespace lab::story {

// A line of the table: what a thread did at a line of its source, or what is said in passing.
struct Row {
  std::string thread;  // Empty: a remark across the columns.
  std::string text;    // "lock mutex_"
  std::string file;    // Empty: no source line is shown.
  int line = 0;
  bool preempts = false;  // The thread before could have run on.
  bool ends = false;      // The thread's last.
  bool folded = false;    // Stands for steps inside of a library.
  int left_out = 0;       // A remark: how many rows it stands for.
};

// The steps as rows: a line's accesses to one thing are one row, so are the steps inside of a
// library that one line leads to. What the main thread does while it is alone is a remark, and so
// is what threads do over and over.
std::vector<Row> rows_of(const Story& story);

}  // namespace lab::story
