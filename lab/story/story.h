#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab::story {

// A step of one thread, or, `blocked`, its attempt at one that has to wait.
struct Step {
  std::string thread;  // "main", "T1"
  std::string op;      // "lock", "read"
  std::string object;  // "mutex_"; empty where the sources do not say.
  std::string file;    // Of the user's own code; empty where none leads to it.
  std::string within;  // The function of a library that it is a part of; empty when of none.
  int line = 0;
  bool blocked = false;
  bool preempts = false;  // The thread that ran before could have run on.
};

struct Lock {
  std::string name;
  bool shared = false;
  std::string file;  // Where it was taken; empty where that is not known.
  int line = 0;
};

// One access of a race, or where a thread stands at the end.
struct Side {
  std::string thread, op, object;
  std::string holder;  // The thread that holds `object`; empty when none does.
  bool holder_has_ended = false;  // Without giving it back.
  std::string function, file;
  int line = 0;
  std::vector<Lock> locks;  // That it holds.
};

// How the exploration of one test went, and the story of what it found.
struct Story {
  std::string test;     // "CheckThenAct.TwoFirstHitsOfAKeyAreBothCounted"
  std::string verdict;  // "pass", "race", ...
  std::string kind;     // "lost wake-up"; empty for a pass.
  std::string message;
  std::string token;  // Empty when nothing was found.
  int schedules = 0;
  int orders = 0;  // Of them that differ in more than the order of independent operations.
  int bound = 0;
  bool exhausted = false;
  int sampled = 0;         // Schedules drawn at random, beyond the bound.
  bool at_random = false;  // The finding was come upon so; preemptions are not the fewest.
  int preemptions = 0;
  double seconds = 0;
  std::vector<Step> steps;
  std::vector<Side> sides;
  std::string json;  // What it was read from.
};

// Reads the event "explored" (drill/events.h); none when it is something else. The text is written
// by code under judgement and is not trusted.
std::optional<Story> read(std::string_view json);

// "TwoFirstHitsOfAKeyAreBothCounted" -> "two first hits of a key are both counted", of a test's
// whole name.
std::string in_words(std::string_view test);

// How text is laid out.
struct Page {
  int columns = 80;
  bool colour = false;
};

// What the threads did, one column a thread, as lines without ends.
std::vector<std::string> table(const Story& story, const Page& page);

// What it came to: both accesses of a race, the failed expectation, who waits for whom.
std::vector<std::string> finding(const Story& story, const Page& page);

}  // namespace lab::story
