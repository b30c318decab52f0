#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drill/explore/search.h"

namespace drill::explore {

// Names one schedule of one test: "9c1d-4b.2-60.1-9f3e" are the test, the switches (step and
// thread, to base 36) and, in short, the steps that they led to, which tells a build that the token
// is not for.
struct Token {
  std::uint16_t test = 0;
  Switches switches;
  std::uint16_t fingerprint = 0;
};

std::uint16_t short_name(const std::string& test);
std::uint16_t short_fingerprint(std::uint64_t fingerprint);
std::string to_string(const Token& token);
std::optional<Token> parse_token(const std::string& text);

}  // namespace drill::explore
