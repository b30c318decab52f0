#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "drill/explore/scheduler.h"

namespace drill::explore {

// Whether swapping two neighbouring operations of different threads can be told.
bool are_dependent(const Operation& a, const Operation& b);

// A point of a schedule at which others could have run.
struct Node {
  std::uint32_t step;
  int chosen;
  int by_default;  // Who runs here in the schedule that this one branched from.
  int current;
  bool current_stays;
  bool pointless;            // Preempting here leads nowhere new.
  std::uint64_t candidates;  // Bit a slot: could have run instead.
  int preemptions;           // Before it.
  std::uint64_t fingerprint;
};

// The operations of one schedule that depend on each other, and where others would have to run for
// them to come in the other order: the places from which schedules that are not equivalent start.
//
// This is the reduction of Coons, Musuvathi and McKinley, "Bounded Partial-Order Reduction" (OOPSLA
// 2013) for preemption bounds. For an operation b of thread u and each other thread t, let a be t's
// last operation before b that b depends on. Then u is to be tried before a and, since a preemption
// there may be one too many, at the beginning of t's turn in which a lies and where t last yielded.
// If u could not run there, all who could are tried.
class Races {
 public:
  void clear();
  void note(const Node& node);
  // `thread` carries out its pending operation, or could not and is blocked.
  void note(const Thread& thread, bool blocked);
  // What was noted last has changed its object.
  void note_write() { events_.back().writes = true; }

  const std::vector<Node>& nodes() const { return nodes_; }
  void for_each_reversal(const std::function<void(const Node&, int slot)>& reverse) const;

 private:
  static constexpr int kNone = -1;
  struct Event {
    int slot;
    OpKind kind;
    bool blocked;
    bool writes;
    int peer;                    // The thread that it creates or joins.
    std::array<int, 2> objects;  // Numbers in objects_, or kNone.
    int node;                    // The point that let it in, or kNone: nobody else could have run.
    int turn;                    // Event with which its thread's turn began.
    int yields;                  // The last of the turn that gave others a chance for nothing.
  };
  // Of one object: the last event of each thread.
  struct Last {
    std::array<int, kThreadsMax> read, write, acquire;
  };

  // Which events of which threads are ordered before the present of each thread by its creation and
  // by joins, in every schedule.
  using Order = std::vector<std::array<int, kThreadsMax>>;

  int number_of(const Object* object);
  static void advance(Order& order, const Event& event, int at);

  std::vector<Node> nodes_;
  std::vector<Event> events_;
  std::vector<const Object*> objects_;
  std::uint32_t node_step_ = 0;
};

}  // namespace drill::explore
