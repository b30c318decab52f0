// Reports: data race...
// A view of what a lock guards is used when the lock is free again.
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "order.h"

class Banner {
 public:
  std::string_view text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  void change(char c) {
    const std::lock_guard lock(mutex_);
    text_[0] = c;
  }

 private:
  std::mutex mutex_;
  std::string text_ = "a text that is too long to be kept in the string itself";
};

int width(std::string_view text) {
  int sum = 0;
  for (const char c : text) sum += c;
  return sum;
}

volatile int widths = 0;

int main() {
  Banner banner;
  std::thread reader([&] {
    const auto text = banner.text();
    step();
    wait_for_step(2);
    widths = width(text);
  });
  wait_for_step(1);
  banner.change('b');
  step();
  reader.join();
}
