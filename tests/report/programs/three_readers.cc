// Reports: data race...
// One writer takes the lock; of the readers none does.
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "order.h"

class Queue {
 public:
  void put(int job) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_.push_back(job);
    ++submitted_;
  }
  std::size_t pending() const { return jobs_.size(); }
  int oldest() const { return jobs_.empty() ? 0 : jobs_.front(); }
  int submitted() const { return submitted_; }

 private:
  std::mutex mutex_;
  std::vector<int> jobs_;
  int submitted_ = 0;
};

int main() {
  auto queue = std::make_unique<Queue>();
  std::thread writer([&queue] {
    queue->put(1);
    step();
  });
  std::size_t sum = 0;
  std::thread reader([&queue, &sum] {
    wait_for_step(1);
    sum += queue->pending();
    sum += static_cast<std::size_t>(queue->oldest() + queue->submitted());
  });
  writer.join();
  reader.join();
  return sum == 3 ? 0 : 1;
}
