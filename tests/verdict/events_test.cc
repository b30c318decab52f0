#include "lab/verdict/events.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace lab::verdict {
namespace {

class EventsInAFile : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(file_); }
  void TearDown() override { std::filesystem::remove(file_); }
  void append(const std::string& text) { std::ofstream(file_, std::ios::app) << text; }

  std::filesystem::path file_ =
      std::filesystem::path(testing::TempDir()) / ("racelab_events_" + std::to_string(getpid()));
  EventReader reader_{file_};
};

TEST_F(EventsInAFile, AFileThatIsNotThereYetIsEmpty) { EXPECT_FALSE(reader_.read().begun); }

TEST_F(EventsInAFile, IsCompleteWhenEveryAnnouncedTestRanAndTheEndWasSaid) {
  append(R"({"event":"begin","engine":"in_turn","tests":2,"instrumented":true})"
         "\n"
         R"({"event":"test","name":"A.b","rounds":2,"failed":false,"reports":0})"
         "\n");
  EXPECT_TRUE(reader_.read().instrumented);
  EXPECT_FALSE(reader_.read().complete());
  append(R"({"event":"end","engine":"in_turn","tests":2,"failed":0})"
         "\n");
  EXPECT_FALSE(reader_.read().complete()) << "one of two tests ran";
  append(R"({"event":"test","name":"A.c","rounds":2,"failed":true,"reports":0})"
         "\n");
  EXPECT_TRUE(reader_.read().complete());
  EXPECT_TRUE(reader_.read().tests.at(1).failed);
}

TEST_F(EventsInAFile, WaitsForTheRestOfALine) {
  append(R"({"event":"stuck","test":"A.b",)");
  EXPECT_EQ(reader_.read().stuck_test, "");
  append(R"("functions":1,"of":2,"seconds":10})"
         "\n");
  EXPECT_EQ(reader_.read().stuck_test, "A.b");
}

TEST_F(EventsInAFile, PassesOverWhatIsNoEvent) {
  append("garbage\n[1,2]\n{\"event\":7}\n{\"event\":\"test\",\"rounds\":\"x\"}\n\xff\xfe\n");
  append(R"({"event":"failure","test":"A.b","file":"f.cc","line":3,"message":"m"})"
         "\n");
  const auto& events = reader_.read();
  ASSERT_EQ(events.failures.size(), 1);
  EXPECT_EQ(events.failures[0].line, 3);
  EXPECT_TRUE(events.tests.empty());
}

}  // namespace
}  // namespace lab::verdict
