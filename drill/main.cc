// The program of every pair: runs the contract's tests under the engines asked for.
//   --engine=in_turn|at_once|all   all by default
//   --repeats=N --limit-seconds=N  see drill::Limits
//   --events=FILE                  see drill/events.h
// and GoogleTest's own flags. Exits 0 when every test passed and ran to its end, 1 otherwise;
// ThreadSanitizer makes that 66 when it had anything to report.
#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "drill/engine.h"
#include "drill/runner.h"

namespace {

[[noreturn]] void usage(std::string_view argument) {
  std::fprintf(stderr,
               "drill: cannot take '%.*s'.\n"
               "Flags: --engine=in_turn|at_once|all --repeats=N --limit-seconds=N --events=FILE,\n"
               "and GoogleTest's (--help).\n",
               static_cast<int>(argument.size()), argument.data());
  std::exit(2);
}

bool take(std::string_view argument, std::string_view flag, std::string& value) {
  if (!argument.starts_with(flag) || argument.substr(flag.size(), 1) != "=") return false;
  value = argument.substr(flag.size() + 1);
  return true;
}

int number(std::string_view argument, const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1) usage(argument);
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  drill::Run run;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    std::string value;
    if (take(argument, "--engine", value)) {
      run.engine = value;
    } else if (take(argument, "--repeats", value)) {
      run.limits.repeats = number(argument, value);
    } else if (take(argument, "--limit-seconds", value)) {
      run.limits.limit_seconds = number(argument, value);
    } else if (take(argument, "--events", value)) {
      run.events = value;
    } else {
      usage(argument);
    }
  }
  if (run.engine != "all" && run.engine != "in_turn" && run.engine != "at_once") usage(run.engine);
  return drill::run_tests(run);
}
