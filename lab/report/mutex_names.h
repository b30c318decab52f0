#pragma once

#include <string>
#include <string_view>

#include "lab/report/causes.h"
#include "lab/report/own.h"
#include "lab/report/report.h"
#include "lab/report/sources.h"

// What lines of code call the mutexes that a report numbers.
namespace lab::report {

// What the line locks, or makes a mutex of: "mutex_" of "std::lock_guard lock(mutex_);". `column`,
// from 1, tells which of several is meant, and 0 that it is not known. Empty where that is no name.
std::string name_of_lock(std::string_view line, int column);

// Names those that the parties hold, by where each was first locked, or was taken in a cycle.
void name_mutexes(const Report& report, Pair& pair, const Own& own, Sources& sources);

}  // namespace lab::report
