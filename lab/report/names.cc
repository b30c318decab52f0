#include "lab/report/names.h"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr auto kEnd = std::string_view::npos;

// A part of a qualified name: "find<int>(std::string const&) const" of "Map::find<int>(...) const".
struct Part {
  std::string_view base;  // "find", "operator()", "$_0", "{lambda()#1}", "(anonymous namespace)"
  std::string_view arguments;  // "<int>"
};
using Parts = std::vector<Part>;

std::size_t after_operator(std::string_view text, std::size_t at);

bool word_at(std::string_view text, std::size_t at, std::string_view word) {
  if (text.substr(at, word.size()) != word) return false;
  if (at > 0 && is_word(text[at - 1])) return false;
  return at + word.size() >= text.size() || !is_word(text[at + word.size()]);
}

// The position after the bracket that closes the one at `at`; the end, when none does.
std::size_t after_bracket(std::string_view text, std::size_t at) {
  const char open = text[at];
  const char close = open == '(' ? ')' : open == '<' ? '>' : open == '{' ? '}' : ']';
  std::vector<char> closing;
  for (auto i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '{' || c == '[') {
      closing.push_back(c == '(' ? ')' : c == '{' ? '}' : ']');
    } else if (c == '<' && (closing.empty() || closing.back() == '>')) {
      closing.push_back('>');
    } else if (c == '-' && i + 1 < text.size() && text[i + 1] == '>') {
      ++i;
    } else if (c == 'o' && word_at(text, i, "operator")) {
      i = after_operator(text, i + 8) - 1;
    } else if (!closing.empty() && c == closing.back()) {
      closing.pop_back();
      if (closing.empty()) return c == close ? i + 1 : text.size();
    }
  }
  return text.size();
}

// The position after the symbol, or the type, that follows "operator" at `at`.
std::size_t after_operator(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 14> kSymbols = {
      "()", "[]", "<=>", "<<=", ">>=", "->*", "<<", ">>", "<=", ">=", "->", "\"\"", "<", ">"};
  for (const auto symbol : kSymbols) {
    if (text.substr(at, symbol.size()) == symbol) return at + symbol.size();
  }
  if (at < text.size() && text[at] == ' ') {  // "operator new[]", "operator std::vector<int>"
    auto end = at + 1;
    while (end < text.size() && text[end] != '(' && text[end] != ',' && text[end] != '>') {
      end = text[end] == '<' ? after_bracket(text, end) : end + 1;
    }
    return end;
  }
  while (at < text.size() && std::string_view("+-*/%^&|~!=,").find(text[at]) != kEnd) ++at;
  return at;
}

// Skips " const", "&", " [clone .isra.0]", "[abi:cxx11]" at `at`.
std::size_t after_qualifiers(std::string_view text, std::size_t at) {
  for (bool more = true; more && at < text.size();) {
    more = false;
    for (const std::string_view word :
         {" const", " volatile", " noexcept", " &&", " &", "&&", "&"}) {
      if (text.substr(at, word.size()) != word) continue;
      at += word.size();
      more = true;
    }
    if (text.substr(at).starts_with(" [") || text.substr(at).starts_with("[") ||
        text.substr(at).starts_with(" (.")) {
      at = after_bracket(text, text.find_first_of("[(", at));
      more = true;
    }
  }
  return at;
}

std::size_t after_base(std::string_view text, std::size_t at) {
  if (at >= text.size()) return at;
  if (text[at] == '(' || text[at] == '{' || text[at] == '<') return after_bracket(text, at);
  auto end = at;
  while (end < text.size() && std::string_view("<( [:").find(text[end]) == kEnd) {
    if (word_at(text, end, "operator")) return after_operator(text, end + 8);
    ++end;
  }
  return end;
}

// Takes a function's name apart. What stands before a space at the top is a return type, and is
// dropped; so is a constraint at the end.
Parts parse_name(std::string_view text) {
  Parts parts;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    at = after_base(text, at);
    Part part{text.substr(begin, at - begin), {}};
    at = after_qualifiers(text, at);
    // "operator<< <char>": a space keeps the operator apart from its arguments.
    if (part.base.starts_with("operator") && text.substr(at, 2) == " <") ++at;
    if (at < text.size() && text[at] == '<') {
      const auto end = after_bracket(text, at);
      part.arguments = text.substr(at, end - at);
      at = after_qualifiers(text, end);
    }
    if (at < text.size() && text[at] == '(') at = after_bracket(text, at);
    at = after_qualifiers(text, at);
    if (!part.base.empty()) parts.push_back(part);
    if (text.substr(at, 2) == "::") {
      at += 2;
    } else if (text.substr(at).starts_with(" requires ")) {
      break;
    } else if (at < text.size() && text[at] == ' ') {
      parts.clear();
      at += 1;
    } else if (at == begin) {
      ++at;  // Nothing that a name holds; garbled.
    }
  }
  return parts;
}

bool is_lambda_part(const Part& part) {
  const auto base = part.base;
  return base.starts_with("$_") || base.starts_with("{lambda") || base.starts_with("'lambda") ||
         base.starts_with("<lambda") || base.starts_with("(lambda") ||
         base.starts_with("lambda(") || base == "{{closure}}" ||
         base.starts_with("(anonymous class)");
}

bool is_call(const Part& part) { return part.base == "operator()" || part.base == "__invoke"; }

// The last part that names the function: a lambda's call operator is the lambda's.
std::size_t last_part(const Parts& parts) {
  if (parts.size() >= 2 && is_call(parts.back()) && is_lambda_part(parts[parts.size() - 2])) {
    return parts.size() - 2;
  }
  return parts.size() - 1;
}

