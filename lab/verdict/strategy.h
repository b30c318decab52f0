#pragma once

#include <string>
#include <vector>

#include "lab/verdict/events.h"

namespace lab::verdict {

// Which strategy a collector uses, told from what it did under the explorer in all tests, never
// from its text: "mutex", "rwlock", "sharded_map", "message_passing", or "other" (atomics,
// call_once, a library's map). Empty when nothing was explored.
//
// The rules, the first that holds:
//  - one place in the code takes several locks of one collector, or they lie in it as in an array:
//    shards;
//  - a read-write lock is taken for reading;
//  - a thread of the collector's own waits for messages, a test's thread waits for its answer, and
//    no mutex is there but those of the queues: messages;
//  - the collector starts threads that send back what they made, for which a test's thread waits;
//  - a mutex; anything else.
//
// Not to be told apart: a queue beside a mutex that guards the data all the same is a mutex; so are
// shards on the heap that no loop visits, and a mutex for writers with an atomic for readers.
std::string strategy_of(const std::vector<Events::Explored>& explored);

}  // namespace lab::verdict
