#include "drill/explore/verdict.h"

namespace drill::explore {

const char* verdict_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone:
      return "pass";
    case Outcome::kRace:
    case Outcome::kUseAfterFree:
      return "race";
    case Outcome::kDeadlock:
      return "deadlock";
    case Outcome::kWrongResult:
      return "wrong_result";
    case Outcome::kMisuse:
    case Outcome::kLeakedThread:
    case Outcome::kCrash:
    case Outcome::kRunning:
      return "crash";
    case Outcome::kGagged:
      return "gagged";
    case Outcome::kLivelock:
    case Outcome::kStandstill:
    case Outcome::kTooLong:
      return "timeout";
    case Outcome::kDiverged:
    case Outcome::kUnsupported:
      return "cannot_judge";
  }
  return "cannot_judge";
}

const char* kind_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone:
      return "";
    case Outcome::kRace:
      return "data race";
    case Outcome::kUseAfterFree:
      return "use after free";
    case Outcome::kDeadlock:
      return "deadlock";
    case Outcome::kMisuse:
      return "misuse of a lock";
    case Outcome::kLivelock:
      return "livelock";
    case Outcome::kStandstill:
      return "standstill";
    case Outcome::kTooLong:
      return "too long";
    case Outcome::kWrongResult:
      return "failed expectation";
    case Outcome::kCrash:
    case Outcome::kRunning:
      return "crash";
    case Outcome::kGagged:
      return "an early end";
    case Outcome::kLeakedThread:
      return "leaked thread";
    case Outcome::kDiverged:
      return "not deterministic";
    case Outcome::kUnsupported:
      return "unsupported";
  }
  return "";
}

const char* name_of(OpKind kind) {
  static constexpr const char* kNames[] = {"start",
                                           "create",
                                           "join",
                                           "detach",
                                           "exit",
                                           "lock",
                                           "try_lock",
                                           "try_lock",
                                           "unlock",
                                           "lock_shared",
                                           "try_lock_shared",
                                           "try_lock_shared",
                                           "lock",
                                           "try_lock",
                                           "try_lock",
                                           "unlock",
                                           "wait",
                                           "wake_up",
                                           "notify_one",
                                           "notify_all",
                                           "load",
                                           "store",
                                           "update",
                                           "fence",
                                           "yield",
                                           "sleep",
                                           "wait",
                                           "wake_up",
                                           "notify",
                                           "call_once",
                                           "arrive",
                                           "pass",
                                           "acquire",
                                           "try_acquire",
                                           "try_acquire",
                                           "release",
                                           "finds the latest",
                                           "finds an older",
                                           "read",
                                           "write"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace drill::explore
