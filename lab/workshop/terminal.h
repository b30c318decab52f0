#pragma once

#include <termios.h>

#include <string>
#include <vector>

#include "lab/workshop/screen.h"

namespace lab::workshop {

// The terminal on standard input and output while the workshop has it: keys come one by one and
// are not echoed, and the screen is an own one, given back as it was found. A terminal that cannot
// place its cursor (TERM=dumb) is written to line by line instead. One at a time, one thread.
class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // Gives the terminal back, and takes it again: around a stop by Ctrl-Z.
  void leave();
  void enter();

  Size size() const;
  bool can_place() const { return can_place_; }
  void show(const std::vector<std::string>& lines);

  // The keys pressed since the last call: 'a', ' ', '\r', or one of kKeys; empty at the end of the
  // input. Blocks when none was pressed.
  struct Keys {
    std::vector<int> pressed;
    bool ended = false;
  };
  Keys keys();

  enum Key : int { kUp = 256, kDown, kPageUp, kPageDown, kHome, kEnd, kEscape };

  // What gives a terminal's screen back, for whoever finds it taken.
  static const char* give_back();

 private:
  termios before_{};
  bool taken_ = false;
  bool can_place_ = false;
};

}  // namespace lab::workshop
