#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace lab::verdict {

// What the judge can say of a variant. Names and exit codes are a contract with scripts.
enum class Verdict {
  kPass,
  kRace,
  kDeadlock,
  kWrongResult,
  kCrash,
  kTimeout,
  kCompileError,
  kGagged,
  kCannotJudge,
};

struct VerdictFacts {
  Verdict verdict;
  std::string_view name;
  int exit_code;
  std::string_view meaning;
};

inline constexpr std::array<VerdictFacts, 9> kVerdicts = {{
    {Verdict::kPass, "pass", 0, "nothing found"},
    {Verdict::kRace, "race", 10, "a data race or a use after free"},
    {Verdict::kDeadlock, "deadlock", 11,
     "threads wait for each other, a lock is taken twice, or a lock order inverts"},
    {Verdict::kWrongResult, "wrong_result", 12, "an expectation failed"},
    {Verdict::kCrash, "crash", 13, "a signal ended it"},
    {Verdict::kTimeout, "timeout", 14, "still running at its limit"},
    {Verdict::kCompileError, "compile_error", 15, "it does not compile"},
    {Verdict::kGagged, "gagged", 16, "it silences or bypasses the judge"},
    {Verdict::kCannotJudge, "cannot_judge", 3, "this machine or build detects nothing"},
}};

constexpr const VerdictFacts& facts(Verdict verdict) {
  return kVerdicts[static_cast<std::size_t>(verdict)];
}

constexpr std::string_view name(Verdict verdict) { return facts(verdict).name; }
constexpr int exit_code(Verdict verdict) { return facts(verdict).exit_code; }

constexpr std::optional<Verdict> verdict_named(std::string_view text) {
  for (const auto& each : kVerdicts) {
    if (each.name == text) return each.verdict;
  }
  return std::nullopt;
}

}  // namespace lab::verdict
