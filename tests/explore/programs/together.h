#pragma once

#include <thread>
#include <vector>

// Runs the functions as threads and waits for them.
template <class... Function>
void together(Function... functions) {
  std::vector<std::thread> threads;
  threads.reserve(sizeof...(functions));
  (threads.emplace_back(functions), ...);
  for (auto& thread : threads) thread.join();
}
