#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/code.h"
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

// A word of a line of code, and what stands around it.
struct Word {
  std::string name;
  std::string_view rest;  // Behind it, spaces skipped.
  bool before_word = false;
  std::size_t before = std::string::npos;  // Of what stands before it, spaces skipped.
  bool apart = false;                      // Something stands before, a space between.
};

template <class Use>
void each_word(const std::string& code, Use use) {
  for (std::size_t at = 0; at < code.size();) {
    if (!is_word(code[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    while (at < code.size() && is_word(code[at])) ++at;
    auto after = at;
    while (after < code.size() && code[after] == ' ') ++after;
    Word word{code.substr(begin, at - begin), std::string_view(code).substr(after)};
    word.before_word = after > at && after < code.size() && is_word(code[after]);
    word.before = begin == 0 ? code.npos : code.find_last_not_of(' ', begin - 1);
    word.apart = word.before != code.npos && word.before + 1 < begin;
    use(word);
  }
}

// "(int x, Item& it)": names of a function on the line, which mean nothing in another.
std::vector<std::string> parameters_of(const std::string& code) {
  std::vector<std::string> names;
  each_word(code, [&](const Word& word) {
    const bool ends = word.rest.starts_with(')') || word.rest.starts_with(',');
    if (!ends || !word.apart || is_member(word.name)) return;
    const char before = code[word.before];
    const bool reference = (before == '&' || before == '*') && word.before > 0 &&
                           (is_word(code[word.before - 1]) || code[word.before - 1] == '>');
    const bool value = is_word(before) && !is_statement(word_before(code, word.before));
    if (reference || value) names.push_back(word.name);
  });
  return names;
}

// Names in a line that could be what is accessed: not called, not qualifying, not keywords.
std::vector<std::string> candidates(const std::string& code) {
  std::vector<std::string> names;
  each_word(code, [&](const Word& word) {
    const bool keyword =
        std::find(kNoObjects.begin(), kNoObjects.end(), word.name) != kNoObjects.end();
    const bool called = word.rest.starts_with('(') || word.rest.starts_with("::");
    // "Record record": a type stands before the name that it declares.
    if (!is_digit(word.name[0]) && !keyword && !called && !word.before_word) {
      names.push_back(word.name);
    }
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

// "struct Session : Base { int id = 1; … }": a class's head names types.
void blank_class_head(std::string& code) {
  const auto head = trim(code);
  constexpr std::array<std::string_view, 4> kHeads = {"struct ", "class ", "union ", "template"};
  const auto open = code.find('{');
  if (open == code.npos || std::none_of(kHeads.begin(), kHeads.end(),
                                        [&](auto word) { return head.starts_with(word); })) {
    return;
  }
  std::fill(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(open), ' ');
}

// What the side's access may be in, and what it may not be on.
struct Accessing {
  std::string code;  // The statement where the column is known, which gcc's is not.
  std::vector<std::string> names;
};

Accessing accessing_code(const Side& side, Sources& sources) {
  const auto line = side.own ? sources.line(side.file, side.line) : std::nullopt;
  if (!line) return {};
  auto code = code_of(*line);
  const auto parameters = parameters_of(code);
  if (side.column > 0) {
    code = statement_at(code, side.column);
  } else if (is_lambda(side.stack[side.frame].function)) {
    code = body_of_lambda(code);
  }
  blank_class_head(code);
  auto names = candidates(code);
  std::erase_if(names, [&](const std::string& name) {
    return std::find(parameters.begin(), parameters.end(), name) != parameters.end();
  });
  return {std::move(code), std::move(names)};
}

// "slot<double>()::t" of "double& slot<double>()::t": the demangler puts what a function returns
// before the function's statics. Of a lambda's static, the last name alone.
std::string name_of_global(std::string name) {
  name.resize(std::min(name.find("[abi:"), name.size()));
  if (name.find("::$_") != name.npos || name.find("lambda") != name.npos) {
    const auto last = name.rfind("::");
    return last == name.npos ? name : name.substr(last + 2);
  }
  if (name.find(" for ") != name.npos) return name;  // "guard variable for", "vtable for".
  int depth = 0;
  for (auto i = name.size(); i-- > 0;) {
    if (name[i] == '>' || name[i] == ')') ++depth;
    if (name[i] == '<' || name[i] == '(') --depth;
    const bool type = name[i] == ' ' && depth == 0;
    if (type && !std::string_view(name).substr(i).starts_with(" const")) return name.substr(i + 1);
  }
  return name;
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
      return name_of_global(location.name);
    }
    if (location.kind == "fd") return {};  // No memory; describe_location() names it.
  }
  if (report.accesses.empty() || report.fatal) return {};
  const auto [first_code, first] = accessing_code(pair.first, sources);
  const auto [second_code, second] = accessing_code(pair.second, sources);
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
    std::erase_if(common, [&, &a = first_code, &b = second_code](const std::string& name) {
      return leads_on(name, a) && leads_on(name, b);
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
