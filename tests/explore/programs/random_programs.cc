// Small random programs, for comparing what a reduced search sees with what every schedule gives.
// Each test is one program: two or three threads with a few operations on few objects, drawn from
// the number in its name. What all threads observed names the order of all dependent operations; it
// is appended, as a hash, to the file RACELAB_OUTCOMES.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <random>
#include <shared_mutex>
#include <thread>
#include <vector>

namespace {

constexpr int kObjects = 2;

enum class Step {
  kLoad,
  kStore,
  kAdd,
  kExchange,
  kCriticalSection,
  kTwoLocks,
  kTryLock,
  kShared,
  kYield
};

struct Action {
  Step step;
  int object;
};

struct World {
  std::array<std::atomic<int>, kObjects> atomics{};
  std::array<std::mutex, kObjects> mutexes;
  std::array<int, kObjects> counts{};  // Each guarded by its mutex.
  std::shared_mutex shared;
  int written = 0;  // Guarded by shared.
};

std::vector<std::vector<Action>> draw(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&random](unsigned limit) { return static_cast<int>(random() % limit); };
  std::vector<std::vector<Action>> threads(seed % 3 == 0 ? 3 : 2);
  const unsigned steps = threads.size() == 3 ? 2 : 4;
  for (auto& thread : threads) {
    for (unsigned i = 0; i < 1 + random() % steps; ++i) {
      thread.push_back({static_cast<Step>(below(9)), below(kObjects)});
    }
  }
  return threads;
}

// Does one action and returns what it observed.
int act(World& world, const Action& action, int unique) {
  auto& atomic = world.atomics[static_cast<std::size_t>(action.object)];
  auto& mutex = world.mutexes[static_cast<std::size_t>(action.object)];
  auto& count = world.counts[static_cast<std::size_t>(action.object)];
  switch (action.step) {
    case Step::kLoad:
      return atomic.load();
    case Step::kStore:
      atomic.store(unique);
      return 0;
    case Step::kAdd:
      return atomic.fetch_add(100);
    case Step::kExchange:
      return atomic.exchange(unique);
    case Step::kCriticalSection: {
      const std::lock_guard lock(mutex);
      return ++count;
    }
    case Step::kTwoLocks: {
      const std::scoped_lock both(world.mutexes[0], world.mutexes[1]);
      return ++world.counts[0] * 10 + ++world.counts[1];
    }
    case Step::kTryLock: {
      const std::unique_lock lock(mutex, std::try_to_lock);
      return lock ? ++count : -1;
    }
    case Step::kShared: {
      if (unique % 2 == 0) {
        const std::shared_lock lock(world.shared);
        return world.written;
      }
      const std::unique_lock lock(world.shared);
      return ++world.written;
    }
    case Step::kYield:
      std::this_thread::yield();
      return 0;
  }
  return 0;
}

void note_outcome(unsigned seed, const World& world,
                  const std::vector<std::vector<int>>& observed) {
  const char* file = std::getenv("RACELAB_OUTCOMES");
  if (file == nullptr) return;
  std::uint64_t hash = seed;
  const auto mix = [&hash](int value) {
    hash = (hash ^ static_cast<std::uint64_t>(value) ^ 0x5bd1e995U) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 31;
  };
  for (const auto& thread : observed) {
    for (const int value : thread) mix(value);
  }
  for (const auto& atomic : world.atomics) mix(atomic.load());
  const int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  EXPECT_EQ(write(fd, &hash, sizeof hash), static_cast<ssize_t>(sizeof hash));
  close(fd);
}

class RandomProgram : public testing::TestWithParam<unsigned> {};

TEST_P(RandomProgram, Runs) {
  const auto program = draw(GetParam());
  World world;
  std::vector<std::vector<int>> observed(program.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < program.size(); ++t) {
      observed[t].reserve(program[t].size());
      threads.emplace_back([&world, &actions = program[t], &mine = observed[t], t] {
        int unique = 1 + static_cast<int>(t) * 10;
        for (const Action& action : actions) mine.push_back(act(world, action, unique++));
      });
    }
  }
  note_outcome(GetParam(), world, observed);
}

INSTANTIATE_TEST_SUITE_P(Drawn, RandomProgram, testing::Range(0U, 400U));

}  // namespace
