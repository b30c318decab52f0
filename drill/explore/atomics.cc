#include <cstdint>
#include <cstring>

#include "drill/explore/findings.h"
#include "drill/explore/locks.h"
#include "drill/explore/next.h"
#include "drill/explore/old_values.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/shadow.h"

// Atomic operations of 8 to 128 bits. Each is a schedule point; values are sequentially consistent
// but for what old_values.h tells, while the orders decide what happens before what: release
// sequences and fences as C++20 has them.

namespace drill::explore {
namespace {

// As the compilers pass them.
enum Order { kRelaxed, kConsume, kAcquireOrder, kReleaseOrder, kAcquireRelease, kSequential };

// The low bits; compilers may add hints above them.
Order order_of(int order) { return static_cast<Order>(order & 0xff); }
bool acquires(int order) { return order_of(order) != kRelaxed && order_of(order) != kReleaseOrder; }
bool releases(int order) { return order_of(order) >= kReleaseOrder; }
bool is_sequential(int order) { return order_of(order) == kSequential; }

// No builtin of 128 bits but this one does without a library; under one thread at a time any would
// do.
template <class T>
T get(const volatile T* address) {
  if constexpr (sizeof(T) == 16) {
    return __sync_val_compare_and_swap(const_cast<volatile T*>(address), T{0}, T{0});
  } else {
    return __atomic_load_n(address, __ATOMIC_SEQ_CST);
  }
}

// Whether `old` was still there and `value` is now.
template <class T>
bool swap_in(volatile T* address, T old, T value) {
  return __sync_bool_compare_and_swap(address, old, value);
}

template <class T>
T replace(volatile T* address, T value) {
  T old = get(address);
  while (!swap_in(address, old, value)) old = get(address);
  return old;
}

template <class T>
Object& enter(const volatile T* address, OpKind kind, Address pc) {
  Object& object = atomic_at(reinterpret_cast<Address>(address), sizeof(T));
  before({.kind = kind, .object = &object, .pc = pc});
  return object;
}

void check_atomic(const volatile void* address, std::size_t size, bool write, Address pc) {
  check(*self, {.address = reinterpret_cast<Address>(address),
                .size = size,
                .write = write,
                .atomic = true,
                .pc = pc});
}

// A load that found a value: what its writer published, the thread comes to know now or at its next
// acquire fence.
void after_load(Thread& thread, const Object& object, int order) {
  VectorClock& clock = acquires(order) ? thread.clock : thread.fence_acquired;
  clock.join(object.released);
  for (const Object* other : object.overlaps) clock.join(other->released);
}

void after_store(Thread& thread, Object& object, int order) {
  // A plain store ends the release sequences of others (C++20), so it replaces.
  object.released = releases(order) ? thread.clock : thread.fence_released;
  if (releases(order)) thread.clock.tick(thread.slot);
}

void after_read_modify_write(Thread& thread, Object& object, int order) {
  after_load(thread, object, order);
  object.released.join(releases(order) ? thread.clock : thread.fence_released);
  if (releases(order)) thread.clock.tick(thread.slot);
}

template <class T>
T load(const volatile T* address, int order, Address pc) {
  if (self == nullptr) return get(address);
  Object& object = enter(address, OpKind::kLoad, pc);
  check_atomic(address, sizeof(T), false, pc);
  T value = get(address);
  OldValue* older = older_than(&value, object, *self, sizeof(T), is_sequential(order));
  if (older != nullptr && finds_older_value(object, pc)) {
    std::memcpy(&value, older->bytes, sizeof(T));
    note_read(*older, *self, is_sequential(order));
    (acquires(order) ? self->clock : self->fence_acquired).join(older->released);
    return value;
  }
  note_latest_read(object, *self, is_sequential(order));
  after_load(*self, object, order);
  return value;
}

template <class T>
void store(volatile T* address, T value, int order, Address pc) {
  if (self == nullptr) {
    replace(address, value);
    return;
  }
  Object& object = enter(address, OpKind::kStore, pc);
  check_atomic(address, sizeof(T), true, pc);
  const T old = replace(address, value);
  note_stored(object, *self, &old, &value, sizeof(T), is_sequential(order));
  after_store(*self, object, order);
  if (old != value) changed(object);
}

// `modify` gives the new value for the old one.
template <class T, class Modify>
T read_modify_write(volatile T* address, int order, Address pc, Modify modify) {
  if (self == nullptr) {
    T old = get(address);
    while (!swap_in(address, old, modify(old))) old = get(address);
    return old;
  }
  Object& object = enter(address, OpKind::kReadModifyWrite, pc);
  check_atomic(address, sizeof(T), true, pc);
  const T old = get(address);
  const T value = modify(old);
  replace(address, value);
  note_latest_read(object, *self, is_sequential(order));
  note_stored(object, *self, &old, &value, sizeof(T), is_sequential(order));
  after_read_modify_write(*self, object, order);
  // Taking a spin lock that is taken changes nothing: a thread that does so over and over idles.
  if (value != old) {
    changed(object);
  } else if (releases(order)) {
    published(object);
  }
  return old;
}

template <class T>
bool compare_exchange(volatile T* address, T* expected, T desired, int order, int failure_order,
                      Address pc) {
  if (self == nullptr) {
    const T old = __sync_val_compare_and_swap(address, *expected, desired);
    const bool done = old == *expected;
    *expected = old;
    return done;
  }
  Object& object = enter(address, OpKind::kReadModifyWrite, pc);
  const T old = get(address);
  const bool done = old == *expected;
  check_atomic(address, sizeof(T), done, pc);
  note_latest_read(object, *self, is_sequential(done ? order : failure_order));
  if (!done) {
    after_load(*self, object, failure_order);
    *expected = old;
    return false;
  }
  replace(address, desired);
  note_stored(object, *self, &old, &desired, sizeof(T), is_sequential(order));
  after_read_modify_write(*self, object, order);
  if (desired != old) {
    changed(object);
  } else if (releases(order)) {
    published(object);
  }
  return true;
}

// No schedule point: a fence only orders, and rules older values out.
void fence(int order) {
  if (self == nullptr) return __atomic_thread_fence(__ATOMIC_SEQ_CST);
  Thread& thread = *self;
  if (is_sequential(order)) note_fence(thread);
  if (acquires(order)) thread.clock.join(thread.fence_acquired);
  if (releases(order)) {
    thread.fence_released = thread.clock;
    thread.clock.tick(thread.slot);
  }
}

}  // namespace
}  // namespace drill::explore

