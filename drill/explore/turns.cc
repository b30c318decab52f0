#include "drill/explore/turns.h"

#include <linux/futex.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>

#include "drill/explore/next.h"
#include "drill/explore/thread.h"

namespace drill::explore {
namespace {

// Something that one thread waits for and another gives. Each on a cache line of its own.
class alignas(64) Signal {
 public:
  void give() {
    state_.store(1, std::memory_order_release);
    futex(FUTEX_WAKE_PRIVATE, 1);
  }
  void take() {
    while (state_.load(std::memory_order_acquire) == 0) futex(FUTEX_WAIT_PRIVATE, 0);
    state_.store(0, std::memory_order_relaxed);
  }

 private:
  void futex(int operation, int value) {
    RACELAB_NEXT(syscall)(SYS_futex, &state_, operation, value, nullptr, nullptr, 0);
  }
  std::atomic<int> state_{0};
};

}  // namespace
}  // namespace drill::explore

#if defined(__x86_64__)

// Where a thread goes on: its stack, whose top holds the registers that a call preserves, and the
// base of its thread-local storage.
struct RacelabPlace {
  void* stack;
  void* storage;
};

extern "C" {
// Leaves the caller's place in `from` and goes on at `to`.
void racelab_switch(RacelabPlace* from, const RacelabPlace* to, int has_instruction);
// Leaves the caller's place in `from` and calls `function(argument)`, which never returns, on
// another stack. Returns when somebody switches to that place.
void racelab_stand_aside(RacelabPlace* from, void* stack, void (*function)(void*), void* argument);
}

// wrfsbase, where the kernel allows it, sets the storage's base at once; else
// arch_prctl(ARCH_SET_FS) does. Registers by the System V ABI for x86-64, section 3.2.1; the
// control words of the floating-point units are preserved too.
asm(R"(
  .text
  .globl racelab_switch
  .hidden racelab_switch
  .type racelab_switch, @function
racelab_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq (%rsi), %rsp
  movq 8(%rsi), %rsi
  testl %edx, %edx
  jz 1f
  wrfsbase %rsi
  jmp 2f
1:
  movl $0x1002, %edi
  movl $158, %eax
  syscall
2:
  ldmxcsr (%rsp)
  fldcw 4(%rsp)
  addq $8, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size racelab_switch, .-racelab_switch

  .globl racelab_stand_aside
  .hidden racelab_stand_aside
  .type racelab_stand_aside, @function
racelab_stand_aside:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $8, %rsp
  stmxcsr (%rsp)
  fnstcw 4(%rsp)
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  movq %rcx, %rdi
  call *%rdx
  ud2
  .size racelab_stand_aside, .-racelab_stand_aside
)");

namespace drill::explore {
namespace {

std::array<RacelabPlace, kThreadsMax> places;
std::array<Signal, kThreadsMax> readiness;

// What a kernel thread stands on once its own stack is another's.
struct alignas(64) Aside {
  std::array<char, 16'384> bytes;
};
std::array<Aside, kThreadsMax> asides;

bool has_instruction() {
  constexpr unsigned long kFsgsbase = 2;  // HWCAP2_FSGSBASE of asm/hwcap2.h.
  static const bool has = (getauxval(AT_HWCAP2) & kFsgsbase) != 0;
  return has;
}

void* storage_of_caller() {
  void* base;
  asm("movq %%fs:0, %0" : "=r"(base));
  return base;
}

// Its thread-local storage is another's as soon as it has said so: errno, which a system call may
// set, is in it. So it says so, and waits, without the C library.
void stand_aside(void* ready) {
  static_cast<Signal*>(ready)->give();
  for (;;) asm volatile("syscall" ::"a"(SYS_pause) : "rcx", "r11", "memory");
}

}  // namespace

void await_first_turn(int slot) {
  const auto at = static_cast<std::size_t>(slot);
  places[at].storage = storage_of_caller();
  racelab_stand_aside(&places[at], asides[at].bytes.data() + asides[at].bytes.size(), stand_aside,
                      &readiness[at]);
}

void await_readiness(int slot) { readiness[static_cast<std::size_t>(slot)].take(); }

void take_first_turn(int slot) {
  places[static_cast<std::size_t>(slot)].storage = storage_of_caller();
}

void hand_over(int from, int to) {
  racelab_switch(&places[static_cast<std::size_t>(from)], &places[static_cast<std::size_t>(to)],
                 has_instruction());
}

}  // namespace drill::explore

#else

namespace drill::explore {
namespace {
std::array<Signal, kThreadsMax> turns;
}  // namespace

void await_first_turn(int slot) { turns[static_cast<std::size_t>(slot)].take(); }
void await_readiness(int) {}
void take_first_turn(int) {}

void hand_over(int from, int to) {
  turns[static_cast<std::size_t>(to)].give();
  turns[static_cast<std::size_t>(from)].take();
}

}  // namespace drill::explore

#endif
