#pragma once

#include "lab/verdict/judge.h"

namespace lab::cli {

// Prints two accesses that race, of all that were reported: their lines of source, who held what.
void show_pair(const report::Pair& pair, bool colour);

// The same of the first cause of a judgement's reports. Nothing when there was no report.
void show_first_cause(const verdict::Judgement& judgement, bool colour);

// Prints all that a learner needs of a judgement: the verdict, why, and where. `explore`: the
// command that explores the same; it replays what the explorer found.
void show_judgement(const std::string& attempt, const verdict::Judgement& judgement, bool colour,
                    const std::string& explore = {});

}  // namespace lab::cli
