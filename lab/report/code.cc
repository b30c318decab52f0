#include "lab/report/code.h"

#include <algorithm>
#include <vector>

#include "lab/report/text.h"

namespace lab::report {
namespace {

// Blanks text[begin, end).
void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (auto i = begin; i < std::min(end, text.size()); ++i) text[i] = ' ';
}

// The braces around `at`: after the opening one, and the closing one; the whole where there are
// none.
std::pair<std::size_t, std::size_t> block_around(const std::string& code, std::size_t at) {
  std::size_t begin = 0;
  int depth = 0;
  for (auto i = at; i-- > 0;) {
    if (code[i] == '}') ++depth;
    if (code[i] == '{' && depth-- == 0) {
      begin = i + 1;
      break;
    }
  }
  depth = 0;
  for (auto i = at; i < code.size(); ++i) {
    if (code[i] == '{') ++depth;
    if (code[i] == '}' && depth-- == 0) return {begin, i};
  }
  return {begin, code.size()};
}

}  // namespace

std::string code_of(std::string_view line) {
  std::string code(line);
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote) {
      code[i] = ' ';
      if (c == '\\' && i + 1 < line.size()) code[++i] = ' ';
      if (c == quote) quote = 0;
      continue;
    }
    if (line.substr(i, 2) == "//") {
      code.resize(i);
      break;
    }
    if (c == '"' || (c == '\'' && (i == 0 || !is_digit(line[i - 1])))) {
      quote = c;
      code[i] = ' ';
    }
  }
  return code;
}

std::string statement_at(const std::string& code, int column) {
  const auto at = static_cast<std::size_t>(std::max(column, 1)) - 1;
  if (at >= code.size()) return code;
  auto [begin, end] = block_around(code, at);
  int parens = 0;
  for (auto i = begin; i < end; ++i) {  // "for (…; …; …)" is one statement.
    if (code[i] == '(') ++parens;
    if (code[i] == ')') parens = std::max(parens - 1, 0);
    if (code[i] != ';' || parens > 0) continue;
    if (i < at) begin = i + 1;
    if (i >= at) end = i + 1;
  }
  auto statement = code;
  blank(statement, 0, begin);
  blank(statement, end, code.size());
  std::size_t opened = 0;
  int depth = 0;
  for (auto i = begin; i < end; ++i) {
    if (code[i] == '{' && depth++ == 0) opened = i;
    if (code[i] == '}' && depth > 0 && --depth == 0) blank(statement, opened, i + 1);
  }
  if (depth > 0) blank(statement, opened, end);
  return statement;
}

std::size_t find_word(std::string_view text, std::string_view name, std::size_t from) {
  for (auto at = text.find(name, from); at != text.npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end])))
      return at;
  }
  return text.npos;
}

}  // namespace lab::report
