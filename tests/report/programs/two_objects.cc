// Reports: data race; data race
// Two objects of their own, met by the same two calls: what guards the one guards not the other.
#include <memory>
#include <thread>

#include "order.h"

struct Session {
  long messages = 0;
};

struct Throttle {
  long budget = 0;
};

void serve(Session& session, Throttle& throttle) {
  ++session.messages;
  ++throttle.budget;
}

int main() {
  auto session = std::make_unique<Session>();
  auto throttle = std::make_unique<Throttle>();
  std::thread first([&] {
    serve(*session, *throttle);
    step();
  });
  std::thread second([&] {
    wait_for_step(1);
    serve(*session, *throttle);
  });
  first.join();
  second.join();
}
