// Reports: data race...
// A log and a cache, filled by one function: two lists without a lock each.
#include <map>
#include <memory>
#include <thread>
#include <vector>

#include "order.h"

struct Cache {
  std::map<int, int> hosts;
};

struct Log {
  std::vector<int> lines;
};

void resolve(Cache& cache, Log& log, int host) {
  log.lines.push_back(host);
  cache.hosts[host] = host;
}

int main() {
  auto cache = std::make_unique<Cache>();
  auto log = std::make_unique<Log>();
  std::thread first([&] {
    resolve(*cache, *log, 1);
    step();
  });
  std::thread second([&] {
    wait_for_step(1);
    resolve(*cache, *log, 2);
  });
  first.join();
  second.join();
}
