#pragma once

#include <cstddef>

// How large the collector is that a pair was built with, in bytes. The explorer tells by it which
// locks lie in one collector, and which in two (drill/explore/usage.h); nobody else asks.
extern "C" [[gnu::weak]] void racelab_note_collector_size(std::size_t size);

namespace drill {

inline bool note_collector_size(std::size_t size) {
  if (racelab_note_collector_size) racelab_note_collector_size(size);
  return true;
}

}  // namespace drill

// Stands in a pair's collector.h, which is generated, behind the variant.
#define DRILL_NOTE_COLLECTOR_SIZE(scenario)                 \
  namespace scenario {                                      \
  [[maybe_unused]] static const bool noted_collector_size = \
      ::drill::note_collector_size(sizeof(Collector));      \
  }
