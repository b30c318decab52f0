#include <pthread.h>

#include <exception>
#include <string>

#include "drill/explore/explore.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/usage.h"

namespace drill::explore {
namespace {

// As long as a drill may take under the other engines (drill/drill.h), in virtual time.
constexpr std::int64_t kDrillMaxNs = 10'000'000'000;

// The start of one function's thread.
void* call(void* function) {
  note_test_thread(running());
  std::string thrown;
  try {
    (*static_cast<std::function<void()>*>(function))();
    return nullptr;
  } catch (const std::exception& error) {
    thrown = std::string("A function of concurrently() threw: ") + error.what();
  } catch (...) {
    thrown = "A function of concurrently() threw.";
  }
  expectation_failed("", 0, thrown.c_str());
}

}  // namespace

void run_together(std::vector<std::function<void()>>& functions) {
  stand_still_no_longer_than(kDrillMaxNs);
  std::vector<pthread_t> threads(functions.size());
  for (std::size_t i = 0; i < functions.size(); ++i) {
    if (pthread_create(&threads[i], nullptr, call, &functions[i]) != 0) {
      expectation_failed("", 0, "concurrently() could not start a thread");
    }
  }
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
  stand_still_no_longer_than(kNever);
}

}  // namespace drill::explore
