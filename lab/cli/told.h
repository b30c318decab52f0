#pragma once

#include <filesystem>
#include <string>

#include "lab/cli/show.h"
#include "lab/verdict/judge.h"

// What the workshop loop tells of a verdict behind its keys e, w and i. Each says the most useful
// thing that is known; where that is nothing, why, and which key has more.
namespace lab::cli {

// Prints what was found, explained. `compiler`: all that the compiler said, where it said
// something.
void tell_explained(const verdict::Judgement& judgement, const std::string& compiler,
                    const Look& look);

// What the detector, the judged program or the compiler wrote, as they wrote it.
std::string told_raw(const verdict::Judgement& judgement, const std::string& compiler);

// Why there is no interleaving to show.
std::string no_interleaving(const verdict::Judgement& judgement);

}  // namespace lab::cli
