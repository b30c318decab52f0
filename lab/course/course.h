#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lab::course {

// What is wrong with a racy collector, from its line
//   // Fault: data race: write in add() against read in find(), on records_.
// The line may go on in the next comment lines, up to its full stop. Parts that it leaves out are
// empty.
struct Fault {
  struct Side {
    std::string op;        // "write", "read"
    std::string function;  // "add"
  };
  std::string text;  // The sentence as written.
  std::string kind;  // "data race"
  Side first, second;
  std::string field;  // "records_"
};

enum class Kind { kRacy, kFix, kWrongFix, kRightFix, kAttempt };
std::string_view kind_name(Kind kind);  // "racy", "fix", "wrong_fix", "right_fix", "attempt"

// One version of a collector, and the verdict that the judge must give it.
struct Variant {
  std::string scenario;  // "02_map_read_write"
  std::string name;      // "racy", "mutex", "wrong_fix.second_mutex"
  Kind kind = Kind::kRacy;
  std::filesystem::path header;
  std::string expected;  // A verdict's name: "race", "pass"
  std::string claim;     // What the machine-read line says after its first word.

  std::string pair() const {
    return scenario + "." + name;
  }  // The program: "02_map_read_write.mutex"
  std::string path() const { return scenario + "/" + name; }  // As a person types it.
};

struct Scenario {
  std::string id;     // "02_map_read_write"
  std::string title;  // The README's first heading.
  Fault fault;
  std::filesystem::path readme;
  std::vector<std::string> hints;  // "## Hint 1" and on, their text.
  std::vector<Variant> variants;  // racy first, then fixes, wrong fixes, right fixes; each by name.
};

// A course read from its folders. Throws std::runtime_error, naming the file and what to write
// there, when a machine-read line is missing or cannot be understood. Immutable afterwards.
class Course {
 public:
  explicit Course(const std::filesystem::path& root);

  const std::vector<Scenario>& scenarios() const { return scenarios_; }  // By id.
  // The scenario of this id, or of the only id that has `text` as its number or as a part; throws
  // std::invalid_argument that names the candidates otherwise, or the nearest.
  const Scenario& scenario(std::string_view text) const;
  // Variants that "SCENARIO" or "SCENARIO/VARIANT" names; all of the course for an empty text.
  // Throws as scenario() does.
  std::vector<Variant> select(std::string_view text) const;

 private:
  // What to say of a text that names none, or all of `found`.
  std::string no_such_scenario(std::string_view text,
                               const std::vector<const Scenario*>& found) const;

  std::vector<Scenario> scenarios_;
};

// Throws std::invalid_argument with what a Fault line looks like.
Fault parse_fault(std::string_view sentence);

// The sentence that follows "// KEY:" in a C++ file's opening comment, joined over its lines up to
// an empty comment line or the end of the comment; empty when there is none.
std::string machine_line(std::string_view source, std::string_view key);

// The verdict that a fault of this kind must get: "data race" -> "race".
std::string_view verdict_of(std::string_view fault_kind);

}  // namespace lab::course
