// Reports: data race...
// Who follows a unique_ptr while another thread puts another object there.
#include <memory>
#include <thread>

#include "order.h"

struct Sink {
  int written = 0;
};

class Logger {
 public:
  void rotate() { sink_ = std::make_unique<Sink>(); }
  void write() { ++sink_->written; }

 private:
  std::unique_ptr<Sink> sink_ = std::make_unique<Sink>();
};

int main() {
  auto logger = std::make_unique<Logger>();
  std::thread writer([&] {
    logger->write();
    step();
  });
  std::thread rotator([&] {
    wait_for_step(1);
    logger->rotate();
    logger->write();
  });
  writer.join();
  rotator.join();
}
