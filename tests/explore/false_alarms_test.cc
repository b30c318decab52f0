// The correct programs under ThreadSanitizer itself: where it raises an alarm, that is known
// (docs/explorer.md lists it), and the explorer raises none (known_answers_test.cc).
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "lab/verdict/process.h"

namespace {

// What ThreadSanitizer does not model, or models wrongly, with some compiler or another.
const std::set<std::string> kKnown = {"Race.AtomicSharedPointer",
                                      "Pass.SharedTimedMutexTryLockFor",
                                      "Pass.TimedMutexTryLockFor"};

TEST(FalseAlarms, OfThreadSanitizerAreThoseKnown) {
  const std::filesystem::path events = testing::TempDir() + "alarms." + std::to_string(getpid());
  const auto outcome =
      lab::verdict::run({.arguments = {RACELAB_BINARY_DIR "/bin/correct_tsan", "--engine=at_once",
                                       "--repeats=5", "--events=" + events.string()},
                         .environment = {"TSAN_OPTIONS=atexit_sleep_ms=0"},
                         .fixed_addresses = true},
                        {});
  int tests = 0;
  std::ifstream in(events);
  for (std::string line; std::getline(in, line);) {
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (!event.is_object() || event.value("event", "") != "test") continue;
    ++tests;
    const auto name = event.value("name", "");
    if (event.value("reports", 0) == 0) continue;
    std::printf("ThreadSanitizer raises an alarm at %s\n", name.c_str());
    EXPECT_TRUE(kKnown.contains(name)) << outcome.output;
  }
  EXPECT_EQ(tests, 29) << outcome.output;
  std::filesystem::remove(events);
}

}  // namespace
