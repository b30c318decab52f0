// Reports: data race on vptr (ctor/dtor vs virtual call); data race
// Reports, gcc-12: data race...
// A base starts the thread that uses the whole object.
#include <memory>
#include <thread>

#include "order.h"

class Poller {
 public:
  Poller() : thread_([this] { loop(); }) {}
  virtual ~Poller() = default;
  void join() { thread_.join(); }
  virtual void poll() = 0;

 private:
  void loop() {
    wait_for_step(1);
    poll();
  }

  std::thread thread_;
};

class DiskPoller : public Poller {
 public:
  void poll() override { ++count_; }

 private:
  int count_ = 0;
};

int main() {
  auto poller = std::make_unique<DiskPoller>();
  step();
  poller->join();
}
