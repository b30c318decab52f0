#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::workshop {

// What was printed, line by line.
std::vector<std::string> lines_of(const std::string& text);

// Text that others wrote made fit for a terminal: escape sequences and control characters are gone,
// tabs are spaces.
std::string harmless(std::string_view text);

// Columns that a line takes; colours (ESC [ … m) take none.
int width_of(std::string_view line);
// Its first `width` columns, colours ended.
std::string cut(std::string_view line, int width);
// The line in as many lines of `width` columns as it takes, at least one; colours go on.
// `at_words`: broken at a space where there is one not far back.
std::vector<std::string> folded(std::string_view line, int width, bool at_words = false);
// The same at words; what goes on below stands as far in as the line does.
std::vector<std::string> folded_indented(const std::string& line, int width);
// Source in a report or in a compiler's output, "  12 | code" with what points at it below, in at
// most `width` columns: of lines that are too long the part around the caret stays, with "…" for
// what is left out, and the caret stays below what it points at. Other lines are as they were.
std::vector<std::string> fit_code(const std::vector<std::string>& lines, int width);
// `left` and `right` at the two ends of a line; `right` goes first when there is no room for both.
std::string ends(const std::string& left, const std::string& right, int width);

// A whole screen: what stands at the top and the bottom, and between them a part of the body.
struct Page {
  std::vector<std::string> top;
  std::vector<std::string> body;
  std::vector<std::string> bottom;
};

struct Size {
  int rows = 24;
  int columns = 80;
};

// The page as exactly `size.rows` lines, the body from its line `from`, folded; `from` is brought
// into bounds. Top and bottom give way on a screen that is too small for them.
std::vector<std::string> laid_out(const Page& page, const Size& size, int& from);

}  // namespace lab::workshop
