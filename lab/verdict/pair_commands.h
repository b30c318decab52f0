#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace lab::verdict {

// What builds a pair, as shell command lines to be run in the build tree.
struct PairCommands {
  std::string compile;
  std::string link;
  std::string link_explored;  // With our own runtime; empty where the tree has no explorer.
  std::string preprocess;     // The collector alone, its macro definitions kept.
  std::filesystem::path contract;
  std::filesystem::path honest;  // The racy pair's object.
};

// Those of a pair of the tree: the compilation of its contract, and its two links. None where the
// tree has no such pair; then `problem` says why. Ninja is asked once for a tree as it is
// configured: what it says is kept in the tree, where that can be written to.
std::optional<PairCommands> commands_of(const std::filesystem::path& tree, const std::string& pair,
                                        std::string& problem);

// What the commands make of the racy pair, they make of the attempt then: collector.h in `folder`
// becomes attempt.ii, attempt.o, attempt and attempt.explore there.
void redirect(PairCommands& commands, const std::string& pair, const std::filesystem::path& folder);

// A shell word that means `text`.
std::string quoted(const std::string& text);

}  // namespace lab::verdict
