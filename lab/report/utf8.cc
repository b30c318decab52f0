#include "lab/report/utf8.h"

#include <algorithm>
#include <cstddef>

namespace lab::report {
namespace {

// The length of the character at the beginning; 0 where there is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF ? 2
                             : lead >> 4 == 14            ? 3
                             : lead >> 3 == 30            ? 4
                                                          : 0;
  if (length == 0 || lead > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const auto second = byte(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool too_large = lead == 0xF4 && second > 0x8F;
  // U+FFFE and U+FFFF are no characters, and XML has no place for them.
  const bool no_character = lead == 0xEF && second == 0xBF && byte(2) >= 0xBE;
  return overlong || surrogate || too_large || no_character ? 0 : length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  unsigned char all = 0;  // ASCII is most of what there is, and quickly told.
  for (const char c : text) all |= static_cast<unsigned char>(c);
  if (all < 0x80) return true;
  while (!text.empty()) {
    const auto length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const auto length = character_length(text);
    valid += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return valid;
}

}  // namespace lab::report
