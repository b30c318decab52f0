// Reports: data race; data race
// The same two functions miss a lock each: two faults, though one object holds both members.
#include <memory>
#include <mutex>
#include <thread>

#include "order.h"

class Session {
 public:
  void update() {
    {
      std::lock_guard<std::mutex> lock(data_mutex_);
      ++data_;
    }
    ++log_;
  }
  void snapshot() {
    ++data_;
    std::lock_guard<std::mutex> lock(log_mutex_);
    ++log_;
  }

 private:
  std::mutex data_mutex_;
  std::mutex log_mutex_;
  long data_ = 0;
  long log_ = 0;
};

int main() {
  auto session = std::make_unique<Session>();
  std::thread first([&session] {
    session->update();
    step();
  });
  std::thread second([&session] {
    wait_for_step(1);
    session->snapshot();
  });
  first.join();
  second.join();
}
