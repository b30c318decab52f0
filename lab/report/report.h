#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lab::report {

// One ThreadSanitizer report, as data. Text that a report did not give is empty, numbers are 0.

struct Frame {
  std::string function;  // Demangled, whole.
  std::string file;
  int line = 0;
  int column = 0;
  std::string module;
  std::uint64_t offset = 0;
  std::string build_id = {};  // Of the module, hexadecimal; gcc's runtime does not say.
};

using Stack = std::vector<Frame>;  // Innermost first.

struct HeldMutex {
  std::string id;         // "M0"
  bool write = true;      // False: held for reading.
  std::string name = {};  // As a Side has it: what the source calls it, where that is known.
  std::string own = {};   // The name that several of the report have, each object's its own.
};

struct Access {
  std::string op;  // "read", "write"
  bool atomic = false;
  bool previous = false;
  std::uint64_t size = 0;
  std::uint64_t address = 0;
  std::string object;  // What an annotated library calls it: "Swift variable"; empty otherwise.
  std::string thread;  // "main thread", "T1"
  std::vector<HeldMutex> mutexes;
  Stack stack;
  bool stack_lost = false;  // "[failed to restore the stack]"
};

struct Location {
  std::string kind;  // "global", "heap", "stack", "tls", "fd"
  std::string name;  // Of a global, a file descriptor's number, an annotated object's type.
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::string thread;      // Allocated by, stack of, TLS of, created by.
  bool destroyed = false;  // A file descriptor that was closed: `stack` is where.
  Stack stack;
};

struct Mutex {
  std::string id;
  std::uint64_t address = 0;
  bool destroyed = false;  // "is already destroyed"
  Stack created;
};

struct Thread {
  std::string id;  // "T1"
  std::string name;
  std::string state;  // "running", "finished"
  std::uint64_t os_id = 0;
  std::string creator;
  Stack created;
};

// One edge of a lock-order cycle: `acquired` was taken here while `held` was held.
struct LockEdge {
  std::string acquired;
  std::string held;
  std::string thread;
  Stack acquired_at;
  Stack held_at;  // With second_deadlock_stack=1.
};

struct Report {
  std::string kind;  // As the header says: "data race", "lock-order-inversion (potential deadlock)"
  int pid = 0;
  std::string test;  // The GoogleTest case that was running, where known.
  std::vector<Access> accesses;
  std::vector<Stack> stacks;  // Of kinds that have stacks but no access.
  std::vector<Location> locations;
  std::vector<Mutex> mutexes;
  std::vector<Thread> threads;
  std::vector<std::string> cycle;  // "M0", "M1", "M0"
  std::vector<LockEdge> edges;
  bool via_sleep = false;  // "As if synchronized via sleep"
  Stack slept;
  int more = 0;        // "And N more similar thread leaks."
  bool fatal = false;  // "==pid==ERROR: ThreadSanitizer: SEGV": a signal, not a report.
  std::string summary;
  std::string text;  // The report as it was printed.
  bool truncated = false;
};

// Whether the two accesses are not to the same memory: then the lines of two reports are mixed, and
// nothing follows from them.
inline bool is_mixed(const Report& report) {
  if (report.accesses.size() < 2 || report.fatal) return false;
  const auto& a = report.accesses[0];
  const auto& b = report.accesses[1];
  if (a.size == 0 || b.size == 0 || !a.object.empty()) return false;
  return a.address + a.size <= b.address || b.address + b.size <= a.address;
}

}  // namespace lab::report
