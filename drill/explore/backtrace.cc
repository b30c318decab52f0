#include "drill/explore/backtrace.h"

#include <link.h>
#include <unwind.h>

#include <cstring>

namespace drill::explore {
namespace {

struct Range {
  Address begin = 0, end = 0;
};

int find_own_code(dl_phdr_info* info, std::size_t, void* result) {
  const auto inside = reinterpret_cast<Address>(&find_own_code);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    const Address begin = info->dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && inside >= begin && inside < begin + header.p_memsz) {
      *static_cast<Range*>(result) = {begin, begin + header.p_memsz};
      return 1;
    }
  }
  return 0;
}

const Range& own_code() {
  static const Range range = [] {
    Range found;
    dl_iterate_phdr(find_own_code, &found);
    return found;
  }();
  return range;
}

struct Walk {
  Address* frames;
  int count, frames_max;
};

_Unwind_Reason_Code visit(_Unwind_Context* context, void* state) {
  auto& walk = *static_cast<Walk*>(state);
  int before_instruction = 0;
  Address pc = _Unwind_GetIPInfo(context, &before_instruction);
  if (pc == 0 || walk.count == walk.frames_max) return _URC_END_OF_STACK;
  // Readers take one off, as from a return address; a signal's frame is none.
  if (before_instruction != 0) ++pc;
  if (pc < own_code().begin || pc >= own_code().end) walk.frames[walk.count++] = pc;
  return _URC_NO_REASON;
}

}  // namespace

int backtrace(Address* frames, int frames_max) {
  Walk walk{frames, 0, frames_max};
  _Unwind_Backtrace(visit, &walk);
  return walk.count;
}

}  // namespace drill::explore
