#pragma once

#include "drill/explore/findings.h"

namespace drill::explore {

// The judge's word for an outcome: "pass", "race", "deadlock".
const char* verdict_of(Outcome outcome);

// What was found: "data race", "lost wake-up"; empty for a pass.
const char* kind_of(Outcome outcome);

}  // namespace drill::explore
