// Reports: data race
// What a waiter waits for is changed without the mutex of the wait.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "order.h"

class Gate {
 public:
  void open() {
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!open_) {
      step();
      changed_.wait_for(lock, std::chrono::milliseconds(10));
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

int main() {
  auto gate = std::make_unique<Gate>();
  std::thread waiter([&gate] { gate->wait(); });
  wait_for_step(1);
  gate->open();
  waiter.join();
}
