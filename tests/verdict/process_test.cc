#include "lab/verdict/process.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lab/verdict/confine.h"

namespace lab::verdict {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Command shell(const std::string& script) { return {.arguments = {"sh", "-c", script}}; }

bool alive(pid_t pid) { return kill(pid, 0) == 0; }

TEST(Run, GivesExitCodeAndBothStreamsInOrder) {
  const auto outcome = run(shell("echo one; echo two >&2; exit 7"), {});
  EXPECT_TRUE(outcome.started);
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_EQ(outcome.output, "one\ntwo\n");
  EXPECT_FALSE(outcome.timed_out);
}

TEST(Run, TellsTheSignalThatEndedIt) {
  const auto outcome = run(shell("kill -SEGV $$"), {});
  EXPECT_EQ(outcome.signal, SIGSEGV);
  EXPECT_EQ(outcome.exit_code, -1);
}

TEST(Run, SaysWhyAProgramDidNotStart) {
  const auto outcome = run({.arguments = {"/nowhere/program"}}, {});
  EXPECT_FALSE(outcome.started);
  EXPECT_NE(outcome.output.find("No such file"), std::string::npos) << outcome.output;
}

TEST(Run, EndsAtTheTimeLimitWithAllItsChildren) {
  adopt_orphans();
  const auto outcome = run(shell("sleep 100 & echo $!; wait"), {.time = milliseconds(300)});
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_LT(outcome.seconds, 5);
  EXPECT_FALSE(alive(std::stoi(outcome.output)));
}

TEST(Run, EndsWhatLeftTheGroup) {
  adopt_orphans();
  const auto outcome = run(shell("setsid sleep 100 >/dev/null 2>&1 & echo $!; exit 0"), {});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_FALSE(alive(std::stoi(outcome.output)));
}

TEST(Run, CutsEndlessOutput) {
  const auto outcome =
      run(shell("yes"), {.time = milliseconds(500), .output_bytes = std::size_t{1} << 20});
  EXPECT_TRUE(outcome.output_cut);
  EXPECT_EQ(outcome.output.size(), std::size_t{1} << 20);
}

TEST(Run, EndsWhatTakesTooMuchMemory) {
  // A shell that doubles a string for ever.
  const auto outcome = run(shell("x=0123456789abcdef; while :; do x=$x$x; done"),
                           {.time = seconds(30), .memory_bytes = std::size_t{200} << 20});
  EXPECT_TRUE(outcome.out_of_memory);
  EXPECT_FALSE(outcome.timed_out);
}

TEST(Run, PassesVariablesAndFolder) {
  setenv("RACELAB_TEST_VARIABLE", "ours", 1);
  auto command = shell("echo $RACELAB_TEST_VARIABLE; pwd");
  command.environment = {"RACELAB_TEST_VARIABLE=theirs"};
  command.folder = "/";
  EXPECT_EQ(run(command, {}).output, "theirs\n/\n");
}

TEST(Run, FixesAddresses) {
  auto command = shell("cat /proc/self/personality");
  command.fixed_addresses = true;
  EXPECT_EQ(run(command, {}).output.substr(0, 4), "0004");
}

TEST(Run, LetsTheWatchEndTheChild) {
  Watch watch;
  int looks = 0;
  watch.poll = [&looks](int pid, bool at_limit) {
    EXPECT_TRUE(alive(pid));
    EXPECT_FALSE(at_limit);
    return ++looks == 3;
  };
  const auto outcome = run(shell("sleep 100"), {}, watch);
  EXPECT_EQ(outcome.signal, SIGKILL);
  EXPECT_LT(outcome.seconds, 5);
}

TEST(Run, ConfinesToOneFolder) {
  adopt_orphans();
  const bool confined = confinement().bubblewrap || confinement().landlock;
  EXPECT_FALSE(confinement().says.empty());
  namespace fs = std::filesystem;
  const auto folder =
      fs::path(testing::TempDir()) / ("racelab confined " + std::to_string(getpid()));
  fs::remove_all(folder);
  fs::create_directories(folder / "scratch");
  setenv("RACELAB_TEST_VARIABLE", "ours", 1);
  auto command = shell(
      "echo in >inside; echo out >../outside; rm -f ../kept; sleep 100 & "
      "echo \"$HOME|$RACELAB_TEST_VARIABLE\"");
  std::ofstream(folder / "kept") << "kept";
  command.confined_to = folder / "scratch";
  command.folder = folder / "scratch";
  const auto outcome = run(command, {.time = seconds(60)});
  EXPECT_TRUE(fs::exists(folder / "scratch" / "inside")) << outcome.output;
  // Where the system offers neither way, the judge says so, and only the environment is another.
  EXPECT_EQ(fs::exists(folder / "outside"), !confined) << confinement().says;
  EXPECT_EQ(fs::exists(folder / "kept"), confined);
  EXPECT_NE(outcome.output.find((folder / "scratch").string() + "|\n"), std::string::npos)
      << outcome.output;
  fs::remove_all(folder);
}

}  // namespace
}  // namespace lab::verdict
