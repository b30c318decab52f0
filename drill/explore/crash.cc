#include "drill/explore/crash.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include <cstdio>
#include <cstdlib>

#include "drill/explore/findings.h"
#include "drill/explore/trace.h"

namespace drill::explore {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
constexpr std::size_t kStackSize = 64 * 1024;

void on_signal(int signal, siginfo_t* info, void* context) {
  char message[128];
  std::snprintf(message, sizeof message, "signal %d (%s) at address %p", signal, strsignal(signal),
                info->si_addr);
  const auto* machine = static_cast<const ucontext_t*>(context);
  Address pc = 0;
#ifdef __x86_64__
  pc = static_cast<Address>(machine->uc_mcontext.gregs[REG_RIP]);
#endif
  note_standing(running());
  describe(report->sides[0], running(), pc + 1);
  report->side_count = 1;
  conclude(Outcome::kCrash, message);
}

}  // namespace

void provide_signal_stack() {
  stack_t stack{};
  stack.ss_sp = std::malloc(kStackSize);
  stack.ss_size = kStackSize;
  if (stack.ss_sp != nullptr) sigaltstack(&stack, nullptr);
}

void catch_crashes() {
  provide_signal_stack();
  struct sigaction action{};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

}  // namespace drill::explore
