#include "drill/explore/thread_keys.h"

#include <limits.h>
#include <pthread.h>

#include <array>
#include <cerrno>
#include <map>
#include <utility>
#include <vector>

#include "drill/explore/next.h"
#include "drill/explore/thread.h"

// pthread_key_create() and its like. libstdc++'s notify_all_at_thread_exit() stands on them.
//
// A kernel thread serves many schedules, so values live here. A key that is made in a schedule is
// one of ours: the C library has a thousand, and a schedule does not give back what it took. Keys
// that were made before are the C library's, and so are the first thread's values of them.

namespace drill::explore {
namespace {

constexpr pthread_key_t kFirstOfOurs = 1u << 20;
using Destructor = void (*)(void*);

std::vector<Destructor> destructors_of_ours;
using Values = std::map<pthread_key_t, void*>;
std::array<Values, kThreadsMax> values;

bool is_ours(pthread_key_t key) { return key >= kFirstOfOurs; }

Values& values_of(const Thread& thread) { return values[static_cast<std::size_t>(thread.slot)]; }

Destructor destructor_of(pthread_key_t key) {
  const std::size_t at = key - kFirstOfOurs;
  return is_ours(key) && at < destructors_of_ours.size() ? destructors_of_ours[at] : nullptr;
}

}  // namespace

void forget_thread_keys(const Thread& thread) {
  const PassThrough pass_through;
  values_of(thread).clear();
}

void run_key_destructors(const Thread& thread) {
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
    Values now;
    {
      const PassThrough pass_through;
      now = std::exchange(values_of(thread), {});
    }
    for (const auto& [key, value] : now) {
      const Destructor destructor = destructor_of(key);
      if (value != nullptr && destructor != nullptr) destructor(value);
    }
    const PassThrough pass_through;
    now.clear();
    if (values_of(thread).empty()) return;
  }
}

}  // namespace drill::explore

using namespace drill::explore;

extern "C" {

int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
  if (self == nullptr) return RACELAB_NEXT(pthread_key_create)(key, destructor);
  const PassThrough pass_through;
  *key = kFirstOfOurs + static_cast<pthread_key_t>(destructors_of_ours.size());
  destructors_of_ours.push_back(destructor);
  return 0;
}

int pthread_key_delete(pthread_key_t key) {
  if (!is_ours(key)) return RACELAB_NEXT(pthread_key_delete)(key);
  const std::size_t at = key - kFirstOfOurs;
  if (at >= destructors_of_ours.size()) return EINVAL;
  destructors_of_ours[at] = nullptr;
  return 0;
}

int pthread_setspecific(pthread_key_t key, const void* value) {
  if (self == nullptr || (self->slot == 0 && !is_ours(key))) {
    return is_ours(key) ? 0 : RACELAB_NEXT(pthread_setspecific)(key, value);
  }
  Values& mine = values_of(*self);
  const PassThrough pass_through;
  mine[key] = const_cast<void*>(value);
  return 0;
}

void* pthread_getspecific(pthread_key_t key) {
  if (self == nullptr || (self->slot == 0 && !is_ours(key))) {
    return is_ours(key) ? nullptr : RACELAB_NEXT(pthread_getspecific)(key);
  }
  const Values& mine = values_of(*self);
  const auto found = mine.find(key);
  return found == mine.end() ? nullptr : found->second;
}

}  // extern "C"
