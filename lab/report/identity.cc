#include "lab/report/identity.h"

#include "lab/report/code.h"
#include "lab/report/names.h"

namespace lab::report {
namespace {

constexpr int kReach = 400;  // Lines; longer lambdas are told apart by their places.

bool is_unnamed_lambda(const Side& side) {
  return is_lambda(side.function) && enclosing_function(side.function).empty();
}

// Where the lambda begins that the side is in; 0 where the source does not tell.
int begin_of_lambda(const Side& side, Sources& sources) {
  const auto& lines = sources.lines(side.file);
  if (side.line < 1 || static_cast<std::size_t>(side.line) > lines.size()) return 0;
  const auto [first, last] = function_around(lines, side.line, kReach);
  if (first < 1 || first == side.line - kReach) return 0;
  const auto code = code_of(lines[static_cast<std::size_t>(first) - 1]);
  // The body of another lambda on the line that this one begins on.
  const bool several = !lambda_bodies(code).empty() && first != last;
  return several || code.find('[') == code.npos ? 0 : first;
}

}  // namespace

std::string site(const Side& side) {
  if (!side.file.empty()) return side.file + ":" + std::to_string(side.line);
  if (!side.function.empty()) return side.function;
  if (side.stack.empty()) return {};
  const auto& frame = side.stack[side.frame];
  return frame.module + "+" + std::to_string(frame.offset);
}

// By the source, else by the name. clang gives the bare names of functions that were inlined, and a
// namespace cannot be told from a class by name.
std::string scope(const Side& side, Classes& classes) {
  auto found = classes.around(side.file, side.line);
  if (!found.empty()) return found;
  auto name =
      is_lambda(side.function) ? enclosing_function(side.function) : short_name(side.function);
  const auto end = name.rfind("::");
  if (end == std::string::npos) return {};
  name.resize(end);
  const auto begin = name.rfind("::");
  return begin == std::string::npos ? name : name.substr(begin + 2);
}

std::string identity(const Side& side, Classes& classes, Sources& sources) {
  if (side.function.empty()) return site(side);
  if (!is_lambda(side.function)) {
    return side.file + " " + scope(side, classes) + "::" + bare_name(side.function);
  }
  if (!is_unnamed_lambda(side)) return side.file + " " + side.function;
  const auto begin = begin_of_lambda(side, sources);
  return begin == 0 ? site(side) : side.file + ":" + std::to_string(begin) + " lambda";
}

bool is_same_function(const Side& a, const Side& b, Sources& sources) {
  if (a.function != b.function || a.file != b.file) return false;
  if (!is_unnamed_lambda(a)) return !a.function.empty() || site(a) == site(b);
  if (a.line == b.line) return true;
  const auto begin = begin_of_lambda(a, sources);
  return begin != 0 && begin == begin_of_lambda(b, sources);
}

Side side_at(const Side& side, std::size_t frame) {
  auto other = side;
  other.frame = frame;
  other.function = side.stack[frame].function;
  other.file = side.stack[frame].file;
  other.line = side.stack[frame].line;
  other.column = side.stack[frame].column;
  return other;
}

Side frame_alone(const Side& side, std::size_t frame) {
  Side alone;
  alone.op = side.op;
  alone.own = side.own;
  alone.stack = {side.stack[frame]};
  return side_at(alone, 0);
}

}  // namespace lab::report
