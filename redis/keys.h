#pragma once

#include <string>
#include <vector>

namespace redis {

// The first key that a request names, or empty: SET's is its first argument, EVAL's stands behind
// the number of keys, XREAD's behind STREAMS, PING has none. `command` is in upper case; `parts`
// are the request's, the command among them. Commands that are not known take their first argument.
std::string first_key(const std::string& command, const std::vector<std::string>& parts);

}  // namespace redis
