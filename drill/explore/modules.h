#pragma once

#include "drill/explore/object.h"

namespace drill::explore {

// `pc` relative to the program or library that holds it, so that it is the same in each process.
Address relative_pc(Address pc);

}  // namespace drill::explore
