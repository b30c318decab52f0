#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lab::verdict {

// What an object file says of itself.
struct ObjectFile {
  struct Symbol {
    std::string name;      // As the linker sees it.
    bool defined = false;  // Else it is asked of others.
    bool local = false;
    bool weak = false;
    bool resolved_at_start = false;  // An indirect function: its resolver runs before everything.
  };
  std::vector<Symbol> symbols;
  std::vector<std::string> sections;
};

// Reads a 64-bit ELF relocatable file. Nothing when it is none.
std::optional<ObjectFile> read_object(const std::filesystem::path& file);

}  // namespace lab::verdict
