#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lab/course/course.h"
#include "lab/report/causes.h"
#include "lab/report/report.h"
#include "lab/verdict/events.h"
#include "lab/verdict/verdict.h"

namespace lab::verdict {

// A failed expectation, or an exception that left a function of a drill.
using Failure = Events::Failure;

// How a test of the contract went under one engine.
struct TestRun {
  std::string engine;  // "in_turn", "interleaved", "at_once"
  std::string name;    // "MapReadWrite.FindSeesARecordWhileAnotherArrives"
  int rounds = 0;
  bool failed = false;
};

// What was tried before "nothing found" was said.
struct Tried {
  int orders = 0;     // Rounds of in_turn, over all tests.
  int repeats = 0;    // Rounds of at_once, over all tests.
  int schedules = 0;  // Of the explorer; 0 when it did not run.
  int sampled = 0;    // Drawn at random once all up to the bound had been run.
  int bound = 0;
  bool exhausted = false;
};

struct Judgement {
  Verdict verdict = Verdict::kCannotJudge;
  std::string reason;  // A sentence; for kCannotJudge with the remedy.
  std::vector<report::Report> reports;
  std::vector<report::Cause> causes;  // Of `reports`.
  report::Own own;                    // What was taken for the judged code.
  std::vector<Failure> failures;
  std::vector<Events::Explored> explored;  // Tests whose interleavings were searched.
  std::vector<TestRun> tests;
  std::string stacks;  // Of every thread, when it was stuck.
  std::string output;  // All that the judged program wrote.
  Tried tried;
  double seconds = 0;
};

struct Limits {
  int repeats = 20;          // Rounds of at_once for each test.
  int drill_seconds = 10;    // For one concurrently().
  int engine_seconds = 60;   // For all tests under one engine.
  int bound = 2;             // Preemptions that the explorer tries.
  int schedules = 1000;      // For each test; beyond them the explorer has not exhausted it,
  int schedule_seconds = 3;  // nor beyond this time.
  std::size_t memory_bytes = std::size_t{2} << 30;
  std::size_t output_bytes = std::size_t{8} << 20;
  int processes = 64;  // At a time; the explorer works in a few copies of itself.
  // Confined, and by a channel that it signs (drill/proof.h). False for programs that only play a
  // pair, in tests: they append their events to the file that --events names.
  bool proof = true;
};

// What of a pair is run.
struct Plan {
  std::vector<std::string> engines = {"in_turn", "interleaved", "at_once"};
  std::string tests = "*";  // GoogleTest's filter.
  // Runs the engines beside each other, and ends those that are no longer needed. The verdict is
  // the same: they are heard in the order given, whichever ends first.
  bool side_by_side = false;
  // The source was searched for tricks as the compiler saw it; a search of its text would know
  // less.
  bool source_looked_at = false;
};

class Environment;

// Runs pairs and says what they did. One judge serves one build tree. Thread-safe.
class Judge {
 public:
  // `build`: a build tree of ours, with bin/canary and bin/<pair>.
  explicit Judge(std::filesystem::path build, Limits limits = {});
  ~Judge();

  // Runs the pair engine by engine and stops at the first that found something. The engine
  // interleaved is <pair>.explore; where that is not built it is left out, and Tried says so.
  // `own`: the files that are the judged code, for the frames to show. A program that is not there
  // is kCannotJudge.
  Judgement judge(const std::string& pair, const report::Own& own, const Plan& plan = {}) const;
  Judgement judge(const course::Variant& variant, const Plan& plan = {}) const;
  // The same for a pair's program that lies elsewhere: an attempt's.
  Judgement judge_program(const std::filesystem::path& program, const report::Own& own,
                          const Plan& plan = {}) const;

  // Empty when a canary race was caught in this build on this machine; else why not, with the
  // remedy. Looked at once.
  std::string cannot_judge() const;

 private:
  Judgement run_plan(const std::filesystem::path& program, const report::Own& own,
                     const Plan& plan) const;

  std::filesystem::path build_;
  Limits limits_;
  std::unique_ptr<Environment> environment_;
};

// Whether the judge said what the course states, and if not, why.
struct AsStated {
  bool ok = false;
  std::string why;
};

// A racy variant counts as caught only when the verdict is its fault's and a report matches the
// fault: operations, both functions, and the field where the sources show one.
AsStated as_stated(const Judgement& judgement, const course::Variant& variant,
                   const course::Fault& fault);

// The pair of places that matches the fault, among those of all causes; else the first of all; null
// when there was no report.
const report::Pair* stated_pair(const Judgement& judgement, const course::Fault& fault);

}  // namespace lab::verdict
