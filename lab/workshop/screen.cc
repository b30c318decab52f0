#include "lab/workshop/screen.h"

#include <fmt/core.h>

#include <algorithm>
#include <clocale>
#include <cwchar>
#include <sstream>

namespace lab::workshop {
namespace {

constexpr int kTab = 8;
constexpr const char* kPlain = "\033[0m";

// One piece of a line: a colour, or a character with its width.
struct Piece {
  std::string_view text;
  int width = 0;
  bool colour = false;
};

// The length of the escape sequence at the start: of a colour, or 0.
std::size_t colour_length(std::string_view text) {
  if (!text.starts_with("\033[")) return 0;
  const auto end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

// A character of UTF-8, which we read ourselves: the user's locale may be another.
Piece character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  std::size_t size = lead < 0x80       ? 1
                     : lead >> 5 == 6  ? 2
                     : lead >> 4 == 14 ? 3
                     : lead >> 3 == 30 ? 4
                                       : 0;
  if (size == 0 || size > text.size()) return {text.substr(0, 1), 1, false};
  wchar_t code = size == 1 ? lead : lead & (0xFF >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return {text.substr(0, 1), 1, false};
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  if (size == 1) return {text.substr(0, 1), 1, false};
  const int width = wcwidth(code);
  return {text.substr(0, size), width < 0 ? 1 : width, false};
}

template <class Visit>
void each_piece(std::string_view line, Visit visit) {
  while (!line.empty()) {
    Piece piece;
    if (const auto colour = colour_length(line); colour > 0) {
      piece = {line.substr(0, colour), 0, true};
    } else {
      piece = character(line);
    }
    line.remove_prefix(piece.text.size());
    visit(piece);
  }
}

// Takes the word that a line ends in off it, to go on in the next; nothing when it is most of it.
std::string last_word(std::string& line) {
  const auto at = line.rfind(' ');
  if (at == std::string::npos || line.size() - at > line.size() / 2) return "";
  auto word = line.substr(at + 1);
  if (word.find('\033') != std::string::npos) return "";
  line.erase(at);
  return word;
}

// The length of any escape sequence at the start (ECMA-48: control sequences, strings, others).
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return text.size();
  if (text[1] == '[') {
    const auto end =
        std::find_if(text.begin() + 2, text.end(), [](char c) { return c >= 0x40 && c <= 0x7E; });
    return static_cast<std::size_t>(end - text.begin()) + (end != text.end());
  }
  if (text[1] == ']' || text[1] == 'P' || text[1] == '_' || text[1] == '^') {
    const auto end = text.find_first_of("\a\033\n", 2);
    if (end == std::string_view::npos) return text.size();
    return text[end] == '\n' ? end : text[end] == '\a' ? end + 1 : std::min(end + 2, text.size());
  }
  return 2;
}

std::string without_colours(std::string_view line) {
  std::string text;
  each_piece(line, [&](const Piece& piece) { text += piece.colour ? "" : piece.text; });
  return text;
}

// The columns of "  12 | " before a line of source, of "     | " before what points at one, else 0.
int gutter_of(std::string_view plain, bool& numbered) {
  const auto digits = plain.find_first_not_of(' ');
  if (digits == std::string_view::npos) return 0;
  const auto bar = plain.find_first_not_of("0123456789", digits);
  numbered = bar != digits;
  if (bar == std::string_view::npos) return 0;
  const auto at = plain[bar] == ' ' ? bar + 1 : bar;
  if (at >= plain.size() || plain[at] != '|' || (!numbered && at < 2)) return 0;
  return static_cast<int>(at) + 2;
}

// The line's columns from `start` on behind its gutter, `room` of them; `left_out` stands for those
// on either side.
std::string windowed(std::string_view line, int gutter, int start, int room, const char* left_out) {
  const bool longer = width_of(line) - gutter - start > room;
  std::string result;
  int column = -gutter - start;
  each_piece(line, [&](const Piece& piece) {
    const int from = column;
    column += piece.width;
    const bool of_gutter = from < -start;
    const bool at_cut = (from == 0 && start > 0) || (longer && from == room - 1);
    if (at_cut && !piece.colour) {
      result += left_out;
    } else if (piece.colour || of_gutter || (from >= 0 && from < room)) {
      result += piece.text;
    }
  });
  return result;
}

// Lines of one place in the source: the numbered one, and those that point at it.
void fit_place(std::vector<std::string>& lines, std::size_t from, std::size_t to, int gutter,
               int width) {
  int widest = 0;
  int caret = -1;
  int pointed = 0;  // Where what points ends, its words included.
  for (auto i = from; i < to; ++i) {
    widest = std::max(widest, width_of(lines[i]));
    if (i == from) continue;
    pointed = std::max(pointed, width_of(lines[i]) - gutter);
    const auto at = without_colours(lines[i]).find('^');
    if (caret < 0 && at != std::string::npos) caret = static_cast<int>(at) - gutter;
  }
  const int room = std::max(width - gutter, 8);
  if (widest <= width) return;
  constexpr int kAhead = 16;  // Seen of the line behind the caret.
  const int wanted = std::max(caret + kAhead, pointed) - room;
  const int start = std::clamp(std::min(wanted, caret), 0, std::max(0, widest - gutter - room));
  for (auto i = from; i < to; ++i) {
    lines[i] = windowed(lines[i], gutter, start, room, i == from ? "…" : " ");
  }
}

}  // namespace

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> fit_code(const std::vector<std::string>& lines, int width) {
  auto result = lines;
  for (std::size_t i = 0; i < result.size(); ++i) {
    bool numbered = false;
    const int gutter = gutter_of(without_colours(result[i]), numbered);
    if (gutter == 0 || !numbered) continue;
    auto end = i + 1;
    for (bool also = false; end < result.size(); ++end) {
      if (gutter_of(without_colours(result[end]), also) != gutter || also) break;
    }
    fit_place(result, i, end, gutter, width);
  }
  return result;
}

std::string harmless(std::string_view text) {
  std::string result;
  std::size_t column = 0;
  while (!text.empty()) {
    const char c = text[0];
    if (c == '\033') {
      text.remove_prefix(escape_length(text));
      continue;
    }
    if (c == '\t') {
      const auto spaces = kTab - column % kTab;
      result.append(spaces, ' ');
      column += spaces;
    } else if (c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)) {
      result += c;
      column = c == '\n' ? 0 : column + 1;
    }
    text.remove_prefix(1);
  }
  return result;
}

