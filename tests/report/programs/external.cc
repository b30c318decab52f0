// Reports: race on Registry; Swift access race
// Objects of a library that is annotated, and whose callers must take turns.
#include <thread>

#include "order.h"

extern "C" {
void* __tsan_external_register_tag(const char* object_type);
void __tsan_external_register_header(void* tag, const char* header);
void __tsan_external_assign_tag(void* address, void* tag);
void __tsan_external_read(void* address, void* caller, void* tag);
void __tsan_external_write(void* address, void* caller, void* tag);
}

void* const tag = __tsan_external_register_tag("Registry");
void* const swift = reinterpret_cast<void*>(1);

struct Registry {
  long entries[4] = {};
};

__attribute__((noinline)) void change(Registry* registry, void* as) {
  __tsan_external_write(registry, __builtin_return_address(0), as);
}

__attribute__((noinline)) void look(Registry* registry, void* as) {
  __tsan_external_read(registry, __builtin_return_address(0), as);
}

void race(Registry* registry, void* as, int begin) {
  std::thread changer([=] {
    change(registry, as);
    step();
  });
  wait_for_step(begin + 1);
  look(registry, as);
  changer.join();
}

int main() {
  auto* registry = new Registry;
  __tsan_external_assign_tag(registry, tag);
  race(registry, tag, 0);
  auto* variable = new Registry;
  race(variable, swift, 1);
}
