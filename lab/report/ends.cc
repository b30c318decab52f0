#include "lab/report/ends.h"

#include <string>

#include "lab/report/names.h"

namespace lab::report {

bool frees_contents(const Side& side) {
  if (side.op != "free" || !side.own || side.frame < 2) return false;
  if (!is_library_member(side.stack[side.frame - 1].function)) return false;
  // Owners of one object: what they free is that, unless a container gave them up.
  const auto called = short_name(side.stack[side.frame - 1].function);
  const bool owner =
      called.starts_with("std::shared_ptr") || called.starts_with("std::unique_ptr") ||
      called.starts_with("std::__shared_ptr") || called.starts_with("std::default_delete");
  bool deallocates = false;
  for (std::size_t i = 0; i < side.frame; ++i) {
    const auto name = short_name(side.stack[i].function);
    const bool owned =
        name.starts_with("std::default_delete") || name.starts_with("std::_Sp_counted");
    if (owned && owner) return false;
    deallocates = deallocates || owned;
    deallocates = deallocates || bare_name(side.stack[i].function) == "deallocate";
  }
  return deallocates;
}

bool frees_elements(const Side& side) {
  return frees_contents(side) && !bare_name(side.stack[side.frame - 1].function).starts_with('~');
}

bool is_end(const Report& report, const Side& a, const Side& b) {
  if (frees_elements(a) || frees_elements(b)) return false;
  return a.op == "free" || b.op == "free" ||
         report.kind.find("use-after-free") != std::string::npos;
}

bool is_allocation(const Side& side) {
  if (side.op != "write" || side.stack.empty()) return false;
  const auto name = bare_name(side.stack[0].function);
  return name.starts_with("operator new") || name.ends_with("alloc");
}

}  // namespace lab::report
