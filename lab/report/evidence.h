#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/classes.h"
#include "lab/report/own.h"
#include "lab/report/report.h"
#include "lab/report/sources.h"

// What a race report shows of who met on what: by this alone reports are joined.
namespace lab::report {

struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  bool empty() const { return begin >= end; }
  bool overlaps(const Range& other) const { return begin < other.end && other.begin < end; }
};

// A heap block, by how it came to be.
struct Block {
  // The place in own code, those that called it, and the library's functions below it; empty where
  // the report does not say. Who allocates for others, a pool, is known by its callers.
  std::string way;
  std::string maker;      // The function of own code, as identity() has it.
  bool elements = false;  // Of an array or a container: one thing, whatever its parts.
  Range part;             // What was raced on, from its beginning.

  // "Connection" where std::make_unique<Connection>() or its like made it; empty otherwise.
  std::string made_type() const;
};

struct Evidence {
  const Report* report = nullptr;
  Pair pair;  // Of those that are to be ordered: see evidence_of().
  std::string object;
  bool member = false;  // Of something, as its name or the lines show.
  std::string global;
  Range part;  // Of the global, from its beginning; addresses where the report does not give that.
  Block block;
  std::string memory;  // "stack main thread": which memory, as far as the report says.
  Range raced;         // Addresses; of one process alone.
  std::array<std::string, 2> places;     // Of first and second.
  std::array<std::string, 2> functions;  // As identity() has them.
  std::array<std::string, 2> scopes;
  std::array<std::string, 2> locks;  // That each held, by where they came to be; "" for none.
  bool freed = false;
  bool allocated =
      false;           // The write is an allocation: of a new block, or of one that is used again.
  bool ended = false;  // An object of its own is freed, not what a container has moved.
  // Whether first may write a pointer, or what holds one: no number that is counted up, and nothing
  // smaller than a pointer.
  bool writes_pointer = false;
  // Of what ends an object, a destructor or a free, or begins it, a constructor: the places in own
  // code that led to it, outermost last; and which side it is.
  std::string end;
  std::size_t ends = 2;

  bool own() const { return pair.first.own && pair.second.own; }
  bool in_class() const { return !scopes[0].empty() && scopes[0] == scopes[1]; }
};

// `object` as find_object_key() gives it. A destructor is run by whoever ends the object: it is he
// who is taken for the side, since two objects of a class that end in two places are two mistakes.
Evidence evidence_of(const Report& report, const Pair& pair, const std::string& object,
                     const Own& own, Classes& classes, Sources& sources);

// Whether the two sides of both held the same locks: what is missing in the one is missing in the
// other.
bool is_same_locking(const Evidence& a, const Evidence& b);
// Whether what the one is on may be the other's, or what leads to it: not where one is a global,
// and the other a block of its own; nor an object that is ended, unless the global is a pointer.
bool may_be_same_memory(const Evidence& a, const Evidence& b);
bool is_same_object(const Evidence& a, const Evidence& b);
bool is_same_memory(const Evidence& a, const Evidence& b);
// Whether the addresses show that they are on two blocks: the one is not in the block of the other.
bool are_apart(const Evidence& a, const Evidence& b);
// Whether the two blocks are known, and two.
bool are_other_blocks(const Evidence& a, const Evidence& b);

}  // namespace lab::report
