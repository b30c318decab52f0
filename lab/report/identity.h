#pragma once

#include <string>

#include "lab/report/causes.h"
#include "lab/report/classes.h"
#include "lab/report/sources.h"

// Who a side is: what tells places and functions from others.
namespace lab::report {

// The place in the source, as a key: "a.cc:3"; else the function, or the offset in the program.
std::string site(const Side& side);

// The class that a side's function belongs to, by its bare name; empty where it is of none.
std::string scope(const Side& side, Classes& classes);

// Of a function its file, class and name. A lambda that the compiler does not name (gcc) is known
// by the line that it begins on; where several stand on one line, nothing tells them apart.
std::string identity(const Side& side, Classes& classes, Sources& sources);

// Whether both are in one function, as far as their names and the source show.
bool is_same_function(const Side& a, const Side& b, Sources& sources);

// A frame of the stack, as a side of its own: with the stack, or with nothing but the frame, for
// its names alone.
Side side_at(const Side& side, std::size_t frame);
Side frame_alone(const Side& side, std::size_t frame);

}  // namespace lab::report
