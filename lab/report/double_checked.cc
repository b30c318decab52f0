#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/code.h"
#include "lab/report/patterns.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr int kReach = 200;  // Lines of a function, at most.

// Names in a line of code that are called on or by no one.
std::vector<std::string> names_in(std::string_view code) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < code.size();) {
    auto end = at;
    while (end < code.size() && is_word(code[end])) ++end;
    const auto rest = code.substr(end);
    const bool called = rest.starts_with('(') || rest.starts_with("::") || rest.starts_with(" (");
    if (end > at && !is_digit(code[at]) && !called) names.emplace_back(code.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return names;
}

// "if (used > 50)": of a number, that tells of nothing that is made.
bool compares(const std::string& code, const std::string& name) {
  const auto condition = condition_of(code);
  const auto at = find_word(condition, name);
  if (at == condition.npos) return false;
  const auto before = trim(condition.substr(0, at));
  const auto behind = trim(condition.substr(at + name.size()));
  return behind.starts_with('<') || behind.starts_with('>') || before.ends_with('<') ||
         (before.ends_with('>') && !before.ends_with("->"));
}

bool asks(const std::string& code, const std::string& name) {
  const auto condition = condition_of(code);
  return find_word(condition, name) != condition.npos;
}

struct DoubleChecked {
  std::string name;
  int lock = 0;  // The line that takes it.
};

// A function as its source has it, from the line where a side looks.
class Function {
 public:
  Function(const Side& look, Sources& sources)
      : lines_(sources.lines(look.file)),
        last_(std::min(function_around(lines_, look.line, kReach).second,
                       static_cast<int>(lines_.size()))) {}

  std::string code(int line) const {
    const auto index = static_cast<std::size_t>(line) - 1;
    return line < 1 || index >= lines_.size() ? std::string() : code_of(lines_[index]);
  }

  int last() const { return last_; }

 private:
  const std::vector<std::string> lines_;  // A copy: more files may be read meanwhile.
  int last_;
};

// Where the writer is in the function, between two of its lines; 0 where it is not.
int line_within(const Side& writer, const std::string& file, int first, int last) {
  for (auto i = writer.frame; i < writer.stack.size(); ++i) {
    const auto& frame = writer.stack[i];
    if (frame.file == file && first <= frame.line && frame.line <= last) return frame.line;
  }
  return 0;
}

// The look without a lock, the lock, the second look under it, and the write: all of them are seen,
// in the report or in the source.
std::optional<DoubleChecked> double_checked(const Pair& pair, Sources& sources) {
  const auto& writer = pair.first;
  const auto& look = pair.second;
  const bool locked = std::any_of(writer.mutexes.begin(), writer.mutexes.end(),
                                  [](const HeldMutex& mutex) { return mutex.write; });
  if (!look.own || !writer.own || look.op != "read" || look.atomic) return std::nullopt;
  if (writer.op != "write" || !locked || !look.mutexes.empty()) return std::nullopt;
  const Function function(look, sources);
  for (int lock = look.line + 1; lock <= function.last(); ++lock) {
    if (!takes_lock(function.code(lock))) continue;
    const int written = line_within(writer, look.file, lock + 1, function.last());
    if (written == 0) return std::nullopt;
    for (const auto& name : names_in(function.code(look.line))) {
      const auto first = function.code(look.line);
      if (!asks(first, name) || compares(first, name)) continue;
      for (int again = lock + 1; again <= written; ++again) {
        if (name != "nullptr" && asks(function.code(again), name)) return DoubleChecked{name, lock};
      }
    }
    return std::nullopt;
  }
  return std::nullopt;
}

// "if (!made) { … made = true; }" with no lock: who looks, and who made it, are in one function.
std::optional<std::string> made_on_first_use(const Pair& pair, Sources& sources) {
  const auto& writer = pair.first;
  const auto& look = pair.second;
  if (!look.own || !writer.own || look.op != "read" || look.atomic || writer.op != "write") {
    return std::nullopt;
  }
  if (!writer.mutexes.empty() || !look.mutexes.empty()) return std::nullopt;
  const Function function(look, sources);
  const auto code = function.code(look.line);
  if (find_word(code, "if") == code.npos) return std::nullopt;
  const int written = line_within(writer, look.file, look.line, function.last());
  if (written == 0) return std::nullopt;
  const auto by_writer = code_of(sources.line(writer.file, writer.line).value_or(""));
  const auto is_made = [](const std::string& line, const std::string& name) {
    const auto is = [&](std::string_view value) { return line.find(value) != line.npos; };
    const auto all = assignments(line);
    return std::any_of(all.begin(), all.end(), [&](auto& one) { return one.name == name; }) &&
           (is("= true") || is("new ") || is("make_"));
  };
  for (const auto& name : names_in(code)) {
    if (name == "nullptr" || !asks(code, name)) continue;
    // "if (!made)", "if (made == nullptr)", and then "made = true", "made = new Thing".
    const auto condition = std::string(condition_of(code));
    const auto at = find_word(condition, name);
    const auto before = trim(std::string_view(condition).substr(0, at));
    const auto behind = trim(std::string_view(condition).substr(at + name.size()));
    if (!before.ends_with('!') && !behind.starts_with("== nullptr")) continue;
    if (is_made(by_writer, name)) return name;
    for (int line = look.line + 1; line <= function.last(); ++line) {
      if (is_made(function.code(line), name)) return name;
    }
  }
  return std::nullopt;
}

}  // namespace

