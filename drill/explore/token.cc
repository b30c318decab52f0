#include "drill/explore/token.h"

#include <charconv>

namespace drill::explore {
namespace {

template <class Number>
std::string digits(Number number, int base, std::size_t width = 0) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number, base).ptr;
  std::string result(text, end);
  return std::string(width > result.size() ? width - result.size() : 0, '0') + result;
}

template <class Number>
bool read(const std::string& text, int base, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::uint16_t short_fingerprint(std::uint64_t fingerprint) {
  fingerprint ^= fingerprint >> 32;
  return static_cast<std::uint16_t>(fingerprint ^ fingerprint >> 16);
}

// FNV-1a, folded.
std::uint16_t short_name(const std::string& test) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : test) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return short_fingerprint(hash);
}

std::string to_string(const Token& token) {
  std::string text = digits(token.test, 16, 4);
  for (const Switch& at : token.switches) {
    text += '-' + digits(at.step, 36) + '.' + digits(at.slot, 36);
  }
  return text + '-' + digits(token.fingerprint, 16, 4);
}

std::optional<Token> parse_token(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '-') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  Token token;
  if (parts.size() < 2 || !read(parts.front(), 16, token.test) ||
      !read(parts.back(), 16, token.fingerprint)) {
    return std::nullopt;
  }
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    const auto dot = parts[i].find('.');
    Switch at{};
    if (dot == std::string::npos || !read(parts[i].substr(0, dot), 36, at.step) ||
        !read(parts[i].substr(dot + 1), 36, at.slot) || at.slot < 0 || at.slot >= kThreadsMax) {
      return std::nullopt;
    }
    token.switches.push_back(at);
  }
  return token;
}

}  // namespace drill::explore
