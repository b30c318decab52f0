#pragma once

#include <string>
#include <string_view>

// A line of C++ source, read without a compiler. Positions in what is returned are positions in
// the line; what does not count is blank.
namespace lab::report {

// The line without its comment and the insides of its strings.
std::string code_of(std::string_view line);

// Of a line's code the statement that `column` (from 1) stands in: `++total_; ` of
// "void add() { check(); ++total_; }". What stands in inner blocks is not the statement's.
std::string statement_at(const std::string& code, int column);

// The first place of `name` as a whole word at or after `from`; npos when there is none.
std::size_t find_word(std::string_view text, std::string_view name, std::size_t from = 0);

}  // namespace lab::report
