#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/verdict/object.h"

namespace lab::verdict {

// How code silences the detector or bypasses the contract, as a sentence: "it uses no_sanitize,
// which hides code from the detector". Empty when it does not. What a program does only when it
// runs, the judge sees from what ran.

// Of a source as it is written; comments and strings do not count.
std::string how_it_gags(const std::filesystem::path& header);
std::string how_it_gags(const std::string& source);

// What is known of a contract before an attempt is looked at.
struct Ground {
  std::filesystem::path contract;              // Its source.
  std::vector<std::filesystem::path> folders;  // Headers in them are ours.
  const ObjectFile* honest = nullptr;          // The contract built with a collector of ours.
};

// Of a source as the compiler sees it: preprocessed with its macro definitions kept (-E -dD), so
// that no macro, pragma or included file hides a thing. Only files outside the ground's folders and
// /usr count.
std::string how_it_gags_preprocessed(std::string_view text, const Ground& ground);

// Of what the compiler made of it, compared with what it made of an honest collector.
std::string how_it_gags(const ObjectFile& attempt, const Ground& ground);

}  // namespace lab::verdict
