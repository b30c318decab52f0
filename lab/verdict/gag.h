#pragma once

#include <filesystem>
#include <string>

namespace lab::verdict {

// How a variant's source silences the detector or the contract: "it uses no_sanitize, which hides
// code from the detector". Empty when it does not. Comments and strings do not count. A first
// sieve: what ends the tests early is seen by the judge from what ran.
std::string how_it_gags(const std::filesystem::path& header);

// The same of source text.
std::string how_it_gags(const std::string& source);

}  // namespace lab::verdict
