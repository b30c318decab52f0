#include "drill/explore/modules.h"

#include <link.h>

#include <algorithm>
#include <vector>

#include "drill/explore/thread.h"

namespace drill::explore {
namespace {

// A segment of a program or library.
struct Module {
  Address base, begin, end;
  bool program;
};

int add_module(dl_phdr_info* info, std::size_t, void* result) {
  auto& modules = *static_cast<std::vector<Module>*>(result);
  const bool program = modules.empty() || info->dlpi_addr == modules.front().base;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    const Address begin = info->dlpi_addr + header.p_vaddr;
    modules.push_back({info->dlpi_addr, begin, begin + header.p_memsz, program});
  }
  return 0;
}

// The program comes first, and most is asked about it.
const std::vector<Module>& modules() {
  static const std::vector<Module> all = [] {
    const PassThrough pass_through;
    std::vector<Module> found;
    dl_iterate_phdr(add_module, &found);
    return found;
  }();
  return all;
}

}  // namespace

Address relative_pc(Address pc) {
  for (const Module& module : modules()) {
    if (pc >= module.begin && pc < module.end) return pc - module.base;
  }
  return 0;
}

bool is_in_library(const void* address) {
  const auto at = reinterpret_cast<Address>(address);
  return std::any_of(modules().begin(), modules().end(), [at](const Module& module) {
    return !module.program && at >= module.begin && at < module.end;
  });
}

}  // namespace drill::explore
