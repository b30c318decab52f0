#include "drill/explore/crash.h"

#include <cxxabi.h>
#include <signal.h>
#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <typeinfo>

#include "drill/explore/findings.h"
#include "drill/explore/trace.h"

namespace drill::explore {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
constexpr std::size_t kStackSize = 64 * 1024;

// What the exception says that ended the program; empty where none did.
char thrown[256];

void on_terminate() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type != nullptr) {
    int status = 0;
    char* const name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
    const char* const shown = status == 0 ? name : type->name();
    try {
      throw;
    } catch (const std::exception& exception) {
      const char* const what = exception.what();
      const bool named = std::strncmp(what, shown, std::strlen(shown)) == 0;
      std::snprintf(thrown, sizeof thrown, "nobody catches %s%s%s", named ? "" : shown,
                    named ? "" : ": ", what);
    } catch (...) {
      std::snprintf(thrown, sizeof thrown, "nobody catches %s", shown);
    }
  } else {
    std::snprintf(thrown, sizeof thrown, "std::terminate() was called, as when a std::thread goes "
                                         "that was not joined");
  }
  std::abort();
}

void on_signal(int signal, siginfo_t* info, void* context) {
  const auto* machine = static_cast<const ucontext_t*>(context);
  Address pc = 0;
  Address stack = 0;
#ifdef __x86_64__
  pc = static_cast<Address>(machine->uc_mcontext.gregs[REG_RIP]);
  stack = static_cast<Address>(machine->uc_mcontext.gregs[REG_RSP]);
#endif
  const auto address = reinterpret_cast<Address>(info->si_addr);
  constexpr Address kNearby = 64 << 10;  // What a frame or two may skip.
  const bool below_stack = stack != 0 && address + kNearby > stack && address < stack + kNearby;
  char message[512];
  if (signal == SIGABRT) {
    std::snprintf(message, sizeof message, "%s", thrown[0] != '\0' ? thrown : ::strsignal(signal));
  } else if (signal == SIGSEGV && below_stack) {
    std::snprintf(message, sizeof message, "the stack is used up: recursion without an end?");
  } else {
    std::snprintf(message, sizeof message, "signal %d (%s) at address %p", signal,
                  ::strsignal(signal), info->si_addr);
  }
  note_standing(running());
  describe(report->sides[0], running(), pc + 1);
  report->sides[0].crashes = true;
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
  std::set_terminate(on_terminate);
  struct sigaction action{};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

}  // namespace drill::explore
