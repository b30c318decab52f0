// Reports: data race
// A ring buffer whose positions are relaxed atomics: neither side is ordered after the other.
#include <atomic>
#include <memory>
#include <thread>

#include "order.h"

class Ring {
 public:
  void push(int value) {
    const auto head = head_.load(std::memory_order_relaxed);
    while (head - tail_.load(std::memory_order_relaxed) == 4) {
    }
    slots_[head % 4] = value;
    head_.store(head + 1, std::memory_order_relaxed);
  }
  int pop() {
    const auto tail = tail_.load(std::memory_order_relaxed);
    while (head_.load(std::memory_order_relaxed) == tail) {
    }
    const int value = slots_[tail % 4];
    tail_.store(tail + 1, std::memory_order_relaxed);
    return value;
  }

 private:
  std::atomic<unsigned> head_ = 0;
  std::atomic<unsigned> tail_ = 0;
  int slots_[4] = {};
};

int main() {
  auto ring = std::make_unique<Ring>();
  std::thread producer([&ring] { ring->push(1); });
  int popped = 0;
  std::thread consumer([&ring, &popped] { popped = ring->pop(); });
  producer.join();
  consumer.join();
  return popped - 1;
}
