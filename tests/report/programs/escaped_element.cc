// Reports: heap-use-after-free
// A pointer to an element leaves the lock; the element is erased under it.
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "order.h"

struct User {
  int age = 0;
};

class Directory {
 public:
  void add(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    users_[id].age = 30;
  }
  const User* find(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    return &users_.at(id);
  }
  void remove(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    users_.erase(id);
  }

 private:
  std::mutex mutex_;
  std::map<int, User> users_;
};

int main() {
  auto directory = std::make_unique<Directory>();
  directory->add(1);
  int age = 0;
  std::thread reader([&] {
    const auto* user = directory->find(1);
    step();
    wait_for_step(2);
    age = user->age;
  });
  std::thread remover([&] {
    wait_for_step(1);
    directory->remove(1);
    step();
  });
  reader.join();
  remover.join();
  return age < 0;
}
