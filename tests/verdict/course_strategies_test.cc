// Every fix of the course is named by its own strategy, from what it did under the explorer. A few
// schedules of each test are enough: a strategy shows in all of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "lab/course/course.h"
#include "lab/verdict/events.h"
#include "lab/verdict/process.h"
#include "lab/verdict/strategy.h"

namespace lab::verdict {
namespace {

namespace fs = std::filesystem;

// Fixes that do more than they are named by: a receiver that puts what came under a mutex for all
// to look at; a gate of a read-write lock before a queue; an inbox made of a mutex and conditions,
// whose senders wait for room.
const std::map<std::string, std::string> kOthers = {
    {"11_stop_flag.message_passing", "mutex"},
    {"19_full_queue_shutdown.message_passing", "rwlock"},
    {"19_full_queue_shutdown.mutex", "message_passing"},
};

struct Named {
  std::string pair;
  std::string expected;
  std::string strategy;
  std::string why_not;  // The program did not run as it should.
};

std::vector<Named> fixes_of_the_course() {
  const course::Course course(RACELAB_SOURCE_DIR);
  std::vector<Named> fixes;
  for (const auto& scenario : course.scenarios()) {
    for (const auto& variant : scenario.variants) {
      const bool medal = variant.name == "mutex" || variant.name == "rwlock" ||
                         variant.name == "sharded_map" || variant.name == "message_passing";
      if (variant.kind != course::Kind::kFix || !medal) continue;
      const auto other = kOthers.find(variant.pair());
      fixes.push_back({.pair = variant.pair(),
                       .expected = other != kOthers.end() ? other->second : variant.name,
                       .strategy = "",
                       .why_not = ""});
    }
  }
  return fixes;
}

void explore(Named& fix) {
  const auto file =
      fs::path(testing::TempDir()) / ("strategy." + std::to_string(getpid()) + "." + fix.pair);
  const auto outcome =
      run({.arguments = {RACELAB_BINARY_DIR "/bin/" + fix.pair + ".explore", "--budget-schedules=8",
                         "--budget-seconds=5", "--events=" + file.string()}},
          {.time = std::chrono::seconds(60)});
  EventReader reader(file);
  const auto& events = reader.read();
  fix.strategy = strategy_of(events.explored);
  if (!events.ended) fix.why_not = outcome.started ? outcome.output : "it is not built";
  fs::remove(file);
}

TEST(CourseStrategies, EveryFixIsNamedByItsOwn) {
  auto fixes = fixes_of_the_course();
  ASSERT_GE(fixes.size(), 75u);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < fixes.size(); i = next++) explore(fixes[i]);
  };
  {
    const std::jthread other(work);
    work();
  }
  for (const auto& fix : fixes) {
    EXPECT_EQ(fix.why_not, "") << fix.pair;
    EXPECT_EQ(fix.strategy, fix.expected) << fix.pair;
  }
}

}  // namespace
}  // namespace lab::verdict
