// Reports: data race
// A lock of one's own, whose unlock() hands nothing over.
#include <atomic>
#include <thread>

class SpinLock {
 public:
  void lock() {
    while (busy_.exchange(true, std::memory_order_relaxed)) std::this_thread::yield();
  }
  void unlock() { busy_.store(false, std::memory_order_relaxed); }

 private:
  std::atomic<bool> busy_ = false;
};

class Sum {
 public:
  void add(long value) {
    lock_.lock();
    sum_ += value;
    lock_.unlock();
  }

 private:
  SpinLock lock_;
  long sum_ = 0;
};

int main() {
  Sum sum;
  std::thread first([&] { sum.add(1); });
  std::thread second([&] { sum.add(2); });
  first.join();
  second.join();
}
