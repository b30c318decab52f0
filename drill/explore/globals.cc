#include "drill/explore/globals.h"

#include <link.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace drill::explore {
namespace {

struct Range {
  std::uintptr_t begin, end;
};

struct Image {
  Range all{UINTPTR_MAX, 0};
  std::vector<Range> writable;
  Range constant_after_start{};         // Relocated, then protected.
  const void* thread_locals = nullptr;  // First values of thread_local variables.
  std::size_t thread_locals_size = 0;   // Of those first values; the rest begins as zero.
  std::size_t thread_locals_total = 0;
};

int read_headers(dl_phdr_info* info, std::size_t, void* result) {
  auto& image = *static_cast<Image*>(result);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    const std::uintptr_t begin = info->dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD) {
      image.all = {std::min(image.all.begin, begin),
                   std::max(image.all.end, begin + header.p_memsz)};
    }
    if (header.p_type == PT_LOAD && (header.p_flags & PF_W) != 0) {
      image.writable.push_back({begin, begin + header.p_memsz});
    } else if (header.p_type == PT_GNU_RELRO) {
      image.constant_after_start = {begin, (begin + header.p_memsz + 4095) & ~std::uintptr_t{4095}};
    } else if (header.p_type == PT_TLS) {
      image.thread_locals = reinterpret_cast<void*>(begin);
      image.thread_locals_size = header.p_filesz;
      image.thread_locals_total = header.p_memsz;
    }
  }
  return 1;  // The program comes first; its libraries are not asked.
}

const Image& program() {
  static const Image image = [] {
    Image found;
    dl_iterate_phdr(read_headers, &found);
    for (Range& range : found.writable) {
      const Range& constant = found.constant_after_start;
      if (range.begin >= constant.begin && range.begin < constant.end) {
        range.begin = std::min(constant.end, range.end);
      }
    }
    return found;
  }();
  return image;
}

int find_thread_locals(dl_phdr_info* info, std::size_t, void* result) {
  *static_cast<void**>(result) = info->dlpi_tls_data;
  return 1;
}

// Where the calling kernel thread has the program's thread_local variables; null: it has none.
void* thread_locals_here() {
  static thread_local void* const values = [] {
    void* found = nullptr;
    dl_iterate_phdr(find_thread_locals, &found);
    return found;
  }();
  return program().thread_locals_total == 0 ? nullptr : values;
}

// What a schedule may change. Asked for by the first thread, which has its thread_local variables
// from schedule to schedule.
const std::vector<Range>& changeable() {
  static const std::vector<Range> ranges = [] {
    auto found = program().writable;
    const auto begin = reinterpret_cast<std::uintptr_t>(thread_locals_here());
    if (begin != 0) found.push_back({begin, begin + program().thread_locals_total});
    return found;
  }();
  return ranges;
}

std::vector<char> saved;

}  // namespace

void save_globals() {
  std::size_t size = 0;
  for (const Range& range : changeable()) size += range.end - range.begin;
  saved.resize(size);
  char* to = saved.data();
  for (const Range& range : changeable()) {
    std::memcpy(to, reinterpret_cast<void*>(range.begin), range.end - range.begin);
    to += range.end - range.begin;
  }
}

void restore_globals() {
  const char* from = saved.data();
  for (const Range& range : changeable()) {
    std::memcpy(reinterpret_cast<void*>(range.begin), from, range.end - range.begin);
    from += range.end - range.begin;
  }
}

bool is_in_program(const void* address) {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  return at >= program().all.begin && at < program().all.end;
}

void renew_thread_locals() {
  void* const values = thread_locals_here();
  if (values == nullptr) return;
  const Image& image = program();
  std::memcpy(values, image.thread_locals, image.thread_locals_size);
  std::memset(static_cast<char*>(values) + image.thread_locals_size, 0,
              image.thread_locals_total - image.thread_locals_size);
}

}  // namespace drill::explore
