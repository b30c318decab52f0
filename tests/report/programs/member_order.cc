// Reports: data race...
// A thread is declared before a member that it uses.
#include <thread>
#include <vector>

#include "order.h"

class Sampler {
 public:
  Sampler()
      : thread_([this] {
          wait_for_step(1);
          values_.push_back(1);
        }) {}
  ~Sampler() {
    step();
    thread_.join();
  }

 private:
  std::thread thread_;
  std::vector<int> values_ = {1, 2};
};

int main() { Sampler sampler; }
