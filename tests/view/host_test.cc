#include "lab/view/host.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "redis/replay.h"

namespace lab::view {
namespace {

std::filesystem::path program(const std::string& collector) {
  return std::filesystem::path(RACELAB_BINARY_DIR) / "bin" / ("view_test_" + collector + ".host");
}

std::filesystem::path header(const std::string& collector) {
  return std::filesystem::path(RACELAB_SOURCE_DIR) / "tests/view/hosts" / collector / "collector.h";
}

// `each` records on each of four connections.
redis::Session session(std::uint64_t each) {
  redis::Session session;
  for (std::uint64_t sequence = 1; sequence <= each; ++sequence) {
    for (std::uint32_t connection = 1; connection <= 4; ++connection) {
      session.push_back(
          {.connection = connection, .sequence = sequence, .command = "GET", .key = "user:1"});
    }
  }
  return session;
}

class Hosts : public testing::Test {
 protected:
  Hosts() { std::signal(SIGPIPE, SIG_IGN); }

  // What became of the collector, once it was given the session and then ended.
  HostState after(const std::string& collector, const redis::Session& session) {
    Host host(program(collector), header(collector),
              [this](const report::Cause& cause) { told_.push_back(cause); });
    redis::replay(session, host.captures());
    host.end();
    return host.state();
  }

  std::vector<report::Cause> told_;
};

TEST_F(Hosts, ARaceIsReportedWithTheCollectorsOwnLines) {
  const auto state = after("racy", session(500));
  ASSERT_GE(state.causes.size(), 1);
  EXPECT_EQ(told_.size(), state.causes.size());
  EXPECT_EQ(state.causes[0].kind, "data race");
  EXPECT_EQ(state.causes[0].object, "records_");
  EXPECT_EQ(std::filesystem::path(state.causes[0].first.file).filename(), "collector.h");
  EXPECT_EQ(state.trouble, "");
}

// The host itself must add no order that hides races, and no race of its own.
TEST_F(Hosts, ACollectorWithoutRaceIsClean) {
  const auto state = after("fixed", session(500));
  EXPECT_EQ(state.reports, 0);
  EXPECT_EQ(state.trouble, "");
  EXPECT_GT(state.answers, 0);
  EXPECT_TRUE(state.answer.starts_with("find(user:1): ")) << state.answer;
}

TEST_F(Hosts, ACollectorThatHangsIsEnded) {
  const auto state = after("hanging", session(10));
  EXPECT_EQ(state.trouble,
            "The collector hangs: its threads did not end when there were no more records.");
}

TEST_F(Hosts, ACollectorThatTakesNothingMoreHoldsNobodyUp) {
  const auto state = after("hanging", session(5000));
  EXPECT_EQ(state.trouble, "The collector takes no more records: add() hangs.");
}

TEST_F(Hosts, ACollectorThatCrashesIsSaidTo) {
  const auto state = after("crashing", session(2000));
  EXPECT_EQ(state.trouble, "The collector crashed: SEGV.");
}

TEST_F(Hosts, WithoutRecordsAndEndedTwice) {
  Host host(program("fixed"), header("fixed"), [](const report::Cause&) {});
  host.end();
  host.end();
  EXPECT_EQ(host.state().trouble, "");
}

TEST_F(Hosts, AMissingProgramIsSaidToBeMissing) {
  EXPECT_THROW(Host("no/such.host", "", [](const report::Cause&) {}), std::runtime_error);
}

}  // namespace
}  // namespace lab::view
