#include "lab/report/side_code.h"

#include <algorithm>
#include <utility>

#include "lab/report/code.h"
#include "lab/report/names.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

// The bracket that closes the one at `open`; npos where none does.
std::size_t closing(const std::string& code, std::size_t open) {
  const char end = code[open] == '(' ? ')' : '}';
  int depth = 0;
  for (auto at = open; at < code.size(); ++at) {
    depth += (code[at] == code[open]) - (code[at] == end);
    if (depth == 0) return at;
  }
  return code.npos;
}

// The body of the function that the line defines whole: of "open" in "void open() { … } void
// close() { … }". All of the line where it does not.
std::string body_of(const std::string& code, const std::string& name) {
  for (auto at = find_word(code, name); at != code.npos; at = find_word(code, name, at + 1)) {
    const auto open = at + name.size();
    if (open >= code.size() || code[open] != '(') continue;
    const auto close = closing(code, open);
    if (close == code.npos) continue;
    const auto begin = code.find('{', close);
    if (begin == code.npos) continue;
    // "const", "override", "-> int", ": base(1)"; a call is followed by what ends it.
    const auto between = trim(std::string_view(code).substr(close + 1, begin - close - 1));
    const bool call = between.starts_with(')') || between.find(';') != between.npos;
    const auto end = call ? code.npos : closing(code, begin);
    if (end == code.npos) continue;
    std::string body(code.size(), ' ');
    std::copy(code.begin() + static_cast<std::ptrdiff_t>(begin),
              code.begin() + static_cast<std::ptrdiff_t>(end) + 1,
              body.begin() + static_cast<std::ptrdiff_t>(begin));
    return body;
  }
  return code;
}

}  // namespace

SideCode code_of_side(const Side& side, std::string_view line) {
  auto code = code_of(line);
  if (side.column > 0) return {statement_at(code, side.column)};
  if (!is_lambda(side.function)) return {body_of(code, bare_name(side.function))};
  auto bodies = lambda_bodies(code);
  if (bodies.size() == 1) return {std::move(bodies[0])};
  return {std::move(code), bodies.size() > 1};
}

}  // namespace lab::report
