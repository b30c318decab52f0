// Reports: data race...
// A pool takes connections back without its lock: who gets one next is not ordered after who had
// it.
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "order.h"

struct Connection {
  int uses = 0;
};

class Pool {
 public:
  Pool() { idle_.push_back(std::make_unique<Connection>()); }
  std::unique_ptr<Connection> acquire() {
    std::lock_guard<std::mutex> lock(mutex_);
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  void release(std::unique_ptr<Connection> connection) { idle_.push_back(std::move(connection)); }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

void work(Pool& pool) {
  auto connection = pool.acquire();
  ++connection->uses;
  pool.release(std::move(connection));
}

int main() {
  auto pool = std::make_unique<Pool>();
  std::thread first([&pool] {
    work(*pool);
    step();
  });
  std::thread second([&pool] {
    wait_for_step(1);
    work(*pool);
  });
  first.join();
  second.join();
}
