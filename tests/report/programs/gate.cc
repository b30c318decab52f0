// Reports: lock-order-inversion (potential deadlock)
// Two locks in both orders, and a third around both: the circle never closes.
#include <mutex>
#include <thread>

std::mutex gate, accounts, journal;

void transfer() {
  const std::lock_guard alone(gate);
  const std::lock_guard outer(accounts);
  const std::lock_guard inner(journal);
}

void audit() {
  const std::lock_guard alone(gate);
  const std::lock_guard outer(journal);
  const std::lock_guard inner(accounts);
}

int main() {
  std::thread first(transfer);
  first.join();
  audit();
}