namespace explore = drill::explore;

__extension__ using Int128 = __int128;

#define RACELAB_ATOMIC_FETCH(T, bits, name, expression)                                       \
  T __tsan_atomic##bits##_##name(volatile T* address, T value, int order);                    \
  T __tsan_atomic##bits##_##name(volatile T* address, T value, int order) {                   \
    return explore::read_modify_write(address, order, RACELAB_CALLER,                         \
                                      [value](T old) { return static_cast<T>(expression); }); \
  }

#define RACELAB_ATOMIC_CAS(T, bits, strength)                                                     \
  int __tsan_atomic##bits##_compare_exchange_##strength(volatile T* address, T* expected,         \
                                                        T desired, int order, int failure);       \
  int __tsan_atomic##bits##_compare_exchange_##strength(volatile T* address, T* expected,         \
                                                        T desired, int order, int failure) {      \
    return explore::compare_exchange(address, expected, desired, order, failure, RACELAB_CALLER); \
  }

#define RACELAB_ATOMIC(T, bits)                                                             \
  T __tsan_atomic##bits##_load(const volatile T* address, int order);                       \
  T __tsan_atomic##bits##_load(const volatile T* address, int order) {                      \
    return explore::load(address, order, RACELAB_CALLER);                                   \
  }                                                                                         \
  void __tsan_atomic##bits##_store(volatile T* address, T value, int order);                \
  void __tsan_atomic##bits##_store(volatile T* address, T value, int order) {               \
    explore::store(address, value, order, RACELAB_CALLER);                                  \
  }                                                                                         \
  RACELAB_ATOMIC_FETCH(T, bits, exchange, (static_cast<void>(old), value))                  \
  RACELAB_ATOMIC_FETCH(T, bits, fetch_add, old + value)                                     \
  RACELAB_ATOMIC_FETCH(T, bits, fetch_sub, old - value)                                     \
  RACELAB_ATOMIC_FETCH(T, bits, fetch_and, old& value)                                      \
  RACELAB_ATOMIC_FETCH(T, bits, fetch_or, old | value)                                      \
  RACELAB_ATOMIC_FETCH(T, bits, fetch_xor, old ^ value)                                     \
  RACELAB_ATOMIC_FETCH(T, bits, fetch_nand, ~(old & value))                                 \
  RACELAB_ATOMIC_CAS(T, bits, strong)                                                       \
  RACELAB_ATOMIC_CAS(T, bits, weak)                                                         \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T* address, T expected, T desired,  \
                                               int order, int failure);                     \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T* address, T expected, T desired,  \
                                               int order, int failure) {                    \
    explore::compare_exchange(address, &expected, desired, order, failure, RACELAB_CALLER); \
    return expected;                                                                        \
  }

extern "C" {

RACELAB_ATOMIC(std::uint8_t, 8)
RACELAB_ATOMIC(std::uint16_t, 16)
RACELAB_ATOMIC(std::uint32_t, 32)
RACELAB_ATOMIC(std::uint64_t, 64)
RACELAB_ATOMIC(Int128, 128)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order) { explore::fence(order); }
void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int) {}

// What orders threads where nothing is instrumented. No schedule points.
void __tsan_acquire(void* address);
void __tsan_acquire(void* address) {
  if (explore::self == nullptr) return;
  const auto* object = explore::find_object(reinterpret_cast<std::uintptr_t>(address));
  if (object != nullptr) explore::self->clock.join(object->released);
}
void __tsan_release(void* address);
void __tsan_release(void* address) {
  if (explore::self == nullptr) return;
  auto& object =
      explore::object_at(reinterpret_cast<std::uintptr_t>(address), explore::ObjectKind::kFence);
  object.released.join(explore::self->clock);
  explore::self->clock.tick(explore::self->slot);
}

}  // extern "C"
