#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "lab/report/names.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

// Beyond this many characters only the first argument of a template is shown.
constexpr std::size_t kArgumentsMax = 44;
constexpr int kDepthMax = 24;

std::string shorten(std::string_view type, int depth);

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return text.starts_with(word); });
}

// Arguments that nobody chose: the defaults of the standard's containers.
bool is_noise(std::string_view argument) {
  return starts_with_any(
      argument,
      {"std::allocator<", "std::char_traits<", "std::hash<", "std::equal_to<", "std::less<",
       "std::default_delete<", "std::__1::allocator<", "std::__1::char_traits<", "std::__1::hash<",
       "std::__1::equal_to<", "std::__1::less<", "std::__1::default_delete<",
       "std::pmr::polymorphic_allocator<"});
}

// The end of the bracket that opens at `at`: the position of the one that closes it.
std::size_t closing(std::string_view text, std::size_t at) {
  int angles = 0;
  int others = 0;
  for (auto i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '{' || c == '[') ++others;
    if ((c == ')' || c == '}' || c == ']') && others > 0) --others;
    if (others > 0) continue;
    if (c == '<') ++angles;
    if (c == '>' && (i == 0 || text[i - 1] != '-') && --angles == 0) return i;
  }
  return text.size();
}

std::vector<std::string_view> split_arguments(std::string_view text) {
  std::vector<std::string_view> arguments;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '<' || c == '(' || c == '{' || c == '[') ++depth;
    if ((c == '>' && (i == 0 || text[i - 1] != '-')) || c == ')' || c == '}' || c == ']') --depth;
    if (c != ',' || depth > 0) continue;
    arguments.push_back(trim(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  arguments.push_back(trim(text.substr(begin)));
  return arguments;
}

// The standard's name for a character template, "std::string" of "basic_string" and "char".
std::string alias(std::string_view name, std::string_view character) {
  constexpr std::string_view kBasic = "std::basic_";
  if (!name.starts_with(kBasic)) return {};
  const auto rest = std::string(name.substr(kBasic.size()));
  if (character == "char") return "std::" + rest;
  if (character == "wchar_t") return "std::w" + rest;
  if (character == "char8_t") return "std::u8" + rest;
  if (character == "char16_t") return "std::u16" + rest;
  if (character == "char32_t") return "std::u32" + rest;
  return {};
}

std::string join_arguments(const std::vector<std::string_view>& arguments, int depth) {
  std::string joined;
  std::string first;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0 && is_noise(arguments[i])) continue;
    const auto argument = shorten(arguments[i], depth + 1);
    if (i == 0) first = argument;
    joined += (i == 0 ? "" : ", ") + argument;
  }
  if (joined.size() <= kArgumentsMax) return joined;
  return first.size() + 2 < kArgumentsMax ? first + ", …" : "…";
}

// Removes each `word` of `text`.
void drop(std::string& text, std::string_view word, std::string_view by) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
}

// "std::vector" and the like at the end of `text`, which template arguments follow.
std::string take_name(std::string& text) {
  auto begin = text.size();
  while (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == ':')) --begin;
  auto name = text.substr(begin);
  text.resize(begin);
  return name;
}

std::string shorten(std::string_view type, int depth) {
  if (depth > kDepthMax) return "…";
  std::string result;
  for (std::size_t at = 0; at < type.size();) {
    if (type[at] != '<') {
      result += type[at++];
      continue;
    }
    const auto end = closing(type, at);
    const auto arguments = split_arguments(type.substr(at + 1, end - at - 1));
    drop(result, "std::__cxx11::", "std::");
    drop(result, "std::__1::", "std::");
    const auto name = take_name(result);
    const auto known = alias(name, arguments[0]);
    result += known.empty() ? name + "<" + join_arguments(arguments, depth) + ">" : known;
    at = std::min(end + 1, type.size());
  }
  drop(result, "std::__cxx11::", "std::");
  drop(result, "std::__1::", "std::");
  drop(result, "(anonymous namespace)::", "");
  return result;
}

}  // namespace

std::string short_type(std::string_view type) { return shorten(trim(type), 0); }

}  // namespace lab::report
