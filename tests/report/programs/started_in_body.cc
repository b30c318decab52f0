// Reports: data race...
// A constructor starts a thread in its body and goes on to fill what the thread reads. The thread
// is declared first, yet the order of the members has nothing to do with it.
#include <thread>
#include <vector>

#include "order.h"

class Sampler {
 public:
  Sampler() {
    thread_ = std::thread([this] {
      wait_for_step(1);
      values_.push_back(1);
    });
    values_.push_back(2);
    step();
  }
  ~Sampler() { thread_.join(); }

 private:
  std::thread thread_;
  std::vector<int> values_;
};

int main() { Sampler sampler; }
