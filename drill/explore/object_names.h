#pragma once

#include <string>

#include "drill/explore/operation.h"
#include "drill/explore/symbols.h"

namespace drill::explore {

// True for code of the one whose program is explored: not the system's, GoogleTest's or the
// drill's.
bool is_users(const Frame& frame);

// What the source line of an operation calls the object that it works on: "mutex_" for
// `const std::lock_guard lock(mutex_);`, "done" for `done.store(true);`. Empty when it does not
// say.
std::string name_in_source(const Frame& frame, OpKind operation);

}  // namespace drill::explore
