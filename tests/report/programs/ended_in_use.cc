// Reports: data race; data race; data race
// An object is deleted while another thread is in it: its destructor's write, and the delete behind
// it, are one fault. A condition variable goes while it is notified.
#include <condition_variable>
#include <thread>

#include "order.h"

struct Base {
  virtual ~Base() = default;
  virtual int run() { return 0; }
  int jobs = 0;
};

struct Derived : Base {
  ~Derived() override {
    jobs = -1;
    step();
    wait_for_step(2);
  }
  int run() override { return ++jobs; }
};

struct Gate {
  std::condition_variable opened;
};

int main() {
  Base* base = new Derived;
  std::thread worker([base] {
    wait_for_step(1);
    volatile int count = base->run();
    static_cast<void>(count);
    step();
  });
  delete base;
  worker.join();

  auto* gate = new Gate;
  std::thread opener([gate] {
    gate->opened.notify_one();
    step();
  });
  wait_for_step(3);
  delete gate;
  opener.join();
}
