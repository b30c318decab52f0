// Reports: data race
// A number is looked at, and looked at again under the lock: nothing is made there.
#include <mutex>
#include <thread>

#include "order.h"

class Ring {
 public:
  void add(int value) {
    if (used_ > 50) {
      const std::lock_guard lock(mutex_);
      if (used_ > 50) used_ = 0;
    }
    const std::lock_guard lock(mutex_);
    data_[used_++ % 64] = value;
  }

 private:
  std::mutex mutex_;
  int data_[64] = {};
  int used_ = 0;
};

int main() {
  Ring ring;
  std::thread first([&] {
    ring.add(1);
    step();
  });
  wait_for_step(1);
  ring.add(2);
  first.join();
}
