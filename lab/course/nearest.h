#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::course {

// Of `names`, those that `text` may be a slip of, the likeliest first, three at most: as good as a
// part of the name, but for one letter in three that is wrong, missing, too many or in its
// neighbour's place (optimal string alignment). Capitals do not matter.
std::vector<std::string> nearest(std::string_view text, const std::vector<std::string>& names);

}  // namespace lab::course
