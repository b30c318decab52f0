// Reports: data race...
// size() takes no lock, and may not: add() calls it under the lock.
#include <memory>
#include <mutex>
#include <thread>

#include "order.h"

class Backlog {
 public:
  void add() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (size() < 10) ++count_;
  }
  int size() const { return count_; }

 private:
  std::mutex mutex_;
  int count_ = 0;
};

int main() {
  auto backlog = std::make_unique<Backlog>();
  std::thread adder([&backlog] {
    backlog->add();
    step();
  });
  int seen = 0;
  std::thread reader([&backlog, &seen] {
    wait_for_step(1);
    seen = backlog->size();
  });
  adder.join();
  reader.join();
  return seen - 1;
}
