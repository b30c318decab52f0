#include "lab/workshop/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace lab::workshop {
namespace {

constexpr int kIn = STDIN_FILENO;
constexpr int kOut = STDOUT_FILENO;

// Writes all of it; a terminal that is gone swallows it.
void put(std::string_view text) {
  while (!text.empty()) {
    const auto written = write(kOut, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

int number_from(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::atoi(value) : 0;
}

struct Sequence {
  std::string_view text;
  int key;
};

// As xterm, the Linux console, screen and tmux send them, in both cursor modes.
constexpr Sequence kSequences[] = {
    {"\033[A", Terminal::kUp},   {"\033OA", Terminal::kUp},      {"\033[B", Terminal::kDown},
    {"\033OB", Terminal::kDown}, {"\033[5~", Terminal::kPageUp}, {"\033[6~", Terminal::kPageDown},
    {"\033[H", Terminal::kHome}, {"\033OH", Terminal::kHome},    {"\033[1~", Terminal::kHome},
    {"\033[F", Terminal::kEnd},  {"\033OF", Terminal::kEnd},     {"\033[4~", Terminal::kEnd}};

}  // namespace

Terminal::Terminal() {
  const char* kind = std::getenv("TERM");
  can_place_ = kind && *kind && std::string_view(kind) != "dumb";
  tcgetattr(kIn, &before_);
  enter();
}

Terminal::~Terminal() { leave(); }

const char* Terminal::give_back() { return "\033[0m\033[?25h\033[?1049l"; }

void Terminal::enter() {
  if (taken_) return;
  termios raw = before_;
  raw.c_lflag &= static_cast<tcflag_t>(~(ICANON | ECHO));
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  tcsetattr(kIn, TCSADRAIN, &raw);
  if (can_place_) put("\033[?1049h\033[?25l\033[H\033[2J");
  taken_ = true;
}

void Terminal::leave() {
  if (!taken_) return;
  if (can_place_) put(give_back());
  // What was typed and not read is not for the shell.
  tcsetattr(kIn, TCSAFLUSH, &before_);
  taken_ = false;
}

Size Terminal::size() const {
  winsize size{};
  if (ioctl(kOut, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
    return {size.ws_row, size.ws_col};
  }
  const int rows = number_from("LINES");
  const int columns = number_from("COLUMNS");
  return {rows > 0 ? rows : 24, columns > 0 ? columns : 80};
}

void Terminal::show(const std::vector<std::string>& lines) {
  std::string text;
  if (can_place_) text += "\033[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += lines[i];
    if (can_place_) text += "\033[K";
    // The last line of a screen must not scroll it.
    if (!can_place_ || i + 1 < lines.size()) text += "\r\n";
  }
  if (can_place_) text += "\033[J";
  put(text);
}

Terminal::Keys Terminal::keys() {
  Keys keys;
  char buffer[256];
  const auto got = read(kIn, buffer, sizeof buffer);
  if (got <= 0) {
    keys.ended = got == 0 || (errno != EINTR && errno != EAGAIN);
    return keys;
  }
  std::string_view text(buffer, static_cast<std::size_t>(got));
  while (!text.empty()) {
    int key = static_cast<unsigned char>(text[0]);
    std::size_t size = 1;
    for (const auto& [sequence, meaning] : kSequences) {
      if (!text.starts_with(sequence)) continue;
      key = meaning;
      size = sequence.size();
    }
    if (key == '\033') {
      // An escape alone, or a key that we do not know: all of it, or none.
      key = kEscape;
      if (text.size() > 1) size = text.size();
    }
    keys.pressed.push_back(key);
    text.remove_prefix(size);
  }
  return keys;
}

}  // namespace lab::workshop