int width_of(std::string_view line) {
  int width = 0;
  each_piece(line, [&](const Piece& piece) { width += piece.width; });
  return width;
}

std::string cut(std::string_view line, int width) { return folded(line, width).front(); }

std::vector<std::string> folded(std::string_view line, int width, bool at_words) {
  std::vector<std::string> lines(1);
  std::string colour;
  int used = 0;
  each_piece(line, [&](const Piece& piece) {
    if (piece.colour) {
      colour = piece.text == kPlain ? "" : colour + std::string(piece.text);
      lines.back() += piece.text;
      return;
    }
    if (used + piece.width > std::max(width, 2)) {
      auto rest = at_words ? last_word(lines.back()) : "";
      if (!colour.empty()) lines.back() += kPlain;
      used = width_of(rest);
      lines.push_back(colour + rest);
    }
    lines.back() += piece.text;
    used += piece.width;
  });
  if (!colour.empty()) lines.back() += kPlain;
  return lines;
}

std::vector<std::string> folded_indented(const std::string& line, int width) {
  const auto indent = std::min(line.find_first_not_of(' '), line.size());
  if (indent == 0 || static_cast<int>(indent) > width / 4) return folded(line, width, true);
  auto lines = folded(line.substr(indent), width - static_cast<int>(indent), true);
  for (auto& each : lines) each.insert(0, indent, ' ');
  return lines;
}

std::string ends(const std::string& left, const std::string& right, int width) {
  const int room = width - width_of(right) - 2;
  if (room < width_of(left) && room < width / 2) return cut(left, width);
  const auto first = cut(left, room);
  const int gap = std::max(2, width - width_of(first) - width_of(right));
  return first + std::string(static_cast<std::size_t>(gap), ' ') + right;
}

std::vector<std::string> laid_out(const Page& page, const Size& size, int& from) {
  const int rows = std::max(1, size.rows);
  const auto some = [](const std::vector<std::string>& lines, int count) {
    return std::vector<std::string>(
        lines.begin(), lines.begin() + std::clamp<int>(count, 0, static_cast<int>(lines.size())));
  };
  // At least half of the screen is the body's.
  auto result = some(page.top, rows / 4);
  const auto bottom = some(page.bottom, rows / 4);
  const int room = rows - static_cast<int>(result.size() + bottom.size());
  std::vector<std::string> body;
  for (const auto& line : page.body) {
    const auto more = folded_indented(line, size.columns);
    body.insert(body.end(), more.begin(), more.end());
  }
  while (!body.empty() && body.back().empty()) body.pop_back();
  const int last = std::max(0, static_cast<int>(body.size()) - room);
  from = std::clamp(from, 0, last);
  for (int i = from; i < from + room; ++i) {
    result.push_back(i < static_cast<int>(body.size()) ? body[static_cast<std::size_t>(i)] : "");
  }
  if (last > 0 && room > 1) {
    const int left = last - from;
    result.back() = left > 0 ? fmt::format("-- {} more line{}: space --", left, left > 1 ? "s" : "")
                             : "-- the end: b goes back --";
  }
  result.insert(result.end(), bottom.begin(), bottom.end());
  for (auto& line : result) line = cut(line, size.columns);
  return result;
}

}  // namespace lab::workshop
