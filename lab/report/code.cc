#include "lab/report/code.h"

#include <algorithm>
#include <array>

#include "lab/report/text.h"

namespace lab::report {
namespace {

// Blanks text[begin, end).
void blank(std::string& text, std::size_t begin, std::size_t end) {
  for (auto i = begin; i < std::min(end, text.size()); ++i) text[i] = ' ';
}

// The braces around `at`: after the opening one, and the closing one; the whole where there are
// none.
std::pair<std::size_t, std::size_t> block_around(const std::string& code, std::size_t at) {
  std::size_t begin = 0;
  int depth = 0;
  for (auto i = at; i-- > 0;) {
    if (code[i] == '}') ++depth;
    if (code[i] == '{' && depth-- == 0) {
      begin = i + 1;
      break;
    }
  }
  depth = 0;
  for (auto i = at; i < code.size(); ++i) {
    if (code[i] == '{') ++depth;
    if (code[i] == '}' && depth-- == 0) return {begin, i};
  }
  return {begin, code.size()};
}

// What may stand before a name without declaring it.
bool is_statement(std::string_view word) {
  constexpr std::array<std::string_view, 17> kStatements = {
      "return", "delete", "throw",  "else",      "case",     "do",       "new",  "and",  "or",
      "not",    "xor",    "sizeof", "co_return", "co_await", "co_yield", "goto", "using"};
  return std::find(kStatements.begin(), kStatements.end(), word) != kStatements.end();
}

// The word that ends at `last`; empty when none does.
std::string_view word_before(std::string_view code, std::size_t last) {
  if (last >= code.size() || !is_word(code[last])) return {};
  auto begin = last;
  while (begin > 0 && is_word(code[begin - 1])) --begin;
  return code.substr(begin, last + 1 - begin);
}

// The last place before `at` that is no space; npos when there is none.
std::size_t before(std::string_view code, std::size_t at) {
  return at == 0 ? code.npos : code.find_last_not_of(' ', at - 1);
}

// The bracket that the one at `last` closes; npos when none does.
std::size_t opening(std::string_view code, std::size_t last) {
  const char close = code[last];
  const char open = close == ')' ? '(' : '[';
  int depth = 0;
  for (auto i = last + 1; i-- > 0;) {
    if (code[i] == close) ++depth;
    if (code[i] == open && --depth == 0) return i;
  }
  return code.npos;
}

bool is_identifier(std::string_view word) {
  return !word.empty() && !is_digit(word[0]) && !is_statement(word) && word != "this";
}

}  // namespace

bool is_selector(std::string_view code, std::size_t last) {
  return last != code.npos &&
         (code[last] == '.' || (code[last] == '>' && last > 0 && code[last - 1] == '-'));
}

bool is_reached(std::string_view name, std::string_view code) {
  const auto at = name.empty() ? code.npos : find_word(code, name);
  return at != code.npos && at > 0 && is_selector(code, at - 1);
}

bool is_dereferenced(std::string_view code, std::size_t at) {
  const auto star = before(code, at);
  if (star == code.npos || code[star] != '*') return false;
  const auto left = before(code, star);
  if (left == code.npos) return true;
  const auto word = word_before(code, left);
  const bool operand = code[left] == ')' || code[left] == ']' || !word.empty();
  return !operand || is_statement(word);
}

namespace {

// The expression that ends at `last`, by its last name.
std::optional<Accessed> ending_at(std::string_view code, std::size_t last) {
  Accessed accessed;
  while (last != code.npos && last < code.size() && code[last] == ']') {
    const auto open = opening(code, last);
    last = open == code.npos ? open : before(code, open);
    accessed.element = true;
  }
  if (last == code.npos) return std::nullopt;
  const auto word = word_before(code, last);
  if (!is_identifier(word)) return std::nullopt;
  accessed.name = word;
  accessed.begin = last + 1 - word.size();
  const auto left = before(code, accessed.begin);
  accessed.reached = is_selector(code, left);
  if (left != code.npos && code[left] == ':') return std::nullopt;  // Qualified.
  accessed.pointee =
      !accessed.reached && !accessed.element && is_dereferenced(code, accessed.begin);
  return accessed;
}

// The word at `at`, as it stands alone or last in a path: "n" of "++n;", "refs" of "++n->refs;".
std::optional<Accessed> beginning_at(std::string_view code, std::size_t at) {
  while (at < code.size()) {
    auto end = at;
    while (end < code.size() && is_word(code[end])) ++end;
    if (end == at) return std::nullopt;
    const auto rest = code.substr(end);
    if (rest.starts_with('(') || rest.starts_with("::")) return std::nullopt;
    if (rest.starts_with('.') || rest.starts_with("->")) {
      at = end + (rest[0] == '.' ? 1 : 2);
      continue;
    }
    return ending_at(code, end - 1);
  }
  return std::nullopt;
}

bool is_assignment(std::string_view rest) {
  constexpr std::array<std::string_view, 11> kOperators = {
      "<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "="};
  return !rest.starts_with("==") &&
         std::any_of(kOperators.begin(), kOperators.end(),
                     [&](auto symbol) { return rest.starts_with(symbol); });
}

// Whether the line opens a block within a function, or goes on from one: "if (…) {", "} else {".
bool is_inner_block(std::string_view line) {
  line = trim(line);
  constexpr std::array<std::string_view, 9> kInner = {"if", "for", "while", "else", "switch",
                                                      "do", "}",   "try",   "case"};
  return std::any_of(kInner.begin(), kInner.end(), [&](auto word) {
    return line.starts_with(word) && (line.size() == word.size() || !is_word(line[word.size()]));
  });
}

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

}  // namespace

std::string code_of(std::string_view line) {
  std::string code(line);
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote) {
      code[i] = ' ';
      if (c == '\\' && i + 1 < line.size()) code[++i] = ' ';
      if (c == quote) quote = 0;
      continue;
    }
    if (line.substr(i, 2) == "//") {
      code.resize(i);
      break;
    }
    if (c == '"' || (c == '\'' && (i == 0 || !is_digit(line[i - 1])))) {
      quote = c;
      code[i] = ' ';
    }
  }
  return code;
}

