#pragma once

#include <map>
#include <string>
#include <vector>

#include "drill/explore/object.h"

namespace drill::explore {

struct Frame {
  std::string function;  // Demangled.
  std::string file;
  int line = 0;
};

// Return addresses of this process and its children, told as source lines by llvm-symbolizer. One
// address gives several frames where functions were inlined, innermost first. Addresses that it
// cannot tell are left out.
std::map<Address, std::vector<Frame>> symbolize(const std::vector<Address>& addresses);

}  // namespace drill::explore
