#include <regex>
#include <set>
#include <sstream>

#include "lab/measure/matrix.h"

namespace lab::measure {
namespace {

// Locks that the analysis knows, in the shape of std::'s: libstdc++'s have no annotations.
constexpr const char* kLocks = R"(#include <condition_variable>
#include <mutex>
#include <shared_mutex>
namespace annotated {
#define RACELAB_TS(x) __attribute__((x))
template <class Base> class RACELAB_TS(capability("mutex")) Lockable {
 public:
  void lock() RACELAB_TS(acquire_capability()) { base_.lock(); }
  void unlock() RACELAB_TS(release_capability()) { base_.unlock(); }
  bool try_lock() RACELAB_TS(try_acquire_capability(true)) { return base_.try_lock(); }
  void lock_shared() RACELAB_TS(acquire_shared_capability()) { base_.lock_shared(); }
  void unlock_shared() RACELAB_TS(release_shared_capability()) { base_.unlock_shared(); }
 private:
  Base base_;
};
using mutex = Lockable<std::mutex>;
using recursive_mutex = Lockable<std::recursive_mutex>;
using shared_mutex = Lockable<std::shared_mutex>;
template <class M> class RACELAB_TS(scoped_lockable) lock_guard {
 public:
  explicit lock_guard(M& mutex) RACELAB_TS(acquire_capability(mutex));
  ~lock_guard() RACELAB_TS(release_capability());
};
template <class M> class RACELAB_TS(scoped_lockable) unique_lock {
 public:
  explicit unique_lock(M& mutex) RACELAB_TS(acquire_capability(mutex));
  ~unique_lock() RACELAB_TS(release_capability());
  void lock() RACELAB_TS(acquire_capability());
  void unlock() RACELAB_TS(release_capability());
};
template <class M> class RACELAB_TS(scoped_lockable) shared_lock {
 public:
  explicit shared_lock(M& mutex) RACELAB_TS(acquire_shared_capability(mutex));
  ~shared_lock() RACELAB_TS(release_generic_capability());
};
}  // namespace annotated
)";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The names that end in an underscore in "// Guards buffer_ and others_."; of a struct's field, "//
// Guards records." the word itself.
std::vector<std::string> guarded_by(const std::string& line) {
  static const std::regex said(R"(// Guards ([^.]*)\.)");
  static const std::regex word(R"(\b[a-z]\w*\b)");
  static const std::set<std::string> kNoNames = {"and",     "against", "other", "writers",
                                                 "readers", "making",  "the",   "a",
                                                 "while",   "which",   "not",   "but"};
  std::smatch match;
  std::vector<std::string> names;
  if (!std::regex_search(line, match, said)) return names;
  const auto text = match[1].str();
  for (auto it = std::sregex_iterator(text.begin(), text.end(), word); it != std::sregex_iterator();
       ++it) {
    const auto name = it->str();
    if (kNoNames.contains(name)) {
      if (name == "against" || name == "while" || name == "which" || name == "not" || name == "but")
        break;
      continue;
    }
    names.push_back(name);
  }
  return names;
}

}  // namespace

std::string annotated_copy(const std::string& header) {
  static const std::regex mutex(R"(^\s*(?:mutable )?std::(?:shared_|recursive_)?mutex (\w+);.*)");
  auto lines = lines_of(header);
  bool any = false;
  for (const auto& line : std::vector<std::string>(lines)) {
    std::smatch match;
    if (!std::regex_match(line, match, mutex)) continue;
    const auto lock = match[1].str();
    for (const auto& name : guarded_by(line)) {
      // A field's declaration: the name at the end of a line, before its initialiser.
      const std::regex field("^(\\s+[\\w:<>,&* ]+[ >&*])(" + name + ")(;| = |\\{)");
      for (auto& other : lines) {
        if (other.find("return ") != std::string::npos || !std::regex_search(other, field))
          continue;
        other = std::regex_replace(other, field, "$1$2 RACELAB_TS(guarded_by(" + lock + "))$3");
        any = true;
      }
    }
  }
  if (!any) return "";
  std::string copy = kLocks;
  static const std::regex locks(
      R"(std::(mutex|recursive_mutex|shared_mutex|lock_guard|unique_lock|shared_lock)\b)");
  static const std::regex condition(R"(std::condition_variable\b(?!_))");
  for (auto& line : lines) {
    if (line.starts_with("#pragma once")) continue;
    if (!line.starts_with("#include")) {
      line = std::regex_replace(line, locks, "annotated::$1");
      line = std::regex_replace(line, condition, "std::condition_variable_any");
    }
    copy += line + "\n";
  }
  return copy;
}

}  // namespace lab::measure