bool is_lambda(const Parts& parts) {
  if (parts.empty()) return false;
  return is_lambda_part(parts[last_part(parts)]) || (parts.size() == 1 && is_call(parts[0]));
}

std::string join(const Parts& parts, std::size_t count) {
  std::string name;
  bool in_std = false;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& part = parts[i];
    if (i == 0) in_std = part.base == "std";
    const bool inline_namespace =
        part.base == "__cxx11" || part.base == "__1" || part.base == "__ndk1" || part.base == "_V2";
    if (part.base == "(anonymous namespace)" || part.base == "_GLOBAL__N_1" ||
        (in_std && inline_namespace)) {
      continue;
    }
    if (!name.empty()) name += "::";
    name += is_lambda_part(part) ? "lambda" : std::string(part.base);
    if (part.arguments.empty() || is_lambda_part(part)) continue;
    const bool inner = in_std && part.base.starts_with('_');
    if (inner) {
      name += "<…>";
    } else if (part.base.starts_with("operator")) {
      name += short_type(part.arguments);
    } else {
      name = short_type(name + std::string(part.arguments));
    }
  }
  return name;
}

// "main" of "4mainE…", "ns::Pool::run" of "N2ns4Pool3runE…".
std::string plain_names(std::string_view mangled) {
  skip(mangled, "N");
  while (!mangled.empty() && std::string_view("KVr").find(mangled[0]) != kEnd) {
    mangled.remove_prefix(1);
  }
  std::string names;
  while (!mangled.empty() && is_digit(mangled[0])) {
    const auto size = take_number<std::size_t>(mangled);
    if (size == 0 || size > mangled.size()) break;
    names += (names.empty() ? "" : "::") + std::string(mangled.substr(0, size));
    mangled.remove_prefix(size);
  }
  return names;
}

// The name as demanglers write it, where the report has it mangled. clang's names of lambdas in
// generic lambdas are ones that no demangler reads: of those, what they stand in.
std::string demangled(std::string_view function) {
  std::string name(trim(function));
  if (!name.starts_with("_Z")) return name;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> whole(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  if (whole && status == 0) return whole.get();
  const auto encoding = name.find_first_not_of('Z', 2);
  const bool local = encoding != name.npos && encoding > 2 && name.find("_cl") != name.npos;
  const auto outer = local ? plain_names(std::string_view(name).substr(encoding)) : "";
  return outer.empty() ? name : outer + "()::$_0::operator()() const";
}

bool is_objective_c(std::string_view function) {
  return function.starts_with("-[") || function.starts_with("+[");
}

}  // namespace

std::string short_name(std::string_view function) {
  if (is_objective_c(function)) return std::string(function);
  const auto name = demangled(function);
  const auto parts = parse_name(name);
  if (parts.empty()) return name;
  if (!is_lambda(parts)) return join(parts, parts.size());
  const auto outer = enclosing_function(function);
  return outer.empty() ? "lambda" : "lambda in " + outer;
}

std::string bare_name(std::string_view function) {
  if (is_objective_c(function)) return std::string(function);
  const auto name = demangled(function);
  const auto parts = parse_name(name);
  if (parts.empty()) return name;
  return is_lambda(parts) ? "lambda" : std::string(parts.back().base);
}

bool is_lambda(std::string_view function) { return is_lambda(parse_name(demangled(function))); }

std::string enclosing_function(std::string_view function) {
  const auto name = demangled(function);
  const auto parts = parse_name(name);
  if (!is_lambda(parts)) return {};
  auto count = last_part(parts);
  if (is_call(parts[count])) return {};
  // A lambda within a lambda stands in what the outer one stands in.
  while (count > 0 && (is_lambda_part(parts[count - 1]) || is_call(parts[count - 1]))) --count;
  return join(parts, count);
}

bool is_library(std::string_view name) {
  return name.starts_with("std::") || name.starts_with("__gnu_cxx::");
}

bool is_constructor(const std::string& function) {
  const auto name = short_name(function);
  if (is_library(name) || is_lambda(function)) return false;
  std::string plain;  // Without the arguments of templates, which have scopes of their own.
  int depth = 0;
  for (const char c : name) {
    depth += c == '<';
    if (depth == 0) plain += c;
    depth -= c == '>' && depth > 0;
  }
  const auto end = plain.rfind("::");
  if (end == plain.npos) return false;
  const auto begin = plain.rfind("::", end - 1);
  const auto type = begin == plain.npos || end == 0 ? plain.substr(0, end)
                                                    : plain.substr(begin + 2, end - begin - 2);
  return plain.substr(end + 2) == type;
}

bool is_library_member(const std::string& function) {
  const auto name = short_name(function);
  if (!name.starts_with("std::")) return false;
  int depth = 0;
  int scopes = 0;
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    depth += (name[i] == '<') - (name[i] == '>');
    if (depth == 0 && name[i] == ':' && name[i + 1] == ':') ++scopes;
  }
  return scopes > 1;
}

std::string lambda_of_thread(std::string_view function) {
  constexpr std::string_view kStart = "std::thread::_State_impl<std::thread::_Invoker<std::tuple<";
  const auto name = demangled(function);
  if (!name.starts_with(kStart) || !name.ends_with("::_M_run()")) return {};
  auto end = kStart.size();
  for (int depth = 0; end < name.size(); ++end) {
    const char c = name[end];
    if (depth == 0 && (c == ',' || c == '>')) break;
    if (c == '<' || c == '(' || c == '{') ++depth;
    if (c == '>' || c == ')' || c == '}') --depth;
  }
  const auto callable =
      std::string(trim(std::string_view(name).substr(kStart.size(), end - kStart.size())));
  return is_lambda(callable) ? callable : std::string();
}

}  // namespace lab::report
