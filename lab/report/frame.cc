#include <string>
#include <string_view>

#include "lab/report/lines.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr std::string_view kNull = "<null>";

// Takes "(a.out+0x12) (BuildId: 34)" off the end of a frame. Whatever follows it is noise of
// another process.
void take_module(std::string_view& text, Frame& frame) {
  const auto build = text.rfind(" (BuildId: ");
  if (build != std::string_view::npos) {
    auto id = text.substr(build + 11);
    frame.build_id = take_until(id, ")");
    text = text.substr(0, build);
  }
  const auto plus = text.rfind("+0x");
  if (plus != std::string_view::npos) {
    auto offset = text.substr(plus + 1);
    const auto value = take_number<std::uint64_t>(offset, 16);
    const auto open = text.rfind('(', plus);
    if (!offset.starts_with(')') || open == std::string_view::npos) return;
    frame.module = text.substr(open + 1, plus - open - 1);
    frame.offset = value;
    text = trim(text.substr(0, open));
    return;
  }
  // A frame of no module: "<null> <null> (0x7f0012)".
  const auto open = text.rfind(" (0x");
  if (open == std::string_view::npos) return;
  auto address = text.substr(open + 2);
  frame.offset = take_number<std::uint64_t>(address, 16);
  text = trim(text.substr(0, open));
}

// Takes ":12" off the end; false when there is none.
bool take_position(std::string_view& text, int& number) {
  auto digits = text.size();
  while (digits > 0 && is_digit(text[digits - 1])) --digits;
  if (digits == text.size() || digits == 0 || text[digits - 1] != ':') return false;
  auto value = text.substr(digits);
  number = take_number<int>(value);
  text = text.substr(0, digits - 1);
  return true;
}

// Takes "(12)" or "(12,3)" off the end, the form of symbolize_vs_style=1.
bool take_bracketed(std::string_view& text, Frame& frame) {
  const auto open = text.rfind('(');
  if (open == std::string_view::npos || open == 0 || !text.ends_with(')')) return false;
  auto inner = text.substr(open + 1, text.size() - open - 2);
  if (inner.empty() || inner.find_first_not_of("0123456789,") != std::string_view::npos) {
    return false;
  }
  frame.line = take_number<int>(inner);
  if (skip(inner, ",")) frame.column = take_number<int>(inner);
  text = text.substr(0, open);
  return true;
}

void take_line_and_column(std::string_view& text, Frame& frame) {
  if (take_bracketed(text, frame)) return;
  int last = 0;
  if (!take_position(text, last)) return;
  frame.line = last;
  int first = 0;
  if (take_position(text, first)) {
    frame.line = first;
    frame.column = last;
  }
}

bool is_absolute(std::string_view word) {
  const bool drive = word.size() > 2 && word[1] == ':' && (word[2] == '\\' || word[2] == '/');
  return word.starts_with('/') || drive;
}

// Where the file begins in "FUNCTION FILE": functions hold spaces, and so may files. Neither counts
// within parentheses, where clang writes "(anonymous struct at /src/a.cc:3:1)".
std::size_t file_begin(std::string_view text) {
  std::size_t last = std::string_view::npos;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && depth > 0) --depth;
    if (depth > 0 || text[i] != ' ') continue;
    if (is_absolute(text.substr(i + 1))) return i + 1;
    last = i + 1;
  }
  return last;
}

bool is_file(std::string_view word, bool has_line) {
  if (word.empty() || word == kNull || word == "??" || word.front() == '(') return false;
  return has_line || is_absolute(word) || word.find('.') != std::string_view::npos;
}

}  // namespace

Frame parse_frame(std::string_view text) {
  Frame frame;
  text = trim(text);
  if (text.starts_with("0x")) {  // "0x12 in main /src/a.cc:3", other sanitizers' form.
    frame.offset = take_number<std::uint64_t>(text, 16);
    text = trim(text);
    skip(text, "in ");
  }
  take_module(text, frame);
  const auto begin = file_begin(text);
  if (begin != std::string_view::npos) {
    auto file = text.substr(begin);
    const bool none = file == kNull || file == "??" || file == "??:0";
    take_line_and_column(file, frame);
    if (is_file(file, frame.line > 0)) {
      frame.file = file;
    } else {
      frame.line = frame.column = 0;
    }
    if (none || !frame.file.empty()) text = trim(text.substr(0, begin));
  }
  if (text != kNull && text != "??") frame.function = text;
  return frame;
}

}  // namespace lab::report
