// Reports: data race...
// Callbacks are called from a list that another thread adds to, under a lock.
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "order.h"

class Bus {
 public:
  void subscribe(std::function<void(int)> handler) {
    std::lock_guard<std::mutex> lock(mutex_);
    handlers_.push_back(std::move(handler));
  }
  void publish(int event) {
    for (auto& handler : handlers_) handler(event);
  }

 private:
  std::mutex mutex_;
  std::vector<std::function<void(int)>> handlers_;
};

int main() {
  Bus bus;
  std::thread subscriber([&bus] {
    bus.subscribe([](int) {});
    step();
  });
  std::thread publisher([&bus] {
    wait_for_step(1);
    bus.publish(1);
  });
  subscriber.join();
  publisher.join();
}
