#pragma once

#include "drill/explore/findings.h"

namespace drill::explore {

// The judge's word for an outcome: "pass", "race", "deadlock".
const char* verdict_of(Outcome outcome);

}  // namespace drill::explore
