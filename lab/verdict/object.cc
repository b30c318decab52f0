#include "lab/verdict/object.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace lab::verdict {
namespace {

// A file in memory, of which any part may be missing or lie.
class Image {
 public:
  explicit Image(std::string bytes) : bytes_(std::move(bytes)) {}

  template <class T>
  std::optional<T> at(std::size_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  std::string text(std::size_t offset) const {
    if (offset >= bytes_.size()) return "";
    return std::string(std::string_view(bytes_).substr(offset, bytes_.find('\0', offset) - offset));
  }

 private:
  std::string bytes_;
};

ObjectFile::Symbol symbol_of(const Elf64_Sym& entry, std::string name) {
  const auto binding = ELF64_ST_BIND(entry.st_info);
  return {.name = std::move(name),
          .defined = entry.st_shndx != SHN_UNDEF,
          .local = binding == STB_LOCAL,
          .weak = binding == STB_WEAK,
          .resolved_at_start = ELF64_ST_TYPE(entry.st_info) == STT_GNU_IFUNC};
}

void read_symbols(const Image& image, const Elf64_Shdr& table, const Elf64_Shdr& names,
                  ObjectFile& object) {
  for (std::size_t i = 1; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
    const auto entry = image.at<Elf64_Sym>(table.sh_offset + i * sizeof(Elf64_Sym));
    if (!entry) return;
    if (auto name = image.text(names.sh_offset + entry->st_name); !name.empty()) {
      object.symbols.push_back(symbol_of(*entry, std::move(name)));
    }
  }
}

}  // namespace

std::optional<ObjectFile> read_object(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  const Image image(bytes.str());
  const auto header = image.at<Elf64_Ehdr>(0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
      header->e_ident[EI_CLASS] != ELFCLASS64) {
    return std::nullopt;
  }
  const auto section = [&](std::size_t i) {
    return image.at<Elf64_Shdr>(header->e_shoff + i * sizeof(Elf64_Shdr));
  };
  // Beyond 65,000 sections the numbers stand in the first one (elf(5)).
  const auto first = section(0);
  if (!first) return std::nullopt;
  const std::size_t count = header->e_shnum != 0 ? header->e_shnum : first->sh_size;
  const auto names =
      section(header->e_shstrndx != SHN_XINDEX ? header->e_shstrndx : first->sh_link);
  if (!names) return std::nullopt;
  ObjectFile object;
  for (std::size_t i = 1; i < count; ++i) {
    const auto each = section(i);
    if (!each) return std::nullopt;
    object.sections.push_back(image.text(names->sh_offset + each->sh_name));
    if (each->sh_type != SHT_SYMTAB) continue;
    if (const auto strings = section(each->sh_link)) read_symbols(image, *each, *strings, object);
  }
  return object;
}

}  // namespace lab::verdict
