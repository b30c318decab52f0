// Cycles in the order of locks that no schedule closes: because one thread comes after the other,
// which is luck (Open), or because a lock around both keeps them apart (Gated). A suite's name is
// what the explorer must say of its tests' cycles.
#include <gtest/gtest.h>

#include <mutex>
#include <shared_mutex>

#include "tests/explore/programs/together.h"

namespace {

// Takes its arguments one after the other and lets go of them.
template <class... Locks>
void nest(Locks... locks) {
  (locks.lock(), ...);
}

template <class Mutex>
std::unique_lock<Mutex> on(Mutex& mutex) {
  return {mutex, std::defer_lock};
}

std::shared_lock<std::shared_mutex> reading(std::shared_mutex& mutex) {
  return {mutex, std::defer_lock};
}

TEST(None, OneOrder) {
  std::mutex a;
  std::mutex b;
  together([&] { nest(on(a), on(b)); }, [&] { nest(on(a), on(b)); });
}

TEST(None, ATriedLockIsNotWaitedFor) {
  std::mutex a;
  std::mutex b;
  nest(on(a), on(b));
  nest(on(b));
  const std::lock_guard lock(b);
  if (a.try_lock()) a.unlock();
}

TEST(Open, OneAfterTheOther) {
  std::mutex a;
  std::mutex b;
  together([&] { nest(on(a), on(b)); });
  together([&] { nest(on(b), on(a)); });
}

TEST(Open, AfterATriedLock) {
  std::mutex a;
  std::mutex b;
  nest(on(a), on(b));
  ASSERT_TRUE(b.try_lock());
  nest(on(a));
  b.unlock();
}

TEST(Open, ThreeLocks) {
  std::mutex a;
  std::mutex b;
  std::mutex c;
  nest(on(a), on(b));
  nest(on(b), on(c));
  nest(on(c), on(a));
}

TEST(Open, AGateForReadingKeepsNobodyOut) {
  std::shared_mutex gate;
  std::mutex a;
  std::mutex b;
  nest(reading(gate), on(a), on(b));
  nest(reading(gate), on(b), on(a));
}

TEST(Open, AGateTakenSecond) {
  std::mutex gate;
  std::mutex a;
  std::mutex b;
  nest(on(a), on(gate), on(b));
  nest(on(b), on(gate), on(a));
}

TEST(Open, AGateOfOneSide) {
  std::mutex gate;
  std::mutex a;
  std::mutex b;
  nest(on(gate), on(a), on(b));
  nest(on(b), on(a));
}

TEST(Open, TwoGates) {
  std::mutex one;
  std::mutex other;
  std::mutex a;
  std::mutex b;
  nest(on(one), on(a), on(b));
  nest(on(other), on(b), on(a));
}

TEST(Open, OneOfTwoCycles) {
  std::mutex gate;
  std::mutex a;
  std::mutex b;
  std::mutex c;
  nest(on(gate), on(a), on(b));
  nest(on(gate), on(b), on(a));
  nest(on(b), on(c));
  nest(on(c), on(b));
}

TEST(Gated, ByAMutex) {
  std::mutex gate;
  std::mutex a;
  std::mutex b;
  together([&] { nest(on(gate), on(a), on(b)); }, [&] { nest(on(gate), on(b), on(a)); });
}

TEST(Gated, WhereOneOnlyReads) {
  std::shared_mutex gate;
  std::mutex a;
  std::mutex b;
  together([&] { nest(reading(gate), on(a), on(b)); }, [&] { nest(on(gate), on(b), on(a)); });
}

TEST(Gated, TwoOfThree) {
  std::mutex gate;
  std::mutex a;
  std::mutex b;
  std::mutex c;
  together([&] { nest(on(gate), on(a), on(b)); }, [&] { nest(on(b), on(c)); },
           [&] { nest(on(gate), on(c), on(a)); });
}

}  // namespace
