// Reports: data race; data race; data race; data race; heap-use-after-free; data race
// Faults that share a function or a pool, and nothing else. References hide the
// members' names.
#include <new>
#include <thread>
#include <vector>

#include "order.h"

struct Pool {
  void* take(std::size_t size) { return ::operator new(size); }
  void give(void* block) { ::operator delete(block); }
};
Pool pool;

struct Subject {
  std::vector<int> observers;
  int last = 0;
  void subscribe(int one) {
    auto& all = observers;
    all.push_back(one);
  }
  void set(int value) {
    auto* to = &last;
    *to = value;
  }
  int notify() {
    int sum = 0;
    for (const auto one : observers) sum += one;
    return sum + last;
  }
};

struct Timer {
  long deadline = 0;
  void arm(long time) {
    auto& to = deadline;
    to = time;
  }
  bool due(long now) const { return now >= deadline; }
};

struct Session {
  int id = 0;
  void close() { pool.give(this); }
  void touch() { id = 1; }
};

int main() {
  auto* subject = new (pool.take(sizeof(Subject))) Subject;
  auto* timer = new (pool.take(sizeof(Timer))) Timer;
  auto* session = new (pool.take(sizeof(Session))) Session;
  std::thread first([&] {
    subject->subscribe(1);
    subject->set(1);
    step();
    wait_for_step(2);
    session->close();
    step();
  });
  std::thread second([&] {
    timer->arm(1);
    wait_for_step(1);
    volatile int sum = subject->notify();
    static_cast<void>(sum);
    step();
    wait_for_step(3);
    session->touch();
    step();
  });
  wait_for_step(4);
  volatile bool due = timer->due(2);
  static_cast<void>(due);
  first.join();
  second.join();
}
