#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "lab/report/explain.h"
#include "lab/report/format/formats.h"
#include "tests/report/kept.h"
#include "tests/report/logs.h"

namespace lab::report {
namespace {

std::string text(const std::string& log) {
  Told told(log);
  std::ostringstream out;
  write_text(out, told.reports, told.causes, told.context, {.width = 2000});
  return out.str();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A race of two lines of a file without columns, as gcc prints it; `caller`: a line of a function
// that called the writer, 0 for none.
std::string race_log(const std::string& file, int write, const std::string& write_locks, int read,
                     const std::string& read_locks = "", int caller = 0) {
  const auto held = [](const std::string& locks) {
    return locks.empty() ? "" : " (mutexes: " + locks + ")";
  };
  const auto called =
      caller == 0 ? std::string() : fmt::format("    #1 all() {}:{} (a+0x3)\n", file, caller);
  return fmt::format(
      "WARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 4 at 0x10 by thread T2{1}:\n    #0 put() {0}:{2} (a+0x1)\n{5}\n"
      "  Previous read of size 4 at 0x10 by thread T1{3}:\n    #0 get() {0}:{4} (a+0x2)\n\n"
      "SUMMARY: ThreadSanitizer: data race {0} in put()\n",
      file, held(write_locks), write, held(read_locks), read, called);
}

TEST(Patterns, NameDoubleCheckedLocking) {
  for (const std::string compiler : {"clang-14", "clang-19", "gcc-12"}) {
    const auto told = text(kept_log(compiler, "double_checked", true));
    EXPECT_TRUE(has(told, "Registry::get() looks at instance_ at")) << told;
    EXPECT_TRUE(has(told, "std::call_once")) << told;
    // Of the source that is not at hand nothing is said.
    EXPECT_FALSE(has(text(kept_log(compiler, "double_checked", false)), "Double-checked"));
  }
}

// A look without the lock is not double-checked where nobody looks again.
TEST(Patterns, NameNoDoubleCheckWithoutASecondLook) {
  const std::string file = testing::TempDir() + "checked.cc";
  const auto log = [&](const std::string& second) {
    std::ofstream(file) << "void put() {\n"
                           "  if (!made) {\n"
                           "    std::lock_guard lock(mutex);\n"
                           "    "
                        << second
                        << "made = true;\n"
                           "  }\n"
                           "}\n";
    return race_log(file, 4, "write M0", 2);
  };
  EXPECT_FALSE(has(text(log("")), "Double-checked locking"));
  EXPECT_FALSE(has(text(log("if (!other) ")), "Double-checked locking"));
  const auto told = text(log("if (!made) "));
  EXPECT_TRUE(has(told, "Double-checked locking")) << told;
}

// A mutex that a caller took may not be known in the function that raced.
TEST(Patterns, AdviseALockWhereItCanBeTaken) {
  const std::string file = testing::TempDir() + "caller_holds.cc";
  std::ofstream(file) << "void bump() {\n  ++hits;\n}\n"
                         "int peek() {\n  return hits;\n}\n"
                         "void put() {\n  std::lock_guard lock(mutex);\n  hits = 1;\n  put();\n}\n";
  const auto by_caller = text(race_log(file, 2, "write M0", 5, "", 10));
  EXPECT_TRUE(has(by_caller, "put() does not take M0 itself: a caller of it does.")) << by_caller;
  EXPECT_FALSE(has(by_caller, "Take the same lock in")) << by_caller;
  // Nobody is seen to take it: nothing is said of who does.
  const auto nobody = text(race_log(file, 2, "write M0", 5));
  EXPECT_FALSE(has(nobody, "a caller of it does")) << nobody;
  EXPECT_TRUE(has(nobody, "Take the same lock in get().")) << nobody;
  const auto itself = text(race_log(file, 9, "write M0", 5));
  EXPECT_TRUE(has(itself, "Take the same lock in get().")) << itself;
  const auto others = text(race_log(file, 2, "write M0", 5, "write M1"));
  EXPECT_TRUE(has(others, "taken in these functions or by")) << others;
}

TEST(Patterns, SendToTheLessonOfAPlainValueOrOfAContainer) {
  for (const std::string compiler : {"clang-14", "clang-19", "gcc-12"}) {
    const auto lesson = [&compiler](const std::string& program) {
      Told told(kept_log(compiler, program, true));
      const auto& cause = told.causes.at(0);
      return explain(told.reports[cause.shown], cause, told.context.own, *told.context.sources)
          .scenario;
    };
    EXPECT_EQ(lesson("stack"), "01_lost_count") << compiler;
    EXPECT_EQ(lesson("vector"), "02_map_read_write") << compiler;
  }
}

TEST(Patterns, SayWhyTwoReadLocksDoNotHelp) {
  for (const std::string compiler : {"clang-14", "clang-19", "gcc-12"}) {
    const auto told = text(kept_log(compiler, "read_lock", false));
    EXPECT_TRUE(has(told, "does not exclude another shared lock")) << told;
    EXPECT_FALSE(has(told, "Hold the same mutex")) << told;
    Told again(kept_log(compiler, "read_lock", false));
    EXPECT_TRUE(has(summarize(again.causes[0]), "a shared lock does not exclude another"));
  }
}

// Where an object is ended in use, or a signal handler writes, no mutex helps.
TEST(Patterns, AdviseNoLockWhereNoneHelps) {
  for (const std::string compiler : {"clang-14", "clang-19", "gcc-12"}) {
    const auto ended = text(kept_log(compiler, "ended_in_use", true));
    EXPECT_TRUE(has(ended, "Object already being destroyed")) << ended;
    EXPECT_TRUE(has(ended, "destroyed the condition variable that T2")) << ended;
    const auto handler = text(kept_log(compiler, "handler", true));
    EXPECT_TRUE(has(handler, "on_signal() was called by a signal")) << handler;
    const auto freed = text(kept_log(compiler, "free_race", true));
    EXPECT_TRUE(has(freed, "Freed while in use")) << freed;
    for (const auto& told : {ended, handler, freed}) {
      EXPECT_FALSE(has(told, "Hold the same mutex")) << told;
      EXPECT_FALSE(has(told, "No lock on either side")) << told;
    }
    const auto local = text(kept_log(compiler, "tls", true));
    EXPECT_TRUE(has(local, "A thread-local variable of another thread")) << local;
  }
}

// gcc gives no columns: of several functions on a line, the name tells which.
TEST(Patterns, ReadTheBodyOfTheFunctionOnALineOfSeveral) {
  const std::string file = testing::TempDir() + "several.cc";
  std::ofstream(file) << "struct Bits { unsigned open : 1; unsigned shut : 1; int count; };\n"
                         "void set() { bits.open = 1; } void put() { bits.count = 1; }\n"
                         "int peek() { return bits.open; } int get() { return bits.count; }\n";
  const auto told = text(race_log(file, 2, "", 3));
  EXPECT_TRUE(has(told, "Data race on count")) << told;
  EXPECT_FALSE(has(told, "bit-field")) << told;
  EXPECT_TRUE(has(told, "|" + std::string(49, ' ') + "^^^^^ T2 wrote")) << told;
}

TEST(Patterns, SummarizeALockOrderInPlainWords) {
  const Told told(kInversionLog);
  EXPECT_EQ(summarize(told.causes[0]),
            "possible deadlock: merge() takes two locks in one order, split() in the other: two "
            "threads can wait for each other for ever");
  auto alike = told.causes[0];
  alike.second.function = alike.first.function;
  EXPECT_EQ(summarize(alike),
            "possible deadlock: merge() takes these two locks in both orders: two threads can wait "
            "for each other for ever");
}

TEST(Patterns, ListWhatIsOneCauseWithAnother) {
  for (const std::string compiler : {"clang-14", "clang-19", "gcc-12"}) {
    const auto told = text(kept_log(compiler, "one_region", true));
    EXPECT_TRUE(has(told, "Data race on lines, also on dropped")) << told;
    EXPECT_TRUE(has(told, "Data race on count, also on bytes")) << told;
    EXPECT_TRUE(has(told, "also reported: wrote bytes at")) << told;
  }
}

TEST(Patterns, AskForDebugInformationOnce) {
  const std::string log =
      "WARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 4 at 0x10 by thread T2:\n"
      "    #0 Box::put(int) <null> (box+0x1)\n"
      "    #1 std::thread::_State_impl<main::$_0>::_M_run() box.cc (box+0x2)\n\n"
      "  Previous read of size 4 at 0x10 by main thread:\n"
      "    #0 Box::size() <null> (box+0x3)\n    #1 main <null> (box+0x4)\n\n"
      "SUMMARY: ThreadSanitizer: data race in Box::put(int)\n";
  const auto told = text(log);
  const std::string advice = "build with -g to see lines";
  EXPECT_TRUE(has(told, advice)) << told;
  EXPECT_EQ(told.find(advice), told.rfind(advice));
  EXPECT_TRUE(has(told, "Box::put()")) << told;  // Not the library's, whose file is known.
  EXPECT_FALSE(has(text(kRaceLog), advice));
}

const std::vector<std::string> kCompilers = {"clang-14", "clang-19", "gcc-12"};

// What the library asks for, and did not get.
TEST(Patterns, NameWhatALibraryIsUsedWithout) {
  for (const auto& compiler : kCompilers) {
    const auto bits = text(kept_log(compiler, "packed_bits", true));
    EXPECT_TRUE(has(bits, "Neighbouring bits share a word")) << bits;
    EXPECT_FALSE(has(bits, "std::atomic")) << bits;
    EXPECT_FALSE(has(bits, "Data race on i\n")) << bits;
    const auto pointer = text(kept_log(compiler, "shared_pointer", true));
    EXPECT_TRUE(has(pointer, "Data race on config_  (3 reports, one cause)")) << pointer;
    EXPECT_TRUE(has(pointer, "Make config_ a std::atomic<std::shared_ptr<…>>")) << pointer;
    EXPECT_FALSE(has(pointer, "Hold the same mutex around both")) << pointer;
    const auto plain = text(kept_log(compiler, "plain_pointer", true));
    EXPECT_TRUE(has(plain, "current is a plain pointer.")) << plain;
    const auto gate = text(kept_log(compiler, "condition", true));
    EXPECT_TRUE(has(gate, "Changed without the mutex of the wait")) << gate;
    EXPECT_TRUE(has(gate, "Change open_ under M")) << gate;
    EXPECT_FALSE(has(gate, "Make it a std::atomic")) << gate;
    const auto bus = text(kept_log(compiler, "handlers", true));
    EXPECT_TRUE(has(bus, "Take the same lock in Bus::publish(), copy what is to be called")) << bus;
  }
}

TEST(Patterns, SayOfAnObjectInTheMakingWhatHelps) {
  for (const auto& compiler : kCompilers) {
    const auto told = text(kept_log(compiler, "built_in_base", true));
    EXPECT_TRUE(has(told, "(2 reports, one cause)")) << told;
    EXPECT_TRUE(has(told, "The main thread is in DiskPoller::DiskPoller() while T1")) << told;
    EXPECT_TRUE(has(told, "Finish construction before any other thread")) << told;
    for (const auto* other : {"share ownership", "Hold the same mutex", "No lock on", "a sleep"}) {
      EXPECT_FALSE(has(told, other)) << told;
    }
  }
}

TEST(Patterns, TakeASleepForAnAttemptToOrderWhereItIsOne) {
  for (const auto& compiler : kCompilers) {
    EXPECT_TRUE(has(text(kept_log(compiler, "sleep", true)), "Ordered by a sleep")) << compiler;
    const auto paced = text(kept_log(compiler, "pacing", true));
    EXPECT_FALSE(has(paced, "Ordered by a sleep")) << paced;
    EXPECT_TRUE(has(paced, "No lock on either side")) << paced;
  }
}

// A number of the function's own is on no heap, whatever the line says.
TEST(Patterns, NameNoLocalNumberForMemoryOnTheHeap) {
  for (const auto& compiler : kCompilers) {
    const auto told = text(kept_log(compiler, "shared_block", true));
    EXPECT_FALSE(has(told, "race on n")) << told;
    EXPECT_FALSE(has(told, "also on n")) << told;
  }
}

TEST(Patterns, SayOfACircleThatItIsOne) {
  const auto told = text(kept_log("gcc-12", "lock_order_of_three", true));
  EXPECT_TRUE(has(told, "the orders close a circle")) << told;
  EXPECT_FALSE(has(told, "in one order here and in another order there")) << told;
}

// A place that the optimiser left without a line is said to be one.
TEST(Patterns, SayWhereALineIsUnknown) {
  const std::string log =
      "WARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 4 at 0x10 by thread T2 (mutexes: write M0):\n"
      "    #0 put() /p/a.cc:3:1 (a+0x1)\n\n"
      "  Previous read of size 4 at 0x10 by thread T1:\n    #0 get() <null> (a+0x2)\n\n"
      "  Mutex M0 (0x1) created at:\n    #0 put() /p/a.cc:2:1 (a+0x3)\n\n"
      "  Mutex M1 (0x2) created at:\n    #0 other() /p/a.cc:9:1 (a+0x4)\n\n"
      "SUMMARY: ThreadSanitizer: data race a.cc in put()\n";
  const auto told = text(log);
  EXPECT_TRUE(has(told, "get()  read   line unknown  no lock held")) << told;
  EXPECT_TRUE(has(told, "M0 was created, or first locked, in put()")) << told;
  EXPECT_FALSE(has(told, "M1")) << told;
}

// The lock that is missing, where it can be taken, and what it keeps from happening.
TEST(Patterns, AdviseTheLockThatKeepsAContainersElements) {
  for (const auto& compiler : kCompilers) {
    const auto told = text(kept_log(compiler, "elements", true));
    EXPECT_TRUE(has(told, "Elements moved or erased while in use")) << told;
    EXPECT_TRUE(has(told, "Take the same lock in Swarm::sum().")) << told;
    for (const auto* other : {"hare ownership", "No lock keeps", "16_late_callback"}) {
      EXPECT_FALSE(has(told, other)) << told;
    }
    const auto called = text(kept_log(compiler, "called_under_lock", true));
    EXPECT_TRUE(has(called, "cannot take it itself")) << called;
    EXPECT_FALSE(has(called, "Take the same lock in Backlog::size()")) << called;
    const auto ended = text(kept_log(compiler, "flag_in_destructor", true));
    EXPECT_TRUE(has(ended, "Change done_ under M")) << ended;
    EXPECT_FALSE(has(ended, "Stop and join")) << ended;
  }
}

TEST(Patterns, NameWhatAnAtomicOrAStaticWouldDo) {
  for (const auto& compiler : kCompilers) {
    const auto flag = text(kept_log(compiler, "polled", true));
    EXPECT_TRUE(has(flag, "Make stop a std::atomic<bool>")) << flag;
    EXPECT_FALSE(has(flag, "Hold the same mutex")) << flag;
    const auto made = text(kept_log(compiler, "first_use", true));
    EXPECT_TRUE(has(made, "Made on first use, without a lock")) << made;
    EXPECT_TRUE(has(made, "a function-local static, or std::call_once")) << made;
    // Who takes an element out orders the next that is put there.
    const auto ring = text(kept_log(compiler, "ring", true));
    EXPECT_TRUE(has(ring, "Store head_ and tail_ with memory_order_release")) << ring;
  }
}

TEST(Patterns, NameAGuardThatHoldsNothingAndAMutexOfEach) {
  for (const auto& compiler : kCompilers) {
    const auto guard = text(kept_log(compiler, "unnamed_guard", true));
    EXPECT_TRUE(has(guard, "A guard without a name")) << guard;
    EXPECT_TRUE(has(guard, "Give the guard a name")) << guard;
    EXPECT_FALSE(has(guard, "Take the same lock")) << guard;
    const auto each = text(kept_log(compiler, "mutex_of_each", true));
    EXPECT_TRUE(has(each, "Each is a mutex_ of")) << each;
    const auto pointer = text(kept_log(compiler, "unique_pointer", true));
    EXPECT_TRUE(has(pointer, "The unique_ptr itself is shared")) << pointer;
    EXPECT_TRUE(has(pointer, "Data race on sink_")) << pointer;
  }
}

// To lock once more around the use alone would end the report, and leave the use after the free.
TEST(Patterns, AdviseNoSecondLockForAnElementThatLeftTheFirst) {
  for (const auto& compiler : kCompilers) {
    const auto told = text(kept_log(compiler, "escaped_element", true));
    EXPECT_TRUE(has(told, "Copy what is used while the container's lock is held")) << told;
    EXPECT_FALSE(has(told, "Take the same lock")) << told;
    const auto readers = text(kept_log(compiler, "three_readers", true));
    for (const auto* function : {"Queue::pending()", "Queue::oldest()", "Queue::submitted()"}) {
      const auto advice =
          readers.substr(std::min(readers.find("Take the same lock"), readers.size()));
      EXPECT_TRUE(has(advice.substr(0, 160), function)) << readers;
    }
  }
}

// Of two equal names on a line, gcc does not say which.
TEST(Patterns, UnderlineNoneOfTwoEqualNamesWithoutAColumn) {
  const std::string file = testing::TempDir() + "merge.cc";
  std::ofstream(file) << "void merge(const Counter& other) { count += other.count; }\n"
                         "void add() { ++count; }\n"
                         "void next() { count = count + 1; }\n";
  const auto both = text(race_log(file, 2, "", 1));
  EXPECT_TRUE(has(both, "| " + std::string(58, '^') + " T1 read")) << both;
  // What "=" writes is not what it reads.
  const auto one = text(race_log(file, 3, "", 3));
  EXPECT_TRUE(has(one, "|               ^^^^^ T2 wrote")) << one;
  EXPECT_TRUE(has(one, "|                       ^^^^^ T1 read")) << one;
}

// What no lock mends, since what is used is out of its reach or gone.
TEST(Patterns, NameWhatIsUsedOutsideOfItsLockOrAfterItsEnd) {
  for (const auto& compiler : kCompilers) {
    const auto view = text(kept_log(compiler, "escaped_view", true));
    EXPECT_TRUE(has(view, "which is private to Banner")) << view;
    EXPECT_TRUE(has(view, "Let Banner give out a copy")) << view;
    EXPECT_FALSE(has(view, "Take the same lock")) << view;
    const auto growing = text(kept_log(compiler, "growing", true));
    EXPECT_TRUE(has(growing, "an element of slots, which grows")) << growing;
    EXPECT_TRUE(has(growing, "growing.cc:21: its elements")) << growing;
    EXPECT_FALSE(has(growing, "Hold the same mutex")) << growing;
    if (compiler.starts_with("gcc")) continue;  // It does not follow what stays in a function.
    const auto stale = text(kept_log(compiler, "stale_local", true));
    EXPECT_TRUE(has(stale, "The memory is scratch, a variable of work()")) << stale;
    EXPECT_TRUE(has(stale, "Let what T1 is given live as long as it does")) << stale;
    EXPECT_FALSE(has(stale, "Hold the same mutex")) << stale;
  }
}

// What looks like a pattern and is none.
TEST(Patterns, NameNoPatternWithoutItsEvidence) {
  for (const auto& compiler : kCompilers) {
    const auto stop = text(kept_log(compiler, "stop_in_destructor", true));
    EXPECT_TRUE(has(stop, "Make stop_ a std::atomic<bool>")) << stop;
    EXPECT_FALSE(has(stop, "Stop and join")) << stop;
    const auto recheck = text(kept_log(compiler, "recheck", true));
    EXPECT_TRUE(has(recheck, "Data race on used_")) << recheck;
    EXPECT_FALSE(has(recheck, "Double-checked")) << recheck;
    const auto stamp = text(kept_log(compiler, "stamp", true));
    EXPECT_TRUE(has(stamp, "Data race on values_")) << stamp;
    EXPECT_FALSE(has(stamp, "relaxed")) << stamp;
    const auto counted = text(kept_log(compiler, "counted_beside_a_wait", true));
    EXPECT_TRUE(has(counted, "Take the same lock in Barrier::arrive()")) << counted;
    EXPECT_FALSE(has(counted, "mutex of the wait")) << counted;
  }
}

TEST(Patterns, NameLocksThatAreMisusedOrUnknownOrAround) {
  for (const auto& compiler : kCompilers) {
    const auto own = text(kept_log(compiler, "own_lock", true));
    EXPECT_TRUE(has(own, "Both sides call lock() before, at")) << own;
    EXPECT_TRUE(has(own, "give it up with memory_order_release")) << own;
    const auto signal = text(kept_log(compiler, "signal_by_mutex", true));
    EXPECT_TRUE(has(signal, "First mend what is reported of M")) << signal;
    EXPECT_TRUE(has(signal, "take a std::binary_semaphore")) << signal;
    EXPECT_FALSE(has(signal, "hold the same lock")) << signal;
    const auto gate = text(kept_log(compiler, "gate", true));
    EXPECT_TRUE(has(gate, "Both functions take gate before the two")) << gate;
    EXPECT_FALSE(has(text(kept_log(compiler, "lock_order", true)), "A lock around both"));
  }
}

TEST(Patterns, NameWhatComesBeforeAnyLock) {
  for (const auto& compiler : kCompilers) {
    const auto order = text(kept_log(compiler, "member_order", true));
    EXPECT_TRUE(has(order, "thread_ stands before values_")) << order;
    EXPECT_TRUE(has(order, "Declare thread_ last")) << order;
    EXPECT_FALSE(has(order, "Hold the same mutex")) << order;
    const auto started = text(kept_log(compiler, "started_in_body", true));
    EXPECT_TRUE(has(started, "Finish construction before")) << started;
    EXPECT_FALSE(has(started, "Declare thread_ last")) << started;
    const auto buffer = text(kept_log(compiler, "static_buffer", true));
    EXPECT_TRUE(has(buffer, "A static buffer that all callers share")) << buffer;
    EXPECT_TRUE(has(buffer, "make text thread_local")) << buffer;
    EXPECT_FALSE(has(buffer, "Hold the same mutex")) << buffer;
    const auto overlap = text(kept_log(compiler, "overlap", true));
    EXPECT_TRUE(has(overlap, "a part of squares of its own")) << overlap;
    const auto owned = text(kept_log(compiler, "owned_by_elements", true));
    EXPECT_TRUE(has(owned, "Take the same lock in World::leave()")) << owned;
    EXPECT_FALSE(has(owned, "hare ownership")) << owned;
    EXPECT_FALSE(has(owned, "No lock keeps")) << owned;
  }
}

}  // namespace
}  // namespace lab::report