std::string statement_at(const std::string& code, int column) {
  const auto at = static_cast<std::size_t>(std::max(column, 1)) - 1;
  if (at >= code.size()) return code;
  auto [begin, end] = block_around(code, at);
  int parens = 0;
  for (auto i = begin; i < end; ++i) {  // "for (…; …; …)" is one statement.
    if (code[i] == '(') ++parens;
    if (code[i] == ')') parens = std::max(parens - 1, 0);
    if (code[i] != ';' || parens > 0) continue;
    if (i < at) begin = i + 1;
    if (i >= at) end = i + 1;
  }
  auto statement = code;
  blank(statement, 0, begin);
  blank(statement, end, code.size());
  std::size_t opened = 0;
  int depth = 0;
  for (auto i = begin; i < end; ++i) {
    if (code[i] == '{' && depth++ == 0) opened = i;
    if (code[i] == '}' && depth > 0 && --depth == 0) blank(statement, opened, i + 1);
  }
  if (depth > 0) blank(statement, opened, end);
  return statement;
}

std::vector<std::string> lambda_bodies(const std::string& code) {
  std::vector<std::string> bodies;
  for (auto at = code.find('['); at != code.npos; at = code.find('[', at + 1)) {
    const auto left = before(code, at);
    // After a name, a call or an element it is a subscript.
    const bool subscript =
        left != code.npos && (is_word(code[left]) || code[left] == ')' || code[left] == ']');
    const auto begin = code.find('{', at);
    if (subscript || begin == code.npos) continue;
    int depth = 0;
    for (auto end = begin; end < code.size(); ++end) {
      depth += (code[end] == '{') - (code[end] == '}');
      if (depth > 0) continue;
      bodies.push_back(code);
      blank(bodies.back(), 0, begin);
      blank(bodies.back(), end + 1, code.size());
      at = end;  // Lambdas within are its own.
      break;
    }
  }
  return bodies;
}

