#include <elf.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/symbols.h"

namespace lab::report {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t kHeadersMax = 256;
constexpr std::size_t kNotesMax = 64 << 10;
constexpr std::size_t kIdMax = 64;

template <class T>
bool read_at(std::ifstream& stream, std::uint64_t offset, T* to, std::size_t count) {
  stream.clear();
  stream.seekg(static_cast<std::streamoff>(offset));
  stream.read(reinterpret_cast<char*>(to), static_cast<std::streamsize>(count * sizeof(T)));
  return stream.good();
}

std::string hexadecimal(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

// A note is its header, the owner's name and the description, both padded to four bytes.
std::string find_id(const std::vector<unsigned char>& notes) {
  const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
  for (std::size_t at = 0; at + sizeof(Elf64_Nhdr) <= notes.size();) {
    Elf64_Nhdr note;
    std::memcpy(&note, notes.data() + at, sizeof note);
    const auto name = at + sizeof note;
    const auto description = name + padded(note.n_namesz);
    const auto end = description + padded(note.n_descsz);
    if (end > notes.size() || end <= at) return {};
    const bool gnu = note.n_namesz == 4 && std::memcmp(notes.data() + name, ELF_NOTE_GNU, 4) == 0;
    if (gnu && note.n_type == NT_GNU_BUILD_ID) {
      return hexadecimal(notes.data() + description, std::min<std::size_t>(note.n_descsz, kIdMax));
    }
    at = end;
  }
  return {};
}

}  // namespace

std::string read_build_id(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Elf64_Ehdr elf;
  if (!read_at(stream, 0, &elf, 1)) return {};
  if (std::memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_ident[EI_CLASS] != ELFCLASS64 ||
      elf.e_phentsize != sizeof(Elf64_Phdr) || elf.e_phnum > kHeadersMax) {
    return {};
  }
  std::vector<Elf64_Phdr> headers(elf.e_phnum);
  if (headers.empty() || !read_at(stream, elf.e_phoff, headers.data(), headers.size())) return {};
  for (const auto& header : headers) {
    if (header.p_type != PT_NOTE || header.p_filesz > kNotesMax) continue;
    std::vector<unsigned char> notes(header.p_filesz);
    if (notes.empty() || !read_at(stream, header.p_offset, notes.data(), notes.size())) continue;
    auto id = find_id(notes);
    if (!id.empty()) return id;
  }
  return {};
}

bool compiled_by_clang(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Elf64_Ehdr elf;
  if (!read_at(stream, 0, &elf, 1) || std::memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 ||
      elf.e_ident[EI_CLASS] != ELFCLASS64 || elf.e_shentsize != sizeof(Elf64_Shdr)) {
    return false;
  }
  std::vector<Elf64_Shdr> sections(elf.e_shnum);
  if (elf.e_shstrndx >= elf.e_shnum ||
      !read_at(stream, elf.e_shoff, sections.data(), sections.size())) {
    return false;
  }
  const auto text_of = [&](const Elf64_Shdr& section) {
    std::string text(std::min<std::uint64_t>(section.sh_size, kNotesMax), '\0');
    return read_at(stream, section.sh_offset, text.data(), text.size()) ? text : std::string();
  };
  const auto names = text_of(sections[elf.e_shstrndx]);
  return std::any_of(sections.begin(), sections.end(), [&](const Elf64_Shdr& section) {
    return section.sh_name < names.size() && names.c_str() + section.sh_name == ".comment"sv &&
           text_of(section).find("clang version") != std::string::npos;
  });
}

}  // namespace lab::report
