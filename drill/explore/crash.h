#pragma once

namespace drill::explore {

// From now on a fatal signal in this process is a finding, with the schedule that led to it.
void catch_crashes();
// Each kernel thread needs a stack of its own for that, lest an overflow of the stack be silent.
void provide_signal_stack();

}  // namespace drill::explore
