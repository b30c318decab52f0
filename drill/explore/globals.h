#pragma once

namespace drill::explore {

// The program's global and function-local static variables and the first thread's thread_local
// ones, as they were when the schedule began: each schedule of a test begins with the same,
// whatever the one before did. Libraries keep theirs. Both are called by the first thread.
void save_globals();
void restore_globals();
// Whether an address is in the program's own image.
bool is_in_program(const void* address);

// Gives the calling kernel thread the first values of the program's thread_local variables.
void renew_thread_locals();

}  // namespace drill::explore
