#pragma once

#include <string>
#include <string_view>

namespace lab::report {

// Whether the text is UTF-8 as RFC 3629 has it.
bool is_utf8(std::string_view text);

// The text with U+FFFD for each byte that belongs to no character. Logs may be cut anywhere, and
// sources be of another encoding; what is made of them, XML and HTML among it, has to be UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace lab::report
