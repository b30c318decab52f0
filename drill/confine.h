#pragma once

namespace drill {

// Gives up, for this process and all that it starts, what code under judgement has no business
// with: other programs, sockets, signals to others, other processes' memory, removing and renaming
// files, handlers for signals (one could hide a crash). A call of these ends the process with
// SIGSYS, which nothing can handle; the judge tells it from a crash. Threads, memory, files to
// read, and waiting stay.
enum class Confine {
  kSupervisor,  // May still start copies of itself (the explorer's).
  kTests,
};

// Linux on x86-64 and arm64; elsewhere, or where the kernel refuses, nothing happens and it is
// false.
bool confine(Confine confine);

}  // namespace drill
