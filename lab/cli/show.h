#pragma once

#include "lab/verdict/judge.h"

namespace lab::cli {

// How what is shown is to look.
struct Look {
  bool colour = false;
  int width = 0;      // Lines are folded, those of source cut, to so many columns; 0: not at all.
  bool story = true;  // With what the explorer found, step by step.
};

// To standard output: as its terminal wants it.
Look look_of_terminal();

// Prints two accesses that race, of all that were reported: their lines of source, who held what.
void show_pair(const report::Pair& pair, const Look& look);
void show_pair(const report::Pair& pair, bool colour);

// The same of the first cause of a judgement's reports. Nothing when there was no report.
void show_first_cause(const verdict::Judgement& judgement, const Look& look);

// Prints where the threads of what stood still or ran on stand, in lines of the judged code.
// Nothing when no stacks are known, or they lead to no such line.
void show_stands(const verdict::Judgement& judgement, const Look& look);

// Prints a failed expectation: the test, the place of its claim, and what was found instead.
void show_failure(const verdict::Failure& failure, const Look& look);

// Prints all that a learner needs of a judgement: the verdict, why, and where. `explore`: the
// command that explores the same; it replays what the explorer found.
void show_judgement(const std::string& attempt, const verdict::Judgement& judgement,
                    const Look& look, const std::string& explore = {});

}  // namespace lab::cli
