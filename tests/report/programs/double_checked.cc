// Reports: data race...
// The pointer is looked at without the lock, and what it leads to is read by the caller.
#include <mutex>
#include <string>
#include <thread>

#include "order.h"

struct Config {
  std::string name = "longer than what a string holds within itself";
  int retries = 3;
};

class Registry {
 public:
  Config* get() {
    if (instance_ == nullptr) {
      const std::lock_guard lock(mutex_);
      if (instance_ == nullptr) instance_ = new Config;
    }
    return instance_;
  }

 private:
  std::mutex mutex_;
  Config* instance_ = nullptr;
};

int main() {
  Registry registry;
  std::thread first([&] {
    registry.get();
    step();
  });
  wait_for_step(1);
  const auto* config = registry.get();
  const auto seen = config->retries + config->name.size();
  first.join();
  return seen > 3 ? 0 : 1;
}
