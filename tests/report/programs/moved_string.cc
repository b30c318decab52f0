// Reports: data race...
// A string that is made elsewhere, and moved to where others read it.
#include <string>
#include <thread>
#include <utility>

#include "order.h"

class Status {
 public:
  void set(std::string text) { last_ = std::move(text); }
  std::string get() const { return last_; }

 private:
  std::string last_ = "nothing so far, and that for quite a while";
};

int main() {
  Status status;
  std::thread writer([&status] {
    std::string text = "a status that does not fit into a string itself";
    text += ", and more of it";
    status.set(std::move(text));
    step();
  });
  std::thread reader([&status] {
    wait_for_step(1);
    status.get();
  });
  writer.join();
  reader.join();
}
