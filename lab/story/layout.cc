#include "lab/story/layout.h"

#include <algorithm>

namespace lab::story {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += begins_character(c) ? 1 : 0;
  return width;
}

std::string fitted(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); ++at) {
    if (begins_character(text[at]) && seen++ == width - 1) break;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::string fitted_end(std::string_view text, std::size_t width) {
  const auto whole = width_of(text);
  if (whole <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t at = 0;
  for (std::size_t left = whole; at < text.size(); ++at) {
    if (begins_character(text[at]) && left-- == width - 1) break;
  }
  return "…" + std::string(text.substr(at));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t lines_max) {
  std::vector<std::string> lines;
  width = std::max<std::size_t>(width, 1);
  while (width_of(text) > width && lines.size() + 1 < lines_max) {
    std::size_t end = 0;  // Of what fits, in bytes.
    std::size_t space = 0;
    for (std::size_t seen = 0; end < text.size(); ++end) {
      if (begins_character(text[end]) && seen++ == width) break;
      if (text[end] == ' ') space = end;
    }
    if (text[end] == ' ') space = end;
    const bool at_space = space > 0;
    lines.emplace_back(text.substr(0, at_space ? space : end));
    text.remove_prefix(at_space ? space + 1 : end);
  }
  lines.push_back(fitted(text, width));
  return lines;
}

std::string padded(std::string text, std::size_t width) {
  const auto own = width_of(text);
  if (own < width) text.append(width - own, ' ');
  return text;
}

std::string painted(const char* code, std::string_view text, bool on) {
  if (!on || text.empty()) return std::string(text);
  return std::string("\033[") + code + "m" + std::string(text) + "\033[0m";
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1));
}

std::string harmless(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) result += c;
  }
  return result;
}

}  // namespace lab::story
