#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "drill/explore/findings.h"

namespace drill::explore {

// What a replay left in `report`, as JSON: {"message", "sides": [...], "steps": [...]}, with names
// and source lines for addresses.
nlohmann::json tell(const Report& report);

}  // namespace drill::explore
