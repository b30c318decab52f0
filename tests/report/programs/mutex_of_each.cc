// Reports: data race
// What all objects share, each guards by a mutex of its own.
#include <memory>
#include <mutex>
#include <thread>

#include "order.h"

class Widget {
 public:
  void paint() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++painted_;
  }

 private:
  static int painted_;
  std::mutex mutex_;
};

int Widget::painted_ = 0;

int main() {
  auto one = std::make_unique<Widget>();
  auto other = std::make_unique<Widget>();
  std::thread first([&] {
    one->paint();
    step();
  });
  std::thread second([&] {
    wait_for_step(1);
    other->paint();
  });
  first.join();
  second.join();
}
