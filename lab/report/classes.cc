#include "lab/report/classes.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "lab/report/code.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

// "Stats" of "template <class T> struct Stats final : Base"; empty of what declares no class.
std::string class_declared(std::string_view head) {
  constexpr std::array<std::string_view, 3> kKeys = {"class", "struct", "union"};
  std::string name;
  std::string_view before;
  int angles = 0;
  bool keyed = false;
  while (!head.empty()) {
    if (head[0] == '<') ++angles;
    if (head[0] == '>') --angles;
    // Parameters: a function. A base clause: the name is known by now.
    if (angles == 0 && (head[0] == '(' || (head[0] == ':' && !name.empty()))) break;
    std::size_t end = 0;
    while (end < head.size() && is_word(head[end])) ++end;
    const auto word = head.substr(0, end);
    if (angles == 0 && !word.empty()) {
      if (std::find(kKeys.begin(), kKeys.end(), word) != kKeys.end()) {
        keyed = before != "enum";
      } else if (keyed && name.empty()) {
        name = word;
      }
      before = word;
    }
    head.remove_prefix(std::max<std::size_t>(end, 1));
  }
  // "struct Stats stats()" is a function of a struct, and so is what has parameters.
  return head.starts_with('(') ? std::string() : name;
}

// Follows the braces of a file; comments and quoted text do not count.
class Braces {
 public:
  void read(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto rest = line.substr(i);
      if (in_comment_) {
        in_comment_ = !rest.starts_with("*/");
        i += in_comment_ ? 0 : 1;
      } else if (rest.starts_with("//") || (i == 0 && rest.starts_with('#'))) {
        break;
      } else if (rest.starts_with("/*")) {
        in_comment_ = true;
        ++i;
      } else if (rest[0] == '"' || (rest[0] == '\'' && (i == 0 || !is_digit(line[i - 1])))) {
        i = end_of_quote(line, i);
      } else {
        take(rest[0]);
      }
    }
    head_ += ' ';
  }

  Classes::Class innermost() const {
    const auto found =
        std::find_if(open_.rbegin(), open_.rend(), [](auto& one) { return !one.name.empty(); });
    return found == open_.rend() ? Classes::Class() : *found;
  }

 private:
  static std::size_t end_of_quote(std::string_view line, std::size_t at) {
    const char quote = line[at];
    for (++at; at < line.size() && line[at] != quote; ++at) at += line[at] == '\\';
    return at;
  }

  void take(char c) {
    const bool label = c == ':' && take_label(trim(head_));
    if (c == '{') open_.push_back({class_declared(head_), find_word(head_, "class") != head_.npos});
    if (c == '}' && !open_.empty()) open_.pop_back();
    if (c == '{' || c == '}' || c == ';' || label) {
      head_.clear();
    } else if (head_.size() < kHeadMax) {
      head_ += c;
    }
  }

  // "private" of "private:"
  bool take_label(std::string_view head) {
    if (head != "public" && head != "private" && head != "protected") return false;
    if (!open_.empty()) open_.back().hidden = head == "private";
    return true;
  }

  static constexpr std::size_t kHeadMax = 4096;
  std::vector<Classes::Class> open_;  // Of each open brace, the class that it begins, or nothing.
  std::string head_;                  // What stands since the last brace or semicolon.
  bool in_comment_ = false;
};

}  // namespace

const Classes::Class& Classes::at(const std::string& file, int line) {
  const auto [known, is_new] = known_.emplace(std::pair(file, line), Class());
  if (!is_new) return known->second;
  const auto& lines = sources_.lines(file);
  if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return known->second;
  Braces braces;
  for (int i = 1; i < line; ++i) braces.read(lines[static_cast<std::size_t>(i) - 1]);
  return known->second = braces.innermost();
}

}  // namespace lab::report
