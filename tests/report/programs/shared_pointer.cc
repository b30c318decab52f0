// Reports: data race...
// Who follows a shared_ptr while another thread assigns it.
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "order.h"

struct Config {
  std::map<std::string, int> values;
};

class Server {
 public:
  void reload() {
    auto fresh = std::make_shared<Config>();
    fresh->values["generation"] = 2;
    config_ = fresh;
  }
  int handle() const {
    auto config = config_;
    return config->values.at("generation");
  }

 private:
  std::shared_ptr<Config> config_ = std::make_shared<Config>();
};

int main() {
  Server server;
  std::thread reloader([&server] {
    server.reload();
    step();
  });
  std::thread worker([&server] {
    wait_for_step(1);
    server.handle();
  });
  reloader.join();
  worker.join();
}
