// Reports: data race...
// A container of the standard library: many reports of one missing lock.
#include <string>
#include <thread>
#include <vector>

#include "order.h"

class Log {
 public:
  void add(const std::string& line) { lines_.push_back(line); }
  bool empty() const { return lines_.empty(); }

 private:
  std::vector<std::string> lines_;
};

int main() {
  auto* log = new Log;
  std::thread adder([&] {
    log->add("a line that is too long to be stored in place");
    step();
  });
  wait_for_step(1);
  if (!log->empty()) log->add("another");
  adder.join();
  delete log;
}
