#pragma once

#include "drill/explore/object.h"

namespace drill::explore {

// `pc` relative to the program or library that holds it, so that it is the same in each process.
Address relative_pc(Address pc);
// True in the code and the variables of a shared library, which keeps its state between schedules.
bool is_in_library(const void* address);

}  // namespace drill::explore
