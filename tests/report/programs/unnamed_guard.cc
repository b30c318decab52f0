// Reports: data race
// The guard is a temporary: it unlocks at the end of its line.
#include <memory>
#include <mutex>
#include <thread>

#include "order.h"

class Account {
 public:
  void deposit() {
    std::lock_guard<std::mutex>{mutex_};
    ++balance_;
  }
  int balance() {
    std::lock_guard<std::mutex> lock(mutex_);
    return balance_;
  }

 private:
  std::mutex mutex_;
  int balance_ = 0;
};

int main() {
  auto account = std::make_unique<Account>();
  int seen = 0;
  std::thread writer([&] {
    account->deposit();
    step();
  });
  std::thread reader([&] {
    wait_for_step(1);
    seen = account->balance();
  });
  writer.join();
  reader.join();
  return seen - 1;
}
