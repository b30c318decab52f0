#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A line of C++ source, read without a compiler. Positions in what is returned are positions in
// the line; what does not count is blank.
namespace lab::report {

// The line without its comment and the insides of its strings.
std::string code_of(std::string_view line);

// Of a line's code the statement that `column` (from 1) stands in: `++total_; ` of
// "void add() { check(); ++total_; }". What stands in inner blocks is not the statement's.
std::string statement_at(const std::string& code, int column);

// The bodies of the lambdas that the line holds whole, each without what stands around it.
std::vector<std::string> lambda_bodies(const std::string& code);

// What an access at a column is on, as far as the tokens around tell: `sum` of "all.sum += 1".
struct Accessed {
  std::string name;
  std::size_t begin = 0;  // Of the name, in the line.
  bool pointee = false;   // "*name": what it leads to. Of "name[i]", both may be meant.
  bool element = false;   // "name[i]"
  bool reached = false;   // "x.name", "x->name": no variable of its own.
  bool called = false;    // "name.size()": what a call on it touches.
};

// `column` is from 1, and where clang puts it: at an assignment's or increment's operator, at the
// name of what is read, at the call. Nothing where that does not tell. `reads`: the access is no
// write.
std::optional<Accessed> accessed_at(const std::string& code, int column, bool reads);

// What the assignments and increments of a line of code write, in order.
std::vector<Accessed> assignments(const std::string& code);

// Whether it is called as members are: "total_", "m_total".
bool is_member_name(std::string_view name);

// Whether "." or "->" ends at `last`; npos is nowhere.
bool is_selector(std::string_view code, std::size_t last);

// Whether the line names it as a part of something: "found->looks".
bool is_reached(std::string_view name, std::string_view code);

// Whether a "*" before the name at `at` follows it: no multiplication, no part of a type.
bool is_dereferenced(std::string_view code, std::size_t at);

// Names of parameters in a line of code: "x" and "it" of "(int x, Item& it)".
std::vector<std::string> parameters_of(const std::string& code);

// Whether the line declares a variable or a member of the name: "std::vector<int> records_;",
// "int total = 0;", "std::atomic<int> hits{0};".
bool declares(std::string_view line, std::string_view name);

// First and last line (from 1) of the function or lambda that the line stands in, as far as
// indentation shows it and no further away than `reach` lines.
std::pair<int, int> function_around(const std::vector<std::string>& lines, int line, int reach);

// The first place of `name` as a whole word at or after `from`; npos when there is none.
std::size_t find_word(std::string_view text, std::string_view name, std::size_t from = 0);

}  // namespace lab::report
