#include "lab/report/kinds.h"

#include <algorithm>
#include <string>

namespace lab::report {
namespace {

constexpr std::array<Kind, 16> kKinds = {{
    {"vptr-use-after-free",
     "Virtual call on a freed object",
     "heap-use-after-free (virtual call",
     "One thread called a virtual function of an object that another thread had deleted, or was "
     "deleting. Nothing made the deletion wait for the call.",
     "The call goes through the object's pointer to its table of functions. Once the memory is "
     "used "
     "again, that pointer is anything, and the program jumps there.",
     {Fix("Let the owner join or stop the threads that use the object before it is destroyed.",
          Fix::By::kOwnership),
      Fix("Share ownership: each thread that uses the object holds a std::shared_ptr to it.",
          Fix::By::kOwnership),
      "Give callbacks a std::weak_ptr, and lock() it before the call."},
     "16_late_callback"},
    {"use-after-free",
     "Use after free",
     "heap-use-after-free",
     "One thread used memory that another thread had freed. Nothing made the free wait for the "
     "use.",
     "The memory may belong to something else by now: a read gives rubbish, a write destroys what "
     "somebody else keeps there, often far from here and much later.",
     {Fix("Let the owner join the threads that use the memory before it frees it.",
          Fix::By::kOwnership),
      Fix("Share ownership: each thread that uses the object holds a std::shared_ptr to it.",
          Fix::By::kOwnership),
      "Copy what the other thread needs while the lock is held, instead of handing out a "
      "reference."},
     "16_late_callback"},
    {"vptr-race",
     "Race with construction or destruction",
     "data race on vptr",
     "One thread called a virtual function of an object while another was still constructing it, "
     "or "
     "already destroying it.",
     "During construction and destruction the object is, for virtual calls, of its base class: the "
     "call may reach the wrong function, or a pure virtual one, which ends the program.",
     {"Finish construction before any other thread can see the object: no threads started, no "
      "callbacks registered, in a base's constructor.",
      "Stop and join the threads before the destructor begins, in a stop() of the most derived "
      "class.",
      "If the object does not own the threads: share ownership of it with them, so that the last "
      "user destroys it."},
     "16_late_callback"},
    {"external-race",
     "Race on an object of a library",
     "race on",
     "Two threads used one object of a library at the same time, at least one of them changing it, "
     "where the library asks its callers to take turns.",
     "The library keeps its own state without locks. Calls that overlap break that state.",
     {"Hold one mutex around every use of the object.", "Give each thread an object of its own.",
      "Let one thread own the object, and send it what is to be done."},
     "02_map_read_write"},
    {"external-race",
     "Access race",
     "Swift access race",
     "Two accesses to one variable overlapped, at least one of them a change, and nothing orders "
     "them.",
     "The language promises that changes are exclusive, and the compiler relies on it.",
     {"Confine the variable to one queue or actor.", "Hold one lock around every access.", ""},
     "02_map_read_write"},
    {"data-race",
     "Data race",
     "data race",
     "Two threads used the same memory, at least one of them wrote, and nothing orders the two: no "
     "mutex that both hold, no join, no atomic that hands over from one to the other.",
     "The language gives such a program no meaning at all. In practice: torn values, lost updates, "
     "broken containers, loops that never see a change; rarely under test, surely in production.",
     {Fix("Hold the same mutex around both accesses, and around every other one to this data.",
          Fix::By::kMutex),
      Fix("Make it a std::atomic, if it is one value on its own and no invariant spans it and "
          "another.",
          Fix::By::kAtomic),
      "Do not share it: hand the data over through a queue, or give each thread a copy."},
     "02_map_read_write"},
    {"lock-order-inversion",
     "Lock-order inversion",
     "lock-order-inversion",
     "The same mutexes were taken in one order here and in another order there. This time nobody "
     "was in the way.",
     "When the threads do it at the same moment, each waits for what the other holds: a deadlock, "
     "for ever, with no message.",
     {Fix("Take at once all that one function needs: std::scoped_lock lock(a, b), which cannot "
          "deadlock.",
          Fix::By::kGuard),
      "Agree on one order (by address, by layer) and keep it everywhere.",
      "Do not hold the first while taking the second: copy what is needed, unlock, go on."},
     "09_lock_order"},
    {"double-lock",
     "Mutex locked twice",
     "double lock of a mutex",
     "A thread locked a mutex that it already holds.",
     "A std::mutex does not know its owner: the second lock waits for an unlock that only the "
     "waiting "
     "thread itself could do.",
     {"Split the function: a public one that locks, and a private one that expects the lock held.",
      "Unlock before calling out to code that locks again: observers, callbacks.",
      "std::recursive_mutex hides the question rather than answering it; take it last."},
     "10_callback_under_lock"},
    {"destroyed-locked-mutex",
     "Locked mutex destroyed",
     "destroy of a locked mutex",
     "A mutex was destroyed while it was locked.",
     "Whoever holds it will unlock memory that is no mutex any more, and whoever waits for it "
     "waits "
     "for ever.",
     {"Let the mutex outlive every lock: unlock it, and join the threads that use it, first.",
      Fix("Lock with std::lock_guard, so that no path leaves without the unlock.", Fix::By::kGuard),
      "Declare the mutex before the guard, so that it is destroyed after it."},
     "16_late_callback"},
    {"unlock-of-unlocked",
     "Unlock without a lock",
     "unlock of an unlocked mutex",
     "A mutex was unlocked that was not locked, or that another thread had locked.",
     "The next two threads may both believe they hold it: it protects nothing any more.",
     {"Find the lock that this unlock should belong to: some path may come here without it, or "
      "have "
      "given it up before, in a function called in between, too; or another thread took it.",
      Fix("Let a guard (std::lock_guard, std::scoped_lock) pair lock and unlock.", Fix::By::kGuard),
      "Where one thread locks for another to unlock, as a signal, take a std::binary_semaphore or "
      "a condition variable instead."},
     ""},
    {"read-unlock-of-write-locked",
     "Write lock released as a read lock",
     "read unlock of a write locked mutex",
     "A reader-writer lock that is held for writing was released as if held for reading.",
     "The count of readers goes wrong: later, writers and readers get in together, or nobody does.",
     {"Let a guard pair lock and unlock: std::unique_lock for writing, std::shared_lock for "
      "reading.",
      "", ""},
     "07_write_under_read_lock"},
    {"read-lock-of-write-locked",
     "Read lock on top of the own write lock",
     "read lock of a write locked mutex",
     "A thread asked for a reader-writer lock for reading while it is held for writing.",
     "A std::shared_mutex cannot be taken twice by one thread: the second waits for the first for "
     "ever.",
     {"Call a private function that expects the lock held, instead of the public one that locks.",
      "Release the write lock first, and look again at what was read before.", ""},
     "10_callback_under_lock"},
    {"invalid-mutex",
     "Mutex that is none",
     "use of an invalid mutex",
     "A mutex was used before it was constructed or after it was destroyed.",
     "It locks nothing: the threads that believe they are protected are not.",
     {"Let the mutex outlive its users: join the threads before it is destroyed.",
      "Mind the order of static objects: a function-local static is constructed on first use.",
      "Do not copy or memset an object that holds a mutex."},
     "16_late_callback"},
    {"thread-leak",
     "Thread never joined",
     "thread leak",
     "A thread was started, and neither joined nor detached.",
     "Its stack stays, and nothing says when its work is done: results may be read too early, and "
     "it "
     "may run on while the program ends.",
     {"Hold it in a std::jthread, which joins by itself.", "join() it where its result is needed.",
      "detach() it only if it touches nothing that can end before it."},
     "16_late_callback"},
    {"signal-unsafe-call",
     "Unsafe call in a signal handler",
     "signal-unsafe call",
     "A signal handler called a function that must not be called there, such as malloc or printf.",
     "The signal may have come in the middle of that same function: its lock is held, its state "
     "half "
     "changed. The result is a deadlock or a broken heap.",
     {"Set a volatile sig_atomic_t or a lock-free std::atomic in the handler, and do the work "
      "outside.",
      "Write to a pipe or an eventfd that the main loop reads.",
      "Block the signal and take it with sigwait() or signalfd() on a thread of its own."},
     ""},
    {"errno-in-signal",
     "Signal handler changes errno",
     "signal handler spoils errno",
     "A signal handler changed errno and did not restore it.",
     "The signal may come between a failed call and the look at errno: the program then acts on an "
     "error that did not happen.",
     {"Save errno at the beginning of the handler, and restore it at its end.", "", ""},
     ""},
}};

constexpr Kind kHeldWrongContext = {
    "mutex-in-wrong-context",
    "Mutex held where it must not be",
    "mutex held in the wrong context",
    "A mutex was held at a point where the program promised to hold none.",
    "What runs there may wait for that same mutex, on this thread or on another.",
    {"Release the mutex before this point.", "", ""},
    "10_callback_under_lock"};

constexpr Kind kCrash = {
    "crash",
    "Crash",
    "",
    "The program was ended by a fatal error, not by a race report.",
    "ThreadSanitizer only says where it died. A race may be behind it: look at any reports "
    "before this one first.",
    {"Fix the races reported in the same run, if there are any, then try again.",
     "Run under AddressSanitizer, which says more about memory errors than ThreadSanitizer.", ""},
    ""};

// Fatal errors that say more than that the program died; `begins` is searched for anywhere.
constexpr std::array<Kind, 10> kFatal = {{
    {"stack-overflow",
     "Stack overflow",
     "stack-overflow",
     "A thread used more stack than it has: recursion without an end, or large local arrays. "
     "ThreadSanitizer's frames are larger than those of a plain build.",
     "It is no race, and ends the run: what would have come later was not tried.",
     {"Look for the function that repeats in the stack, and for what should have ended it.",
      "Give the thread a larger stack (ulimit -s, pthread_attr_setstacksize).", ""},
     ""},
    {"cannot-start",
     "ThreadSanitizer could not start",
     "memory mapping",
     "The system put the program where ThreadSanitizer keeps its own memory. Nothing was run, so "
     "nothing was tried.",
     "Older runtimes know fewer layouts than new kernels choose from at random.",
     {"Run it without randomised addresses: setarch -R PROGRAM.",
      "Let the kernel randomise less: sysctl vm.mmap_rnd_bits=28.",
      "Build with a newer compiler: LLVM 18.1 and later start again by themselves."},
     ""},
    {"cannot-start",
     "ThreadSanitizer could not start",
     "mmap",
     "ThreadSanitizer could not reserve the memory that it needs. Nothing was run, so nothing was "
     "tried.",
     "It reserves terabytes of addresses, of which it uses little.",
     {"Lift the limit of addresses: ulimit -v unlimited.",
      "Bound memory by a control group, which counts what is used.", ""},
     ""},
    {"allocation-too-big",
     "Allocation of an impossible size",
     "allocation-size-too-big",
     "The program asked for more memory than ThreadSanitizer's allocator can ever give.",
     "The size is most often a negative number, or one that was read from a broken object.",
     {"Mend the races of the same run first: one of them may have broken the object.",
      "Check the size where it is computed.",
      "If the program expects the failure: TSAN_OPTIONS=allocator_may_return_null=1."},
     ""},
    {"allocation-overflow",
     "Size of an allocation overflows",
     "overflow",
     "The number of elements times their size does not fit into a size.",
     "A plain run may get a block that is too small, and write behind it.",
     {"Check the count where it comes from.",
      "If the program expects the failure: TSAN_OPTIONS=allocator_may_return_null=1.", ""},
     ""},
    {"out-of-memory",
     "Out of memory",
     "rss limit",
     "The process used more memory than hard_rss_limit_mb allows.",
     "ThreadSanitizer itself takes five to ten times the program's memory.",
     {"Raise the limit, or try a smaller input.", "", ""},
     ""},
    {"out-of-memory",
     "Out of memory",
     "out of memory",
     "An allocation failed: the machine, or a limit, has no more.",
     "ThreadSanitizer itself takes five to ten times the program's memory.",
     {"Raise the limit, or try a smaller input.", "", ""},
     ""},
    {"out-of-memory",
     "Out of memory",
     "failed to allocate",
     "ThreadSanitizer itself got no memory from the system.",
     "It takes five to ten times the program's memory.",
     {"Raise the limit (ulimit -v unlimited, the container's), or try a smaller input.", "", ""},
     ""},
    {"detector-failed",
     "ThreadSanitizer itself failed",
     "CHECK failed",
     "A check inside ThreadSanitizer did not hold. That is a fault of the tool, or of memory that "
     "the program has broken.",
     "What came later was not tried.",
     {"Fix the reports before this one, then try again.", "Try a newer compiler.",
      "Run under AddressSanitizer, which finds broken memory."},
     ""},
    {"ignores-enabled",
     "A thread ended while it ignored accesses",
     "finished with ignores enabled",
     "AnnotateIgnoreReadsBegin, or its like for writes or synchronisation, has no matching end on "
     "this thread.",
     "What the thread did meanwhile was not checked.",
     {"End each annotation on every way out; a guard object does.", "", ""},
     ""},
}};

constexpr Kind kUnknown = {
    "unknown",
    "Report of an unknown kind",
    "",
    "ThreadSanitizer reported something that this program has no explanation for. The facts below "
    "are what the report says.",
    "",
    {"", "", ""},
    ""};

}  // namespace

const Kind& describe_kind(const Report& report) {
  if (report.fatal) {
    const auto fatal = std::find_if(kFatal.begin(), kFatal.end(), [&](const Kind& one) {
      return report.kind.find(one.begins) != std::string::npos;
    });
    return fatal == kFatal.end() ? kCrash : *fatal;
  }
  if (report.kind.starts_with(kHeldWrongContext.begins)) return kHeldWrongContext;
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& one) {
    return report.kind.starts_with(one.begins);
  });
  if (kind != kKinds.end()) return *kind;
  // A library may name its races itself (__tsan_external_register_header).
  const bool external = !report.accesses.empty() && !report.accesses[0].object.empty();
  return external ? kKinds[3] : kUnknown;
}

}  // namespace lab::report
