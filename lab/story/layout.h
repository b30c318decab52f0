#pragma once

#include <string>
#include <string_view>
#include <vector>

// Text of a given width on a terminal, where each code point takes one column.
namespace lab::story {

std::size_t width_of(std::string_view text);
// At most so wide; what is left out at the end shows as "…".
std::string fitted(std::string_view text, std::size_t width);
// The same with what is left out at the start: for file names, whose end tells more.
std::string fitted_end(std::string_view text, std::size_t width);
// The text in lines of at most so wide, broken at spaces, or within a word that is wider; of more
// than `lines_max` the rest shows as "…".
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t lines_max);
std::string padded(std::string text, std::size_t width);
// In the colours of an ANSI terminal, when `on`.
std::string painted(const char* code, std::string_view text, bool on);
// The line without the blanks around it.
std::string trimmed(std::string_view text);
// Characters that a terminal would obey rather than show are left out.
std::string harmless(std::string_view text);

inline constexpr const char* kBold = "1";
inline constexpr const char* kDim = "2";
inline constexpr const char* kRed = "31";
inline constexpr const char* kBoldRed = "1;31";

}  // namespace lab::story
