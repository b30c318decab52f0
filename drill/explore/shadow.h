#pragma once

#include <cstddef>
#include <cstdint>

#include "drill/explore/thread.h"

// Finds happens-before races: for each eight bytes of memory, which accesses a new one could race
// with.
namespace drill::explore {

struct Access {
  Address address = 0;
  std::size_t size = 0;
  bool write = false;
  bool atomic = false;
  bool frees = false;  // The memory is given back: whoever touches it from now on is wrong.
  Address pc = 0;
};

// Checks an access of the running thread against those before it, and remembers it. Ends the
// process when it finds a race.
void check(Thread& thread, const Access& access);

}  // namespace drill::explore
