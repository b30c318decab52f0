// Reports: data race
// What is counted beside a wait is not what is waited for.
#include <condition_variable>
#include <mutex>
#include <thread>

class Barrier {
 public:
  void arrive() {
    {
      const std::lock_guard lock(mutex_);
      ready_ = true;
    }
    changed_.notify_all();
    ++arrivals_;
  }
  long wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready_; });
    return arrivals_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ready_ = false;
  long arrivals_ = 0;
};

int main() {
  Barrier barrier;
  std::thread first([&] { barrier.arrive(); });
  barrier.wait();
  first.join();
}
