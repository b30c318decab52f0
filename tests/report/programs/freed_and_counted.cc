// Reports: data race...
// A track is unloaded while it plays; and a meter is counted by both, which is another matter.
#include <memory>
#include <thread>

#include "order.h"

struct Track {
  float gain = 1;
};

struct Meter {
  int peaks = 0;
};

float play(const Track* track, Meter* meter) {
  ++meter->peaks;
  return track->gain;
}

void unload(Track* track, Meter* meter) {
  meter->peaks = 0;
  delete track;
}

int main() {
  auto meter = std::make_unique<Meter>();
  auto* track = new Track;
  float gain = 0;
  std::thread player([&] {
    gain = play(track, meter.get());
    step();
  });
  wait_for_step(1);
  unload(track, meter.get());
  player.join();
  return gain == 1 ? 0 : 1;
}
