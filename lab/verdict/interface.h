#pragma once

#include <string>
#include <string_view>

namespace lab::verdict {

// A program that only compiles where a collector has the interface that a scenario's racy.h
// declares, and that says of the first part that is missing what it should be, in one sentence and
// not in templates. `racy`: the text of racy.h; `space`: the scenario's namespace. It includes
// "collector.h".
std::string interface_check(const std::string& racy, const std::string& space);

// Of what a compiler said of that program: the first sentence. Empty when the interface is met, or
// when the compiler stumbled over something else.
std::string unmet_interface(std::string_view output);

}  // namespace lab::verdict
