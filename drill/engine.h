#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "drill/drill.h"

namespace drill {

// How concurrently() runs its functions, chosen from outside the contract. The runner executes a
// test's body once a round until the engine wants no more:
//   engine.begin_test(name); do { engine.begin_round(); <body>; } while (engine.end_round(failed));
// All calls come from the main thread. Nothing here assumes that ThreadSanitizer's runtime is the
// one linked.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string_view name() const = 0;  // "in_turn", "at_once", "interleaved"
  // Tests whose name begins with "Load" are only for free-running engines: too large for the
  // others, and for the detector's history.
  virtual bool runs_load_tests() const = 0;
  virtual void begin_test(std::string_view test) = 0;
  virtual void begin_round() = 0;
  virtual void run(Functions functions) = 0;
  // True when the body is to be executed again. `failed`: this round had a failed expectation.
  virtual bool end_round(bool failed) = 0;
};

struct Limits {
  int limit_seconds = 10;  // For one concurrently() of few functions; see drill.h.
  int repeats = 20;        // Rounds of at_once.
};

// Every order of a drill's functions, one after the other. The threads are ordered by relaxed
// atomics only, which ThreadSanitizer does not take for synchronisation (its own tests do the
// same).
std::unique_ptr<Engine> make_in_turn(const Limits& limits);
// Free-running, released together, repeated.
std::unique_ptr<Engine> make_at_once(const Limits& limits);

// "Suite.LoadOfARecordedSession" is a load test.
bool is_load_test(std::string_view test);

// The engine that concurrently() uses now; set by the runner. Main thread only.
void set_engine(Engine* engine);

}  // namespace drill
