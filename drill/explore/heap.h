#pragma once

#include <cstddef>
#include <cstdint>

namespace drill::explore {

// Memory that the program under test allocates in a schedule comes from here: each thread has an
// arena of its own that only grows until the schedule ends, so that addresses are the same whatever
// the schedule, and what was freed is not used again before everybody has been seen not to touch
// it.

// All that the schedule has freed may be used by the next one.
void begin_heap();

// Whether the address is of such memory.
bool on_heap(std::uintptr_t address);

}  // namespace drill::explore
