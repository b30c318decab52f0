#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace lab::workshop {

// The four strategies of the course, and what every other way counts as.
inline const std::vector<std::string> kMedals = {"mutex", "rwlock", "sharded_map",
                                                 "message_passing", "other"};

// How far a learner has come with one scenario.
struct Standing {
  bool started = false;
  int hints = 0;                 // Tiers seen.
  int solution_asked = 0;        // Times, before a pass.
  bool peeked = false;           // The solutions were shown before a pass.
  int checks = 0;                // Judged so many times.
  std::string verdict;           // The last one; empty before the first.
  std::set<std::string> medals;  // Strategies that passed.
  bool passed() const { return !medals.empty(); }
};

struct Progress {
  std::string current;  // The scenario that was worked on last; empty at the beginning.
  std::map<std::string, Standing> scenarios;
  const Standing& of(const std::string& scenario) const;
};

// The learner's progress, in a file of the folder of attempts. Several processes may use it: each
// update is one step under a lock, and is written whole or not at all. Not thread-safe.
class ProgressFile {
 public:
  explicit ProgressFile(std::filesystem::path attempts);

  // What is known. A file that is lost or broken is made again from the attempts that are there
  // and from what passed (see keep_passed()); notice() then says so.
  Progress read();
  // Changes it by `change` and returns the result. Throws FileError when it cannot be written.
  Progress update(const std::function<void(Progress&)>& change);
  // The same, where the work can go on without: false when it could not be written, and notice()
  // says why.
  bool try_update(const std::function<void(Progress&)>& change);

  // What the learner should be told, once: empty when all is well.
  std::string take_notice();

 private:
  Progress load();
  Progress rebuild() const;

  std::filesystem::path attempts_;
  std::filesystem::path file_;
  std::string notice_;
};

// A passing attempt is kept, one a strategy: attempts/passed/02_map_read_write/mutex.h. The learner
// may look back at it, and lost progress is made again from it. Never an error: false when it could
// not be kept.
bool keep_passed(const std::filesystem::path& attempts, const std::string& scenario,
                 const std::string& strategy, const std::string& source);

// Notes a verdict on the learner's attempt; `strategy` counts when it passed. `source`: the text
// that was judged. False when the progress could not be written; the file's notice says why.
bool note_verdict(ProgressFile& file, const std::filesystem::path& attempts,
                  const std::string& scenario, const std::string& verdict,
                  const std::string& strategy, const std::string& source);

}  // namespace lab::workshop
