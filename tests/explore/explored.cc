#include "tests/explore/explored.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "lab/verdict/process.h"

Explored explored(const std::string& program, std::vector<std::string> arguments,
                  std::vector<std::string> environment) {
  const std::filesystem::path events = testing::TempDir() + "explored." + std::to_string(getpid());
  arguments.insert(arguments.begin(), RACELAB_BINARY_DIR "/bin/explored_" + program);
  arguments.push_back("--events=" + events.string());
  std::filesystem::remove(events);
  const auto outcome = lab::verdict::run(
      {.arguments = std::move(arguments), .environment = std::move(environment)}, {});
  lab::verdict::EventReader reader(events);
  Explored result;
  result.events = reader.read().explored;
  for (const auto& test : result.events) {
    auto story = lab::story::read(test.json);
    EXPECT_TRUE(story) << test.json;
    if (story) result.tests.push_back(*story);
  }
  EXPECT_TRUE(reader.read().ended) << outcome.output;
  std::filesystem::remove(events);
  result.exit_code = outcome.exit_code;
  result.output = outcome.output;
  return result;
}
