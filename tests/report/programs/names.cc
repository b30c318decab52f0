// Reports: data race...
// Names that are hard to read: templates, operators, lambdas in lambdas, no name at all.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "order.h"

namespace {

template <class Key, class Value>
class Table {
 public:
  Value& operator[](const Key& key) { return values_[key]; }
  explicit operator bool() const { return !values_.empty(); }

 private:
  std::map<Key, Value, std::less<Key>> values_;
};

}  // namespace

int main() {
  auto table = std::make_shared<Table<std::string, std::function<int(int)>>>();
  std::thread worker([table] {
    const auto inner = [&] { (*table)["a"] = [](int i) { return i; }; };
    inner();
    step();
  });
  wait_for_step(1);
  const bool full = static_cast<bool>(*table);
  worker.join();
  return full ? 0 : 1;
}
