#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/names.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr std::array<std::string_view, 60> kNoObjects = {
    "auto",      "bool",     "break",     "case",   "catch",    "char",    "class",    "const",
    "constexpr", "delete",   "do",        "double", "else",     "enum",    "explicit", "extern",
    "false",     "float",    "for",       "friend", "goto",     "if",      "inline",   "int",
    "long",      "mutable",  "namespace", "new",    "noexcept", "nullptr", "operator", "override",
    "private",   "public",   "return",    "short",  "signed",   "sizeof",  "static",   "std",
    "struct",    "switch",   "template",  "this",   "throw",    "true",    "try",      "typedef",
    "typename",  "union",    "unsigned",  "using",  "virtual",  "void",    "volatile", "while",
    "size_t",    "uint64_t", "int64_t",   "string"};

// The code of a line: without its comment and the insides of its strings.
std::string code_of(std::string_view line) {
  std::string code;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
      code.append(i < line.size() ? 1 : 0, ' ');
      continue;
    }
    if (line.substr(i, 2) == "//") break;
    if (c == '"' || (c == '\'' && (i == 0 || !is_digit(line[i - 1])))) quote = c;
    code += quote ? ' ' : c;
  }
  return code;
}

// The word that ends at `last`; empty when none does.
std::string_view word_before(const std::string& code, std::size_t last) {
  if (!is_word(code[last])) return {};
  auto begin = last;
  while (begin > 0 && is_word(code[begin - 1])) --begin;
  return std::string_view(code).substr(begin, last + 1 - begin);
}

// What may stand before a name without declaring it.
bool is_statement(std::string_view word) {
  constexpr std::array<std::string_view, 15> kStatements = {
      "return", "delete", "throw", "else",   "case",      "do",       "new",     "and",
      "or",     "not",    "xor",   "sizeof", "co_return", "co_await", "co_yield"};
  return std::find(kStatements.begin(), kStatements.end(), word) != kStatements.end();
}

bool is_member(const std::string& name) {
  return name.size() > 1 && (name.ends_with('_') || name.starts_with("m_"));
}

