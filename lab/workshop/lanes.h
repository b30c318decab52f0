#pragma once

#include <string>
#include <vector>

namespace lab::workshop {

// An interleaving as the explorer tells it (JSON: message, sides, steps): a lane a thread, time
// downwards, in at most `width` columns. What cannot be understood gives no lines.
std::vector<std::string> lanes_of(const std::string& story, int width);

}  // namespace lab::workshop
