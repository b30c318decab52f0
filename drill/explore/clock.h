#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace drill::explore {

// Threads that one schedule may start, with the test's own.
inline constexpr int kThreadsMax = 64;

// How many slots the schedules so far have used. Clocks beyond it are zero, so joins stop there.
inline int slots_in_use = 1;

// A vector clock: for each thread, how much of its past is ordered before the owner's present.
// "FastTrack: Efficient and Precise Dynamic Race Detection", Flanagan and Freund, PLDI 2009.
class VectorClock {
 public:
  void join(const VectorClock& other) {
    for (int i = 0; i < slots_in_use; ++i) {
      if (other.at_[i] > at_[i]) at_[i] = other.at_[i];
    }
  }
  void tick(int slot) { ++at_[slot]; }
  void set(int slot, std::uint32_t time) { at_[slot] = time; }
  void clear() { at_.fill(0); }
  std::uint32_t operator[](int slot) const { return at_[slot]; }

 private:
  std::array<std::uint32_t, kThreadsMax> at_{};
};

}  // namespace drill::explore
