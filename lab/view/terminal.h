#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "lab/view/picture.h"

namespace lab::view {

enum class Key { kNone, kQuit, kLeft, kRight, kUp, kDown, kPageUp, kPageDown, kReverse, kPause };

// The whole screen of the terminal, given back when this is gone. One at a time, for one thread.
class Terminal {
 public:
  // Throws std::runtime_error when the terminal cannot do it.
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void show(const std::vector<Line>& lines);
  // The next key, or kNone at once when none is pressed.
  Key key();

  std::size_t width() const;
  std::size_t height() const;

 private:
  struct Screen;
  std::unique_ptr<Screen> screen_;
};

}  // namespace lab::view
