// Reports: data race...
// A pointer is put in place with nothing that orders its readers.
#include <thread>

#include "order.h"

struct Settings {
  int timeout = 10;
};

Settings* current = new Settings;

void reload() {
  auto* fresh = new Settings;
  fresh->timeout = 20;
  current = fresh;
}

int use() {
  const Settings* settings = current;
  return settings->timeout;
}

int main() {
  std::thread reloader([] {
    reload();
    step();
  });
  int used = 0;
  std::thread worker([&used] {
    wait_for_step(1);
    used = use();
  });
  reloader.join();
  worker.join();
  return used - 20;
}
