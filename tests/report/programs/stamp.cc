// Reports: data race...
// A relaxed atomic that tells a time beside data that nothing orders.
#include <atomic>
#include <thread>
#include <vector>

#include "order.h"

class Sensor {
 public:
  void push(int value, long now) {
    values_.push_back(value);
    last_ms_.store(now, std::memory_order_relaxed);
  }
  long report() const {
    long age = 1000 - last_ms_.load(std::memory_order_relaxed);
    for (const int value : values_) age += value;
    return age;
  }

 private:
  std::atomic<long> last_ms_ = 0;
  std::vector<int> values_;
};

int main() {
  Sensor sensor;
  std::thread first([&] {
    sensor.push(1, 10);
    step();
  });
  wait_for_step(1);
  [[maybe_unused]] const volatile long told = sensor.report();
  first.join();
}
