#include "drill/engine.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <thread>

#include "drill/events.h"

namespace drill {
namespace {

using Clock = std::chrono::steady_clock;

// Threads that used no processor time for so long wait for something that does not come. Longer
// than any timed wait that belongs in a drill.
constexpr auto kStandstill = std::chrono::seconds(3);

Engine* engine_in_force = nullptr;

void call(const std::function<void()>& function) {
  try {
    function();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "A function of concurrently() threw: " << error.what();
  } catch (...) {
    ADD_FAILURE() << "A function of concurrently() threw.";
  }
}

// What the functions of one concurrently() tell the thread that waits for them. Relaxed atomics
// only: they must not order the functions for the detector. Thread creation and join give the
// edges that concurrently() promises.
struct Progress {
  explicit Progress(std::size_t count) : done(count), thread(count) {}
  std::atomic<std::size_t> released{0};  // Functions at positions below this may run.
  std::vector<std::atomic<bool>> done;   // By position.
  std::vector<std::atomic<int>> thread;  // The kernel's number for it; 0 before it runs.
};

// A sleep that ThreadSanitizer does not see: its reports name a sleep that lies between the two
// accesses, and ours is not the one to explain.
void pause() {
  const timespec moment{.tv_sec = 0, .tv_nsec = 20'000};
  syscall(SYS_nanosleep, &moment, nullptr);
}

// Waits, with a bound, until `ready()`; false when the bound passed first.
template <class Ready>
bool wait_until(Clock::time_point deadline, Ready ready) {
  for (int spins = 0; !ready(); ++spins) {
    if (spins < 200) {
      std::this_thread::yield();
      continue;
    }
    if (Clock::now() > deadline) return false;
    pause();
  }
  return true;
}

// Starts one thread a function. They run once `progress.released` passes their position.
std::vector<std::thread> start(const Functions& functions, const std::vector<std::size_t>& order,
                               Progress& progress) {
  std::vector<std::thread> threads;
  threads.reserve(functions.size());
  for (std::size_t position = 0; position < order.size(); ++position) {
    threads.emplace_back([&progress, &function = functions[order[position]], position] {
      // The main thread releases every position or ends the process: this wait has its bound.
      wait_until(Clock::time_point::max(),
                 [&] { return progress.released.load(std::memory_order_relaxed) > position; });
      progress.thread[position].store(static_cast<int>(syscall(SYS_gettid)),
                                      std::memory_order_relaxed);
      call(function);
      progress.done[position].store(true, std::memory_order_relaxed);
    });
  }
  return threads;
}

bool all_done(const Progress& progress) {
  return std::all_of(progress.done.begin(), progress.done.end(),
                     [](const auto& done) { return done.load(std::memory_order_relaxed); });
}

// Processor time, of the calling thread and of all others of the process.
struct Spent {
  std::chrono::nanoseconds own{0};
  std::chrono::nanoseconds others{0};

  static Spent now() {
    const auto read = [](clockid_t clock) {
      timespec time{};
      clock_gettime(clock, &time);
      return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    };
    const std::chrono::nanoseconds own = read(CLOCK_THREAD_CPUTIME_ID);
    return {own, read(CLOCK_PROCESS_CPUTIME_ID) - own};
  }
};

// Tells when the functions have had their time, or stand still: by the clock, and only while this
// thread, which looks on, got a processor itself. Where it did not, they did not either, for the
// machine serves others, and nothing can be said of them.
class Patience {
 public:
  explicit Patience(std::chrono::seconds limit) : limit_(limit) {}

  bool is_over() {
    const auto now = Clock::now();
    const auto spent = Spent::now();
    if (spent.others - at_move_.others > std::chrono::milliseconds(10)) {
      at_move_ = spent;
      moved_ = now;
    }
    return is_past(kStandstill, now - moved_, spent, at_move_) ||
           is_past(limit_, now - began_, spent, at_begin_) || now - began_ > limit_ * kStarvedMax;
  }

  std::chrono::seconds waited() const {
    return std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - began_);
  }

 private:
  // Looking on takes a twentieth of a processor, if nobody is in the way. Where it got less than
  // half of that, time says nothing, unless the functions themselves used plenty.
  static constexpr int kLook = 50;
  static constexpr int kStarvedMax = 12;

  static bool is_past(Clock::duration limit, Clock::duration waited, const Spent& now,
                      const Spent& since) {
    return waited > limit &&
           (now.own - since.own > limit / kLook || now.others - since.others > limit / 2);
  }

  std::chrono::seconds limit_;
  Clock::time_point began_ = Clock::now();
  Clock::time_point moved_ = began_;
  Spent at_begin_ = Spent::now();
  Spent at_move_ = at_begin_;
};

// Waits for every function, then joins. Past the limit, or when nobody has moved for a while: tells
// the judge, gives it time to take stacks, and ends the process, since a stuck thread cannot be
// ended alone.
void finish(std::vector<std::thread>& threads, const Progress& progress,
            std::chrono::seconds limit) {
  // Two cores serve few functions at a time: a load of many gets the limit once more for each few.
  constexpr std::size_t kFew = 8;
  Patience patience(limit * static_cast<int>(1 + progress.done.size() / kFew));
  wait_until(Clock::time_point::max(), [&] { return all_done(progress) || patience.is_over(); });
  if (!all_done(progress)) {
    std::size_t stuck = 0;
    for (const auto& done : progress.done) stuck += !done.load(std::memory_order_relaxed);
    report_stuck(stuck, progress.done.size(), static_cast<int>(patience.waited().count()));
  }
  for (auto& thread : threads) thread.join();
}

std::vector<std::size_t> identity(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

// Whether a thread of this process waits for another: is in a futex, as mutexes, conditions and
// futures are. By system calls, which the detector does not see.
bool is_waiting(int thread) {
  char text[64];
  std::snprintf(text, sizeof text, "/proc/self/task/%d/syscall", thread);
  const auto file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC));
  if (file < 0) return false;
  const auto size = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  if (size <= 0) return false;
  text[size] = '\0';
  return std::strtol(text, nullptr, 10) == SYS_futex;  // "running" is 0.
}

// Tells when nobody who runs gets on without those who have not begun.
class AllBlocked {
 public:
  explicit AllBlocked(const Progress& progress) : progress_(progress) {}

