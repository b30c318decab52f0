#pragma once

#include <filesystem>
#include <string>

#include "lab/verdict/judge.h"

namespace lab::verdict {

// A learner's header made into a pair of its own.
struct BuiltAttempt {
  enum class Outcome { kBuilt, kCompileError, kGagged, kCannotBuild };
  Outcome outcome = Outcome::kCannotBuild;
  std::filesystem::path program;  // When built: the pair with the sanitizer's runtime; beside it
                                  // <program>.explore with ours, where the tree has an explorer.
  std::string output;             // The compiler's words, or why nothing could be built.
  std::string gag;                // When gagged: how it bypasses the judge, a sentence.
  double seconds = 0;
};

// The scenario that a file is an attempt at, as its name, its folder or its namespace tells. Throws
// std::invalid_argument when they tell none, or several.
std::string scenario_of(const course::Course& course, const std::filesystem::path& file);

// Builds `header` under the contract of `scenario` with the very commands that built the scenario's
// racy pair in `tree`: the same flags, precompiled header and prebuilt objects; one compilation and
// two links. The racy pair must be up to date. Writes to `folder` only.
BuiltAttempt build_attempt(const std::filesystem::path& tree, const std::string& scenario,
                           const std::filesystem::path& header,
                           const std::filesystem::path& folder);

// Builds an attempt at `scenario` and judges it with every engine, side by side. The racy pair of
// the scenario must be up to date in `tree`, which is the judge's. Judgement::seconds is all of it.
// Thread-safe. Leaves nothing behind, unless `keep` names a folder of the caller's to build in:
// then the programs stay there, as build_attempt() made them; of one that does not compile,
// compiler.txt with all that the compiler said.
Judgement judge_attempt(const Judge& judge, const std::filesystem::path& tree,
                        const std::string& scenario, const std::filesystem::path& header,
                        const std::filesystem::path& keep = {}, Plan plan = {.side_by_side = true});

// Of a compiler's output: the first error with its notes and source lines, those of other files
// than `header` left out where the header has its own.
std::string first_error(const std::string& output, const std::filesystem::path& header);

}  // namespace lab::verdict
