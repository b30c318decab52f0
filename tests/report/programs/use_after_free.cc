// Reports: heap-use-after-free
// Memory is read after another thread has freed it.
#include <thread>

#include "order.h"

struct Record {
  int size = 0;
};

Record* make() { return new Record; }

int main() {
  Record* record = make();
  std::thread owner([record] {
    delete record;
    step();
  });
  wait_for_step(1);
  const int size = record->size;
  owner.join();
  return size == 12345 ? 1 : 0;
}
