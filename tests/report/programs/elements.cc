// Reports: data race...
// A list grows under its lock while another thread walks it without.
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "order.h"

class Swarm {
 public:
  void join(int peer) {
    std::lock_guard<std::mutex> lock(mutex_);
    peers_.push_back(peer);
  }
  int sum() const {
    int sum = 0;
    for (const int peer : peers_) sum += peer;
    return sum;
  }

 private:
  std::mutex mutex_;
  std::vector<int> peers_ = std::vector<int>(4, 1);
};

int main() {
  auto swarm = std::make_unique<Swarm>();
  int sum = 0;
  std::thread reader([&swarm, &sum] {
    sum = swarm->sum();
    step();
  });
  std::thread writer([&swarm] {
    wait_for_step(1);
    swarm->join(2);
  });
  reader.join();
  writer.join();
  return sum - 4;
}
