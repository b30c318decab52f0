#pragma once

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace lab::measure {

// What a process is about, by its command line: "compile", "link", "in turn", "at once",
// "interleaved", "symbols", "up to date?", "vet", "test"; empty for what only waits or is not
// known.
std::string phase_of(const std::vector<std::string>& arguments);

// Watches, from outside, what the processes that this one started are doing: for how long at least
// one of each phase was alive, in seconds. Phases that run side by side count each in full, so
// that they may add up to more than the time that passed. Looks every two milliseconds.
class PhaseWatch {
 public:
  PhaseWatch();
  ~PhaseWatch();
  PhaseWatch(const PhaseWatch&) = delete;
  PhaseWatch& operator=(const PhaseWatch&) = delete;

  // Ends the watch. "rest" is when no known phase was alive.
  std::map<std::string, double> end();

 private:
  void look(std::stop_token stop);

  std::map<std::string, double> seconds_;  // Written by the thread alone, until it has ended.
  std::jthread thread_;
};

}  // namespace lab::measure
