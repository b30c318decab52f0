#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace lab::cli {

// Whether text to this stream (1 or 2) goes to a terminal that wants colour (NO_COLOR respected).
bool wants_colour(int fd);
bool is_terminal(int fd);
// Columns of the terminal, 80 when unknown.
int columns(int fd);

// Text in bold, green, … when `on`.
std::string bold(std::string_view text, bool on);
std::string dim(std::string_view text, bool on);
std::string green(std::string_view text, bool on);
std::string red(std::string_view text, bool on);
std::string yellow(std::string_view text, bool on);

// "1 test", "2 tests".
std::string plural(std::integral auto count, std::string_view noun) {
  return std::to_string(count).append(" ").append(noun).append(count == 1 ? "" : "s");
}

// One line on a terminal that says how far long work has come; nothing in a pipe. Not thread-safe.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet = false);
  ~ProgressLine();  // Clears the line.
  void show(const std::string& text);
  void clear();

 private:
  bool on_;
};

}  // namespace lab::cli
