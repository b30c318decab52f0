#include "lab/view/terminal.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

// Last, and as functions: its macros are words.
#define NCURSES_NOMACROS
#include <ncurses.h>

namespace lab::view {
namespace {

constexpr short kBadColor = 1;

}  // namespace

struct Terminal::Screen {
  SCREEN* screen = nullptr;
  bool has_colors = false;
};

Terminal::Terminal() : screen_(std::make_unique<Screen>()) {
  screen_->screen = ::newterm(nullptr, stdout, stdin);
  if (!screen_->screen) {
    throw std::runtime_error("The terminal is not one that can be drawn on (TERM). Try --json.");
  }
  ::cbreak();
  ::noecho();
  ::keypad(stdscr, TRUE);
  ::nodelay(stdscr, TRUE);
  ::curs_set(0);
  const char* no_color = std::getenv("NO_COLOR");
  if ((!no_color || !*no_color) && ::has_colors() && ::start_color() == OK) {
    ::use_default_colors();
    ::init_pair(kBadColor, COLOR_RED, -1);
    screen_->has_colors = true;
  }
}

Terminal::~Terminal() {
  ::endwin();
  ::delscreen(screen_->screen);
}

void Terminal::show(const std::vector<Line>& lines) {
  ::erase();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    attr_t attributes = A_NORMAL;
    if (lines[i].style == Style::kTitle) attributes = A_REVERSE;
    if (lines[i].style == Style::kHeading) attributes = A_BOLD | A_UNDERLINE;
    if (lines[i].style == Style::kDim) attributes = A_DIM;
    if (lines[i].style == Style::kBad) {
      attributes = screen_->has_colors ? COLOR_PAIR(kBadColor) : A_BOLD;
    }
    ::attrset(static_cast<int>(attributes));
    ::mvaddstr(static_cast<int>(i), 0, lines[i].text.c_str());
  }
  ::refresh();
}

Key Terminal::key() {
  switch (::getch()) {
    case 'q':
      return Key::kQuit;
    case KEY_LEFT:
      return Key::kLeft;
    case KEY_RIGHT:
      return Key::kRight;
    case KEY_UP:
      return Key::kUp;
    case KEY_DOWN:
      return Key::kDown;
    case KEY_PPAGE:
      return Key::kPageUp;
    case KEY_NPAGE:
      return Key::kPageDown;
    case 'r':
      return Key::kReverse;
    case ' ':
      return Key::kPause;
    default:
      return Key::kNone;
  }
}

std::size_t Terminal::width() const { return static_cast<std::size_t>(::getmaxx(stdscr)); }

std::size_t Terminal::height() const { return static_cast<std::size_t>(::getmaxy(stdscr)); }

}  // namespace lab::view