void find_first_use(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns) {
  std::vector<Pair> pairs = {{cause.first, cause.second, {}, cause.shown}};
  pairs.insert(pairs.end(), cause.pairs.begin(), cause.pairs.end());
  for (const auto& pair : pairs) {
    const auto name = made_on_first_use(pair, sources);
    if (!name) continue;
    patterns.push_back(
        {"first-use", "Made on first use, without a lock",
         fmt::format("{} looks at {} at {}, and makes what it tells of if it is not there: two "
                     "threads may both find nothing, and both make it.",
                     function_label(pair.second), *name, place_label(pair.second)),
         "Make it once: a function-local static, or std::call_once.", "12_lazy_init", true, false});
    return;
  }
}

std::string_view condition_of(std::string_view code) {
  const auto asked = code.find('?');
  if (asked != code.npos) return code.substr(0, asked);
  const auto word = std::min(find_word(code, "if"), find_word(code, "while"));
  const auto open = word == code.npos ? word : code.find('(', word);
  if (open == code.npos) return {};
  int depth = 0;
  for (auto end = open; end < code.size(); ++end) {
    depth += (code[end] == '(') - (code[end] == ')');
    if (depth == 0) return code.substr(open, end - open);
  }
  return code.substr(open);
}

bool takes_lock(std::string_view code) {
  const auto has = [&](std::string_view word) { return find_word(code, word) != code.npos; };
  const bool guard = std::any_of(kGuards.begin(), kGuards.end(), has) ||
                     has("pthread_mutex_lock") || has("mtx_lock");
  return guard || code.find(".lock()") != code.npos || code.find("->lock()") != code.npos;
}

void find_double_checked(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns) {
  std::vector<Pair> pairs = {{cause.first, cause.second, {}, cause.shown}};
  pairs.insert(pairs.end(), cause.pairs.begin(), cause.pairs.end());
  for (const auto& pair : pairs) {
    const auto found = double_checked(pair, sources);
    if (!found) continue;
    auto lock = pair.second;
    lock.line = found->lock;
    patterns.push_back(
        {"double-checked-locking", "Double-checked locking",
         fmt::format("{} looks at {} at {} with no lock, takes one at {} and looks again; {} wrote "
                     "under it. The first look is ordered after nothing: it may find the new value "
                     "before what was made for it is there.",
                     function_label(pair.second), found->name, place_label(pair.second),
                     place_label(lock), thread_label(pair.first)),
         fmt::format("Make it once: a function-local static, or std::call_once. Or make {} a "
                     "std::atomic that is stored with memory_order_release, and looked at with "
                     "memory_order_acquire.",
                     found->name),
         "12_lazy_init"});
    return;
  }
}

}  // namespace lab::report
