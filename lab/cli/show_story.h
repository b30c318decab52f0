#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/story/story.h"
#include "lab/verdict/exploration.h"
#include "lab/verdict/judge.h"

namespace lab::cli {

// Prints how an exploration went: the story of what was found, or what was tried. `command`
// explores the same again.
void show_exploration(const std::string& what, const std::string& command,
                      const verdict::Exploration& exploration, bool colour);

// Prints the story of one finding: the threads' steps, what they came to, and how to replay it.
void show_story(const story::Story& story, const std::string& command, bool colour);
// The same without the steps when they are more than fit on a screen.
void show_short_story(const story::Story& story, const std::string& command, bool colour);

// The same as lines of at most `width` columns, without how to replay it.
std::vector<std::string> short_story_lines(const story::Story& story, int width, bool colour);

// What the explorer found, when that is what decided a judgement.
std::optional<story::Story> explored_finding(const verdict::Judgement& judgement);

}  // namespace lab::cli