// Names in a line that could be what is accessed: not called, not qualifying, not keywords.
std::vector<std::string> candidates(const std::string& code) {
  std::vector<std::string> names;
  std::vector<std::string> parameters;
  for (std::size_t at = 0; at < code.size();) {
    if (!is_word(code[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    while (at < code.size() && is_word(code[at])) ++at;
    const auto name = code.substr(begin, at - begin);
    auto after = at;
    while (after < code.size() && code[after] == ' ') ++after;
    const auto rest = std::string_view(code).substr(after);
    const bool keyword = std::find(kNoObjects.begin(), kNoObjects.end(), name) != kNoObjects.end();
    const bool called = rest.starts_with('(') || rest.starts_with("::");
    // "Record record": a type stands before the name that it declares.
    const bool type = after > at && !rest.empty() && is_word(rest[0]);
    // "(int x)": a parameter, by value, which nobody else sees.
    const bool ends = rest.starts_with(')') || rest.starts_with(',');
    const auto before = begin == 0 ? code.npos : code.find_last_not_of(' ', begin - 1);
    if (ends && before != code.npos && before + 1 < begin && is_word(code[before]) &&
        !is_statement(word_before(code, before)) && !is_member(name)) {
      parameters.push_back(name);
    }
    if (!is_digit(name[0]) && !keyword && !called && !type) names.push_back(name);
  }
  std::erase_if(names, [&](const std::string& name) {
    return std::find(parameters.begin(), parameters.end(), name) != parameters.end();
  });
  return names;
}

// What a guard on the same line takes is not what is accessed.
bool is_lock(const std::string& name) {
  return name.find("mutex") != std::string::npos || name.find("lock") != std::string::npos ||
         name.find("guard") != std::string::npos;
}

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// The body of the lambda that the line holds whole; the line itself when it holds none.
std::string body_of_lambda(const std::string& code) {
  for (auto at = code.find('['); at != code.npos; at = code.find('[', at + 1)) {
    const auto before = at == 0 ? code.npos : code.find_last_not_of(' ', at - 1);
    // After a name, a call or an element it is a subscript.
    const bool subscript = before != code.npos &&
                           (is_word(code[before]) || code[before] == ')' || code[before] == ']');
    const auto begin = code.find('{', at);
    if (subscript || begin == code.npos) continue;
    int depth = 0;
    for (auto end = begin; end < code.size(); ++end) {
      depth += (code[end] == '{') - (code[end] == '}');
      if (depth == 0) return code.substr(begin, end + 1 - begin);
    }
  }
  return code;
}

std::string code_of(const Side& side, Sources& sources) {
  const auto line = side.own ? sources.line(side.file, side.line) : std::nullopt;
  if (!line) return {};
  const bool in_lambda =
      short_name(side.stack[side.frame].function).find("lambda") != std::string::npos;
  return in_lambda ? body_of_lambda(code_of(*line)) : code_of(*line);
}

// Whether what follows a name is a call on it: ".push_back(".
bool is_called_on(std::string_view rest) {
  rest.remove_prefix(rest.starts_with('.') ? 1 : 2);
  std::size_t at = 0;
  while (at < rest.size() && is_word(rest[at])) ++at;
  return at < rest.size() && rest[at] == '(';
}

// "looks" of "found->second.looks": what a name leads to is accessed, not what led to it.
bool leads_on(const std::string& name, const std::string& code) {
  for (auto at = code.find(name); at != code.npos; at = code.find(name, at + 1)) {
    const auto end = at + name.size();
    const bool whole =
        (at == 0 || !is_word(code[at - 1])) && (end == code.size() || !is_word(code[end]));
    const auto rest = std::string_view(code).substr(end);
    if (!whole) continue;
    if (!rest.starts_with('.') && !rest.starts_with("->")) return false;
    if (is_called_on(rest)) return false;
  }
  return true;
}

// Whether the line names it only to follow it: "*latest = 1", not "a *b" or "latest = next".
bool follows(const std::string& name, const std::string& code) {
  bool any = false;
  for (auto at = code.find(name); at != code.npos; at = code.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at > 0 && is_word(code[at - 1])) || (end < code.size() && is_word(code[end]))) continue;
    any = true;
    if (at == 0 || code[at - 1] != '*') return false;
    const auto before = at == 1 ? code.npos : code.find_last_not_of(' ', at - 2);
    if (before == code.npos) continue;
    const auto word = word_before(code, before);
    const bool operand = code[before] == ')' || code[before] == ']' || !word.empty();
    if (operand && !is_statement(word)) return false;
  }
  return any;
}

// The name of what a pointer leads to, where that is all that both lines use of it.
std::string pointee(const std::string& name, const std::string& a, const std::string& b) {
  return follows(name, a) && follows(name, b) ? "*" + name : name;
}

}  // namespace

std::string find_object(const Pair& pair, const Report& report, Sources& sources) {
  for (const auto& location : report.locations) {
    if (location.kind == "global" && !location.name.empty()) {
      return location.name.substr(0, location.name.find("[abi:"));
    }
    if (location.kind == "fd") return {};  // No memory; describe_location() names it.
  }
  if (report.accesses.empty() || report.fatal) return {};
  const auto first_code = code_of(pair.first, sources);
  const auto second_code = code_of(pair.second, sources);
  const auto first = candidates(first_code);
  const auto second = candidates(second_code);
  std::vector<std::string> common;
  for (const auto& name : first) {
    const bool both = std::find(second.begin(), second.end(), name) != second.end();
    if (both && !is_lock(name)) add_new(common, name);
  }
  std::vector<std::string> members;
  std::copy_if(common.begin(), common.end(), std::back_inserter(members), is_member);
  if (members.size() == 1) return pointee(members[0], first_code, second_code);
  if (!members.empty()) return {};  // Which of them, the lines do not tell.
  if (common.size() > 1) {
    std::erase_if(common, [&](const std::string& name) {
      return leads_on(name, first_code) && leads_on(name, second_code);
    });
  }
  if (common.size() == 1) return pointee(common[0], first_code, second_code);
  // The other side may reach it through a reference or an iterator: then the only member on a line
  // that writes is it. What a line reads may as well come through a parameter.
  for (const auto* side : {&pair.first, &pair.second}) {
    if (side->op == "read") continue;
    members.clear();
    for (const auto& name : side == &pair.first ? first : second) {
      if (is_member(name) && !is_lock(name)) add_new(members, name);
    }
    if (members.size() == 1) return members[0];
  }
  return {};
}

}  // namespace lab::report
