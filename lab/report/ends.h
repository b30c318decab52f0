#pragma once

#include "lab/report/causes.h"
#include "lab/report/report.h"

// What becomes of memory where a side frees or allocates it.
namespace lab::report {

// Whether what the side freed is a container's own memory, which it left for other: who holds its
// lock keeps that from happening, while the end of an object asks for more than a lock.
bool frees_elements(const Side& side);
// The same, or the container's end.
bool frees_contents(const Side& side);
// Whether memory is gone for good on one side: no lock brings it back.
bool is_end(const Report& report, const Side& a, const Side& b);
// Whether the write is an allocation's: of a new block, or of one that is used again.
bool is_allocation(const Side& side);

}  // namespace lab::report
