#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lab::report {

// The first of `names` that PATH holds; empty when it holds none.
std::filesystem::path find_program(const std::vector<std::string>& names);

// What a program printed, its errors not. Nothing when it could not be run, failed, printed more
// than is sensible or was not done at the deadline: it is gone then.
std::optional<std::string> output_of(const std::vector<std::string>& arguments,
                                     std::chrono::steady_clock::time_point deadline);

}  // namespace lab::report
