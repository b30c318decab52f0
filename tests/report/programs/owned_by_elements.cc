// Reports: data race...
// The elements that are erased own what is used: the lock is missing where they are erased.
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "order.h"

struct Player {
  int health = 1;
};

class World {
 public:
  World() { players_[1] = std::make_shared<Player>(); }
  void leave(int id) { players_.erase(id); }
  int alive() {
    const std::lock_guard lock(mutex_);
    int alive = 0;
    for (const auto& [id, player] : players_) alive += player->health > 0;
    return alive;
  }

 private:
  std::mutex mutex_;
  std::map<int, std::shared_ptr<Player>> players_;
};

volatile int seen = 0;

int main() {
  World world;
  std::thread first([&] {
    seen = world.alive();
    step();
  });
  wait_for_step(1);
  world.leave(1);
  first.join();
}
