#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/kinds.h"
#include "lab/report/sources.h"

namespace lab::report {

// Something known of how a fault came about, named only when the report or the source shows it.
struct Pattern {
  std::string id;      // "one-side-locked"
  std::string title;   // "One side locked"
  std::string text;    // The evidence, in a sentence or two.
  std::string advice;  // The fix that fits it; empty where the kind's say it all.
  std::string scenario;
  // Whether the kind's usual fixes, a mutex and an atomic, add anything to the advice.
  bool mutex_fits = true;
  bool atomic_fits = true;
  bool says_all = false;  // Whether nobody needs other advice.
};

// A line to show, and what to say of it.
struct Marked {
  std::string file;
  int line = 0;
  std::string text;       // The source line; empty when the file was not found.
  std::size_t begin = 0;  // What to underline, in bytes of `text`.
  std::size_t size = 0;
  std::string label;  // "T1 wrote"
  const Side* side = nullptr;
};

struct Explanation {
  const Kind* kind = nullptr;
  std::string scenario;            // Of the course, that of the kind, or of a plain value's race.
  std::string title;               // "Data race on records_"
  std::string meaning;             // The kind's, or that of what it is a case of.
  std::vector<std::string> facts;  // "no lock in common; nothing orders these two accesses"
  std::vector<Pattern> patterns;   // Those with evidence; none is an answer too.
  std::vector<std::string> fixes;  // The patterns' advice, then the kind's where it adds to it.
  std::vector<Marked> lines;       // Of the parties, and of the declaration where it was found.
  std::vector<std::string> cycle;  // The lock-order cycle, drawn, a line each.
};

Explanation explain(const Report& report, const Cause& cause, const Own& own, Sources& sources);

// The parts, for explain().
std::vector<Pattern> find_patterns(const Report& report, const Cause& cause, const Own& own,
                                   Sources& sources);
// Where the object is declared: in the files of the report's own frames, or in what those include.
// Nothing where several declarations could be meant.
std::optional<Marked> find_declaration(const Report& report, const Cause& cause, Sources& sources);
std::vector<std::string> draw_cycle(const Report& report);
std::vector<std::string> find_facts(const Report& report, const Cause& cause, const Own& own,
                                    Sources& sources);

// "instances" of "Config::instances", as lines call it.
std::string last_name(const std::string& object);
// A sentence for a verdict: "data race: write in add() against read in find(), on records_".
std::string summarize(const Cause& cause);

// The files that a report's own frames are in, and those that these include by quoted names.
std::vector<std::string> related_files(const Cause& cause, Sources& sources);

// "2 reports, one cause; in Suite.Test", "in 3 tests"; empty where there is nothing to add.
std::string count_label(const std::vector<Report>& reports, const Cause& cause);
// "std::vector<int>::push_back", when that is what the user's line called; empty otherwise.
std::string container_call(const Side& side);
// "wrote", "read", "freed", "locked".
std::string past_tense(const Side& side);
// "T1 'capture'", "main thread"
std::string thread_label(const Side& side);
// "M0 (mutex_)"; "M0" where the source does not name it.
std::string mutex_label(const HeldMutex& mutex);
// "no lock held", "holds M0 (mutex_), M1 (for reading)"
std::string locks_label(const Side& side);
// Whether the report says what the parties of the cause held: not where a mutex was misused.
bool tells_locks(const Report& report, const Cause& cause);
// "src/collector.h:31"; empty where the frame has no file.
std::string place_label(const Side& side);
// The path as people are shown it: below the current folder, from there.
std::string display_path(const std::string& file);
// "Collector::add()", "lambda in add()", "prog+0x12" where the frame has no name.
std::string function_label(const Side& side, bool full = false);

}  // namespace lab::report
