// Reports: race on a library object
// The library has registered a header of its own.
#include <thread>

#include "order.h"

extern "C" {
void* __tsan_external_register_tag(const char* object_type);
void __tsan_external_register_header(void* tag, const char* header);
void __tsan_external_write(void* address, void* caller, void* tag);
}

long object = 0;

int main() {
  void* tag = __tsan_external_register_tag("Cache");
  __tsan_external_register_header(tag, "race on a library object");
  std::thread changer([=] {
    __tsan_external_write(&object, __builtin_return_address(0), tag);
    step();
  });
  wait_for_step(1);
  __tsan_external_write(&object, __builtin_return_address(0), tag);
  changer.join();
}
