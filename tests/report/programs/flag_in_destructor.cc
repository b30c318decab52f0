// Reports: data race...
// A destructor tells its thread to end, and joins it: only the mutex of the wait is missing.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "order.h"

class Pool {
 public:
  Pool() : thread_([this] { run(); }) {}
  ~Pool() {
    done_ = true;
    changed_.notify_all();
    thread_.join();
  }

 private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!done_) {
      step();
      changed_.wait_for(lock, std::chrono::milliseconds(5));
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

int main() {
  auto pool = std::make_unique<Pool>();
  wait_for_step(1);
  pool.reset();
}
