#include "drill/events.h"

namespace {
// This library is initialised before the program that it explores. It goes on to start copies of
// the program, which it leaves to themselves (children.cc).
[[gnu::constructor(101)]] void meet_the_judge() { drill::meet_judge(drill::Confine::kSupervisor); }
}  // namespace
