#include "lab/cli/terminal.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace lab::cli {
namespace {

std::string painted(const char* code, std::string_view text, bool on) {
  return on ? fmt::format("\033[{}m{}\033[0m", code, text) : std::string(text);
}

}  // namespace

bool is_terminal(int fd) { return isatty(fd) == 1; }

bool wants_colour(int fd) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return is_terminal(fd) && !(no_colour && *no_colour) &&
         !(terminal && std::string_view(terminal) == "dumb");
}

int columns(int fd) {
  winsize size{};
  return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string bold(std::string_view text, bool on) { return painted("1", text, on); }
std::string dim(std::string_view text, bool on) { return painted("2", text, on); }
std::string green(std::string_view text, bool on) { return painted("32", text, on); }
std::string red(std::string_view text, bool on) { return painted("31", text, on); }
std::string yellow(std::string_view text, bool on) { return painted("33", text, on); }

ProgressLine::ProgressLine(bool quiet) : on_(!quiet && is_terminal(2)) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(const std::string& text) {
  if (!on_) return;
  const auto width = static_cast<std::size_t>(columns(2) - 1);
  fmt::print(stderr, "\r\033[K{}", text.substr(0, width));
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (on_) fmt::print(stderr, "\r\033[K");
}

}  // namespace lab::cli
