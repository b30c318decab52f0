#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "drill/explore/scheduler.h"

namespace drill::explore {

// One thing that an operation reads or changes: an object's value, or the queue of those who wait
// for it. To wake nobody leaves the value alone, and to change the value leaves the queue alone.
struct Touch {
  int place;
  bool write;
};

// What an operation touches: at most what it may, before it is known how it turns out.
struct Touches {
  static constexpr int kMax = 12;
  std::array<Touch, kMax> at;
  int count = 0;

  void add(const Object& object, bool queue, bool write);
};
Touches touches_of(const Operation& operation, int slot);

// Whether swapping two neighbouring operations of different threads can be told.
bool are_dependent(const Touches& a, const Touches& b);

// A point of a schedule at which others could have run.
struct Node {
  std::uint32_t step;
  int chosen;
  int by_default;  // Who runs here in the schedule that this one branched from.
  int current;
  bool current_stays;
  bool pointless;            // Preempting here leads nowhere new.
  bool may_go_on;            // The current thread has come to rest, and may be let go on.
  std::uint64_t candidates;  // Bit a slot: could have run instead.
  int preemptions;           // Before it.
  std::uint64_t fingerprint;
  std::uint64_t context;   // A hash of what else decides who may run from here on.
  std::uint64_t past = 0;  // A hash of the partial order of all that happened before it.
};

// The operations of one schedule that depend on each other, and where others would have to run for
// them to come in the other order: the places from which schedules that are not equivalent start.
//
// This is the reduction of Coons, Musuvathi and McKinley, "Bounded Partial-Order Reduction" (OOPSLA
// 2013) for preemption bounds. For an operation b of thread u and each other thread t, let a be t's
// last operation that b depends on, that nothing else orders before b and that did not make b
// possible. Then u is to be tried before a and, since a preemption there may be one too many, at
// the beginning of t's turn in which a lies and where t last yielded. If u could not run there, who
// led it to b is tried, and if nobody did, all who could.
class Races {
 public:
  void clear();
  void note(const Node& node);
  // `thread` carries out its pending operation, or could not and is blocked.
  void note(const Thread& thread, bool blocked);
  // What was noted last has changed `object` or published its past there.
  void note_write(const Object& object);

  const std::vector<Node>& nodes() const { return nodes_; }
  void for_each_reversal(const std::function<void(const Node&, int slot)>& reverse);
  // After it: a hash of the schedule's partial order. Equal for two schedules when they differ only
  // in the order of operations that do not depend on each other.
  std::uint64_t order() const;

 private:
  static constexpr int kNone = -1;
  struct Event {
    int slot;
    OpKind kind;
    bool blocked;
    std::uint64_t enabled;  // Bit a slot: could run here.
    int peer;               // The thread that it creates or joins.
    Touches touches;
    std::array<int, Touches::kMax> earlier;  // The thread's event before that touches the same.
    int node;    // The point that let it in, or kNone: nobody else could have run.
    int turn;    // Event with which its thread's turn began.
    int yields;  // The last of the turn that gave others a chance for nothing.
  };
  // For each thread the last of its events that is ordered before something.
  using Past = std::array<int, kThreadsMax>;
  struct Place {
    Past last;              // The last event of each thread there.
    Past written;           // What is ordered before those who read it from now on,
    Past read;              // and, with these, before those who write it.
    std::uint64_t writer;   // A hash of the last write's past,
    std::uint64_t readers;  // and of those of the reads since, whatever their order.
  };
  using Reverse = std::function<void(const Node&, int slot)>;

  static void join(Past& past, const Past& other);
  void reverse_before(int event, int j, const Past& past, const Reverse& reverse) const;
  void try_at(int event, int slot, const Past& past, const Reverse& reverse) const;
  void find_reversals(int j, const Reverse& reverse) const;
  void advance(int j);
  std::uint64_t hash_of_past(const Event& event) const;

  std::vector<Node> nodes_;
  std::vector<Event> events_;
  std::vector<Place> places_;
  std::vector<Past> pasts_;            // Of each thread.
  std::vector<int> previous_;          // Of each thread: its last event that was carried out.
  std::vector<std::uint64_t> hashes_;  // Of each thread's past.
  std::uint32_t node_step_ = 0;
};

}  // namespace drill::explore