std::optional<Accessed> accessed_at(const std::string& code, int column, bool reads) {
  const auto at = static_cast<std::size_t>(std::max(column, 1)) - 1;
  if (column < 1 || at >= code.size()) return std::nullopt;
  const auto rest = std::string_view(code).substr(at);
  const auto left = before(code, at);
  // What "a = b" reads may be any of b's parts.
  if (reads && rest.starts_with('=')) return std::nullopt;
  if (is_assignment(rest)) return ending_at(code, left);
  if (rest.starts_with("++") || rest.starts_with("--")) {
    const bool after = left != code.npos && (is_word(code[left]) || code[left] == ']');
    if (after && !is_statement(word_before(code, left))) return ending_at(code, left);
    auto operand = code.find_first_not_of(' ', at + 2);
    if (operand == code.npos) return std::nullopt;
    if (code[operand] == '*') ++operand;
    return beginning_at(code, operand);
  }
  if (rest.starts_with('*')) return beginning_at(code, at + 1);
  if (rest.starts_with('[')) return ending_at(code, left);
  if (!is_word(rest[0]) || (at > 0 && is_word(code[at - 1]))) return std::nullopt;
  auto end = at;
  while (end < code.size() && is_word(code[end])) ++end;
  const auto word = std::string_view(code).substr(at, end - at);
  if (word == "delete") {
    auto operand = code.find_first_not_of(" []", end);
    auto freed = operand == code.npos ? std::nullopt : beginning_at(code, operand);
    if (freed) freed->pointee = true;
    return freed;
  }
  const auto behind = std::string_view(code).substr(end);
  if (behind.starts_with('(')) {
    if (is_selector(code, left)) {  // "records_.find(": the call is at its name.
      const bool follows = code[left] == '>';
      auto on = ending_at(code, before(code, follows ? left - 1 : left));
      if (on) on->called = true;
      if (on) on->pointee = follows;
      return on;
    }
    auto freed = word == "free" ? beginning_at(code, end + 1) : std::nullopt;
    if (freed) freed->pointee = true;
    return freed;
  }
  if (behind.starts_with('.') || behind.starts_with("->")) {  // "records_.find(", at the beginning.
    auto name_end = end + (behind[0] == '.' ? 1 : 2);
    while (name_end < code.size() && is_word(code[name_end])) ++name_end;
    if (name_end >= code.size() || code[name_end] != '(') return std::nullopt;
    auto on = ending_at(code, end - 1);
    if (on) on->called = true;
    if (on) on->pointee = behind[0] == '-';
    return on;
  }
  return behind.starts_with("::") ? std::nullopt : ending_at(code, end - 1);
}

std::vector<Accessed> assignments(const std::string& code) {
  std::vector<Accessed> written;
  int brackets = 0;  // Of captures, where "=" initialises; those of an index may assign.
  std::vector<bool> captures;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const auto rest = std::string_view(code).substr(i);
    if (rest[0] == '[') {
      const auto left = before(code, i);
      const bool index =
          left != code.npos && (is_word(code[left]) || code[left] == ']' || code[left] == ')');
      captures.push_back(!index);
      brackets += index ? 0 : 1;
    } else if (rest[0] == ']' && !captures.empty()) {
      brackets -= captures.back() ? 1 : 0;
      captures.pop_back();
    }
    const bool compares = rest.starts_with("==") || rest.starts_with("!=") ||
                          rest.starts_with("<=") || rest.starts_with(">=");
    const bool step = rest.starts_with("++") || rest.starts_with("--");
    if (compares) ++i;
    if (compares || brackets > 0 || (!step && !is_assignment(rest))) continue;
    if (auto accessed = accessed_at(code, static_cast<int>(i) + 1, false)) {
      written.push_back(std::move(*accessed));
    }
    // The operator's last character: "<<=", "+=", "++".
    if (step) ++i;
    while (!step && code[i] != '=') ++i;
  }
  return written;
}

bool is_member_name(std::string_view name) {
  return name.size() > 1 && (name.ends_with('_') || name.starts_with("m_"));
}

std::vector<std::string> parameters_of(const std::string& code) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (!is_word(code[at]) || (at > 0 && is_word(code[at - 1]))) continue;
    auto end = at;
    while (end < code.size() && is_word(code[end])) ++end;
    const auto next = code.find_first_not_of(' ', end);
    const bool ends = next != code.npos && (code[next] == ')' || code[next] == ',');
    const auto left = before(code, at);
    if (!ends || left == code.npos || left + 1 == at) continue;  // A type stands apart.
    const bool reference = (code[left] == '&' || code[left] == '*') && left > 0 &&
                           (is_word(code[left - 1]) || code[left - 1] == '>');
    const bool value = is_word(code[left]) && !is_statement(word_before(code, left));
    if (reference || value || code[left] == '>') names.push_back(code.substr(at, end - at));
  }
  return names;
}

