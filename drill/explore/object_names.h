#pragma once

#include <string>
#include <vector>

#include "drill/explore/operation.h"
#include "drill/explore/symbols.h"

// Names for what a program works on, read off its source lines. Where a line does not say for
// certain there is no name: a wrong one would send the reader to the wrong place.
namespace drill::explore {

// True for code of the one whose program is explored: not the system's, GoogleTest's or the
// drill's.
bool is_users(const Frame& frame);

// True for a function that the compiler wrote, as a class's copy: the file declares the class and
// has no such function, or says `= default`. Its lines tell the reader nothing.
bool is_compilers(const Frame& frame);

// An operation as the reader meets it: the line of theirs that leads to it, and the function that
// the line calls; without a name when it is none but the operation itself.
struct Call {
  Frame own;
  Frame callee;
};

// True when the line calls the primitive by itself (std::mutex::lock, std::atomic::load); false
// when it is a part of something larger (the reference count of a shared_ptr).
bool is_direct(const Call& call, OpKind operation);

// What the line calls the object that the operation works on: "mutex_" for
// `const std::lock_guard lock(mutex_);`, "done" for `done.store(true);`. Empty when it does not
// say.
std::string name_in_source(const Call& call, OpKind operation);

// What is read and written at all of these lines: the only member that they share, or the only
// name. Empty when they do not say.
std::string name_of_accessed(const std::vector<Frame>& places);

// One name for an object that goes by several: "mutex_" for "mutex_" and "other.mutex_". Empty
// when they share none.
std::string common_name(const std::vector<std::string>& names);

}  // namespace drill::explore