  bool is_seen() {
    const auto now = Clock::now();
    if (now < next_look_) return false;
    next_look_ = now + kBetweenLooks;
    if (!all_wait()) since_ = now;
    return now - since_ > kLongEnough;
  }

 private:
  static constexpr auto kBetweenLooks = std::chrono::milliseconds(4);
  static constexpr auto kLongEnough = std::chrono::milliseconds(40);

  bool all_wait() const {
    const auto released = progress_.released.load(std::memory_order_relaxed);
    for (std::size_t position = 0; position < released; ++position) {
      if (progress_.done[position].load(std::memory_order_relaxed)) continue;
      const int thread = progress_.thread[position].load(std::memory_order_relaxed);
      if (thread == 0 || !is_waiting(thread)) return false;
    }
    return true;
  }

  const Progress& progress_;
  Clock::time_point since_ = Clock::now();
  Clock::time_point next_look_ = since_ + kBetweenLooks;
};

class InTurn final : public Engine {
 public:
  explicit InTurn(const Limits& limits) : limit_(limits.limit_seconds) {}
  std::string_view name() const override { return "in_turn"; }
  bool runs_load_tests() const override { return false; }
  void begin_test(std::string_view) override {
    round_ = 0;
    rounds_ = 1;
  }
  void begin_round() override {}

  void run(Functions functions) override {
    const auto order = this->order(functions.size());
    Progress progress(functions.size());
    auto threads = start(functions, order, progress);
    for (std::size_t position = 0; position < order.size(); ++position) {
      progress.released.store(position + 1, std::memory_order_relaxed);
      // A function may wait for one whose turn has not come, and rightly so: the next may run
      // beside it once that is seen, or after a moment.
      AllBlocked blocked(progress);
      wait_until(Clock::now() + kTurn, [&] {
        return progress.done[position].load(std::memory_order_relaxed) || blocked.is_seen();
      });
    }
    finish(threads, progress, limit_);
  }

  // A round that found something ends the test: later rounds would tell the same again.
  bool end_round(bool failed) override { return !failed && ++round_ < rounds_; }

 private:
  static constexpr auto kTurn = std::chrono::milliseconds(250);

  // The order of this round: every permutation of up to four functions, every rotation of more.
  std::vector<std::size_t> order(std::size_t count) {
    auto order = identity(count);
    if (count <= 4) {
      std::size_t factorial = 1;
      for (std::size_t i = 2; i <= count; ++i) factorial *= i;
      rounds_ = std::max(rounds_, factorial);
      for (std::size_t i = 0; i < round_ % factorial; ++i) {
        std::next_permutation(order.begin(), order.end());
      }
    } else {
      rounds_ = std::max(rounds_, count);
      std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(round_ % count),
                  order.end());
    }
    return order;
  }

  std::chrono::seconds limit_;
  std::size_t round_ = 0;
  std::size_t rounds_ = 1;
};

class AtOnce final : public Engine {
 public:
  explicit AtOnce(const Limits& limits) : limit_(limits.limit_seconds), repeats_(limits.repeats) {}
  std::string_view name() const override { return "at_once"; }
  bool runs_load_tests() const override { return true; }
  void begin_test(std::string_view test) override {
    round_ = 0;
    // A load is its own repetition.
    rounds_ = is_load_test(test) ? 1 : repeats_;
  }
  void begin_round() override {}

  void run(Functions functions) override {
    Progress progress(functions.size());
    auto threads = start(functions, identity(functions.size()), progress);
    progress.released.store(functions.size(), std::memory_order_relaxed);
    finish(threads, progress, limit_);
  }

  bool end_round(bool failed) override { return !failed && ++round_ < rounds_; }

 private:
  std::chrono::seconds limit_;
  int repeats_;
  int round_ = 0;
  int rounds_ = 1;
};

}  // namespace

std::unique_ptr<Engine> make_in_turn(const Limits& limits) {
  return std::make_unique<InTurn>(limits);
}

std::unique_ptr<Engine> make_at_once(const Limits& limits) {
  return std::make_unique<AtOnce>(limits);
}

void set_engine(Engine* engine) { engine_in_force = engine; }

bool is_load_test(std::string_view test) {
  const auto dot = test.find('.');
  return test.substr(dot == std::string_view::npos ? 0 : dot + 1).starts_with("Load");
}

namespace {
// Plain data: set before main(), by initialisers of other files that may run before ours.
constinit bool any_unit = false;
constinit bool all_units_instrumented = true;
}  // namespace

bool note_unit(bool instrumented) {
  any_unit = true;
  all_units_instrumented = all_units_instrumented && instrumented;
  return true;
}

bool instrumented() { return any_unit && all_units_instrumented; }

void concurrently(Functions functions) { engine_in_force->run(std::move(functions)); }

void concurrently(std::initializer_list<Call> calls) {
  concurrently(Functions(calls.begin(), calls.end()));
}

}  // namespace drill
