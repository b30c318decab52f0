// Reports: unlock of an unlocked mutex (or by a wrong thread); data race
// A mutex as a signal: one thread locks, another unlocks.
#include <mutex>
#include <thread>

#include "order.h"

class Gate {
 public:
  Gate() { mutex_.lock(); }
  void open() { mutex_.unlock(); }
  void pass() { mutex_.lock(); }

 private:
  std::mutex mutex_;
};

int main() {
  Gate gate;
  int payload = 0;
  std::thread giver([&] {
    payload = 42;
    gate.open();
  });
  gate.pass();
  const int taken = payload;
  giver.join();
  return taken == 42 ? 0 : 1;
}
