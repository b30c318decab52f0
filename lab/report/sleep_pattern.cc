#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lab/report/code.h"
#include "lab/report/patterns.h"

namespace lab::report {
namespace {

constexpr int kLoopMax = 60;  // Lines above a sleep that are searched for a loop.

bool is_loop(const std::string& code) {
  const auto has = [&](std::string_view word) { return find_word(code, word) != code.npos; };
  return has("for") || has("while") || has("do");
}

// The column that a line's text begins at; npos of a blank one.
std::size_t indent(const std::vector<std::string>& lines, int line) {
  return lines[static_cast<std::size_t>(line) - 1].find_first_not_of(" \t");
}

// Whether somebody who sleeps goes on to the access. Who sleeps each time round a loop, the access
// included, only takes his time; a library's sleep, or a test framework's, orders nothing either.
bool orders_by_sleep(const Report& report, const Cause& cause, const Own& own, Sources& sources) {
  const auto sleep = find_side("sleep", report.slept, own, sources);
  if (!sleep.own) return false;
  const auto [first, last] = loop_around(sources.lines(sleep.file), sleep.line);
  for (const auto* side : cause.parties()) {
    for (auto i = side->frame; side->own && i < side->stack.size(); ++i) {
      const auto& frame = side->stack[i];
      if (frame.function != sleep.function || frame.file != sleep.file) continue;
      return frame.line > sleep.line && !(first <= frame.line && frame.line <= last);
    }
  }
  return false;
}

}  // namespace

std::pair<int, int> loop_around(const std::vector<std::string>& lines, int line) {
  const auto count = static_cast<int>(lines.size());
  if (line < 1 || line > count) return {0, 0};
  auto depth = indent(lines, line) + 1;
  for (int head = line; head >= 1 && line - head < kLoopMax; --head) {
    if (indent(lines, head) >= depth) continue;  // A blank line, too.
    depth = indent(lines, head);
    if (!is_loop(code_of(lines[static_cast<std::size_t>(head) - 1]))) continue;
    int last = head;
    while (last < count && indent(lines, last + 1) > depth) ++last;
    return {head, last};
  }
  return {0, 0};
}

void find_sleep(const Report& report, const Cause& cause, const Own& own, Sources& sources,
                std::vector<Pattern>& patterns) {
  // Of what is ended, or told in full, the sleep is no explanation.
  const bool other_order = std::any_of(patterns.begin(), patterns.end(), [](const Pattern& one) {
    return one.says_all || one.scenario == "16_late_callback";
  });
  const bool locked = !cause.first.mutexes.empty() || !cause.second.mutexes.empty();
  if (!report.via_sleep || other_order || locked || !orders_by_sleep(report, cause, own, sources))
    return;
  patterns.push_back({"ordered-by-sleep", "Ordered by a sleep",
                      "ThreadSanitizer saw a sleep between the two accesses, and nothing that "
                      "orders them. A sleep makes an order likely, and guarantees nothing: where "
                      "one has to come after the other, wait for the event (a condition variable, "
                      "a latch, a join).",
                      "", ""});
}

}  // namespace lab::report
