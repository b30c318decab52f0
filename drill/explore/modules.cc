#include "drill/explore/modules.h"

#include <link.h>

#include <algorithm>
#include <vector>

#include "drill/explore/thread.h"

namespace drill::explore {
namespace {

struct Module {
  Address begin, end;
};

int add_module(dl_phdr_info* info, std::size_t, void* result) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
    const Address begin = info->dlpi_addr + header.p_vaddr;
    static_cast<std::vector<Module>*>(result)->push_back({begin, begin + header.p_memsz});
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
    if (pc >= module.begin && pc < module.end) return pc - module.begin;
  }
  return 0;
}

}  // namespace drill::explore