bool declares(std::string_view line, std::string_view name) {
  const auto code = trim(line.substr(0, line.find("//")));
  constexpr std::array<std::string_view, 6> kNot = {"return ", "delete ", "using ",
                                                    "#",       "*",       "throw "};
  if (std::any_of(kNot.begin(), kNot.end(), [&](auto word) { return code.starts_with(word); }))
    return false;
  for (auto at = find_word(code, name); at != code.npos; at = find_word(code, name, at + 1)) {
    const auto before_name = trim(code.substr(0, at));
    const auto after = trim(code.substr(at + name.size()));
    if (before_name.empty() || after.empty()) continue;
    const bool type = is_word(before_name.back()) || before_name.back() == '>' ||
                      before_name.back() == '&' || before_name.back() == '*';
    // What a class or enumeration is called is no variable.
    const auto word = word_before(before_name, before_name.size() - 1);
    const bool is_class = word == "struct" || word == "class" || word == "union" || word == "enum";
    if (!type || is_class || is_statement(word)) continue;
    std::string bare(before_name);  // Without what stands in angles: "function<void()>".
    for (std::size_t i = 0, depth = 0; i < bare.size(); ++i) {
      if (bare[i] == '<') ++depth;
      const bool inside = depth > 0;
      if (bare[i] == '>' && depth > 0) --depth;
      if (inside) bare[i] = ' ';
    }
    // "private: int x;", on one line.
    const auto label = bare.rfind(": ");
    if (label != bare.npos) bare.erase(0, label + 1);
    if (bare.find_first_of("=(+-;.") != bare.npos) continue;
    const bool annotated =
        after[0] >= 'A' && after[0] <= 'Z' && after.ends_with(";");  // GUARDED_BY(m);
    if (annotated || after[0] == ';' || after[0] == '{' || after[0] == '[' ||
        (after[0] == '=' && after.substr(0, 2) != "==") ||
        (after[0] == ':' && after.size() > 1 && is_digit(trim(after.substr(1))[0]))) {
      return true;
    }
  }
  return false;
}

std::pair<int, int> function_around(const std::vector<std::string>& lines, int line, int reach) {
  const auto text_of = [&](int number) {
    return number < 1 || static_cast<std::size_t>(number) > lines.size()
               ? std::string_view()
               : std::string_view(lines[static_cast<std::size_t>(number) - 1]);
  };
  const auto text = text_of(line);
  // "void add() { total_ = 1; }", "[&] { ++total; }": all of it. Not "Node{record}".
  const auto open = text.find(" {");
  const auto head = trim(text.substr(0, open));
  const bool body = head.ends_with(')') || head.ends_with(']') || head.ends_with(" const") ||
                    head.ends_with(" noexcept") || head.ends_with(" override");
  if (open != text.npos && body && !is_inner_block(text) && text.find('}', open) != text.npos) {
    return {line, line};
  }
  auto indent = indent_of(text);
  int first = line - reach;
  for (int number = line - 1; number > first; --number) {
    const auto above = text_of(number);
    if (trim(above).empty() || indent_of(above) >= indent) continue;
    if (trim(above).ends_with(':')) continue;  // "private:", "case kDone:"
    // A brace on a line of its own: what it opens stands above it.
    indent = indent_of(above) + (trim(above) == "{" ? 1 : 0);
    if (trim(above) != "{" && !is_inner_block(above)) first = number;
  }
  int last = line + reach;
  for (int number = line + 1; number < last; ++number) {
    const auto below = text_of(number);
    if (!trim(below).empty() && indent_of(below) <= indent && trim(below)[0] == '}') last = number;
  }
  return {first, last};
}

std::size_t find_word(std::string_view text, std::string_view name, std::size_t from) {
  for (auto at = text.find(name, from); at != text.npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end])))
      return at;
  }
  return text.npos;
}

}  // namespace lab::report
