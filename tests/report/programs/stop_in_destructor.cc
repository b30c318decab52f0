// Reports: data race
// A destructor tells its thread to end by a plain flag, and joins it.
#include <memory>
#include <thread>

#include "order.h"

class Ticker {
 public:
  Ticker() : thread_([this] { run(); }) {}
  ~Ticker() {
    stop_ = true;
    step();
    thread_.join();
  }

 private:
  void run() {
    while (!stop_) {
      step();
      wait_for_step(2);
    }
  }

  bool stop_ = false;
  std::thread thread_;
};

int main() {
  auto ticker = std::make_unique<Ticker>();
  wait_for_step(1);
  ticker.reset();
}
