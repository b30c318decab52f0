#include "lab/workshop/progress.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lab/workshop/files.h"

namespace lab::workshop {
namespace {

namespace fs = std::filesystem;

class ProgressTest : public testing::Test {
 protected:
  ProgressTest() {
    std::string name = (fs::temp_directory_path() / "racelab-progress-XXXXXX").string();
    folder_ = fs::path(mkdtemp(name.data())) / "with space and \xc3\xbcmlaut" / "attempts";
  }
  ~ProgressTest() override { fs::remove_all(folder_.parent_path().parent_path()); }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }

  fs::path folder_;
};

TEST_F(ProgressTest, BeginsEmptyAndQuiet) {
  ProgressFile file(folder_);
  EXPECT_TRUE(file.read().current.empty());
  EXPECT_EQ(file.take_notice(), "");
}

TEST_F(ProgressTest, AnotherProcessReadsWhatWasWritten) {
  ProgressFile(folder_).update([](Progress& progress) {
    progress.current = "02_map";
    progress.scenarios["02_map"].hints = 2;
    progress.scenarios["02_map"].medals = {"mutex", "rwlock"};
  });
  const auto progress = ProgressFile(folder_).read();
  EXPECT_EQ(progress.current, "02_map");
  EXPECT_EQ(progress.of("02_map").hints, 2);
  EXPECT_TRUE(progress.of("02_map").passed());
  EXPECT_FALSE(progress.of("03_none").passed());
}

TEST_F(ProgressTest, ALostFileIsMadeAgainFromAttemptsAndSaidToBe) {
  write("02_map.h", "");
  write("02_map.1.h", "");
  write("passed/03_list/mutex.h", "");
  ProgressFile file(folder_);
  const auto progress = file.read();
  EXPECT_NE(file.take_notice().find("made again"), std::string::npos);
  EXPECT_EQ(file.take_notice(), "");
  EXPECT_EQ(progress.current, "02_map");
  EXPECT_TRUE(progress.of("02_map").started);
  EXPECT_FALSE(progress.of("02_map").passed());
  EXPECT_TRUE(progress.of("03_list").medals.contains("mutex"));
  EXPECT_EQ(progress.scenarios.size(), 2u);
}

TEST_F(ProgressTest, ABrokenFileIsKeptSaidAndMadeAgain) {
  for (const auto* broken :
       {"", "{", "[]", "{\"version\":2}", "{\"version\":1,\"current\":3,\"scenarios\":{}}",
        "{\"version\":1,\"current\":\"\",\"scenarios\":{\"a\":{\"hints\":\"x\"}}}"}) {
    write("02_map.h", "");
    write(".progress.json", broken);
    ProgressFile file(folder_);
    EXPECT_EQ(file.read().current, "02_map") << broken;
    EXPECT_NE(file.take_notice().find(".progress.broken.json"), std::string::npos) << broken;
    file.update([](Progress& progress) { progress.scenarios["02_map"].hints = 1; });
    file.take_notice();
    EXPECT_EQ(file.read().of("02_map").hints, 1) << broken;
    EXPECT_EQ(file.take_notice(), "") << broken;
    EXPECT_EQ(read_file(folder_ / ".progress.broken.json"), broken);
  }
}

TEST_F(ProgressTest, APassIsKeptAndAMedalWon) {
  ProgressFile file(folder_);
  EXPECT_TRUE(note_verdict(file, folder_, "02_map", "race", "", "racy"));
  EXPECT_TRUE(note_verdict(file, folder_, "02_map", "pass", "mutex", "source"));
  EXPECT_TRUE(note_verdict(file, folder_, "02_map", "pass", "call_once", "source"));
  EXPECT_TRUE(note_verdict(file, folder_, "02_map", "crash", "", "source"));
  const auto standing = file.read().of("02_map");
  EXPECT_EQ(standing.checks, 4);
  EXPECT_EQ(standing.verdict, "crash");
  EXPECT_EQ(standing.medals, (std::set<std::string>{"mutex", "other"}));
  EXPECT_EQ(read_file(folder_ / "passed/02_map/mutex.h"), "source");
}

// Each update adds one to two numbers: a half-written or half-done one would tell them apart.
TEST_F(ProgressTest, SurvivesBeingKilledAtAnyMoment) {
  for (int round = 0; round < 20; ++round) {
    int fds[2];
    ASSERT_EQ(pipe(fds), 0);
    const pid_t child = fork();
    if (child == 0) {
      ProgressFile file(folder_);
      for (;;) {
        file.update([](Progress& progress) {
          ++progress.scenarios["a"].hints;
          ++progress.scenarios["b"].hints;
        });
        if (::write(fds[1], "x", 1) != 1) _exit(1);
      }
    }
    close(fds[1]);
    char seen = 0;
    for (int updates = 0; updates <= round % 3; ++updates) ASSERT_EQ(::read(fds[0], &seen, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(fds[0]);
    ProgressFile file(folder_);
    const auto progress = file.read();
    EXPECT_EQ(file.take_notice(), "");
    EXPECT_GT(progress.of("a").hints, 0);
    EXPECT_EQ(progress.of("a").hints, progress.of("b").hints);
  }
}

TEST_F(ProgressTest, TwoProcessesLoseNoUpdate) {
  constexpr int kUpdates = 30;
  pid_t children[2];
  for (auto& child : children) {
    child = fork();
    if (child != 0) continue;
    ProgressFile file(folder_);
    for (int i = 0; i < kUpdates; ++i) {
      file.update([](Progress& progress) { ++progress.scenarios["a"].checks; });
    }
    _exit(0);
  }
  for (const auto child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(ProgressFile(folder_).read().of("a").checks, 2 * kUpdates);
}

TEST_F(ProgressTest, AFullDiskIsSaidAndLosesNothing) {
  ProgressFile(folder_).update([](Progress& progress) { progress.current = "02_map"; });
  const pid_t child = fork();
  if (child == 0) {
    // Files may not grow beyond eight bytes: the write ends early, as on a full disk.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{8, 8};
    setrlimit(RLIMIT_FSIZE, &limit);
    ProgressFile file(folder_);
    const bool written = file.try_update([](Progress& progress) { progress.current = "03"; });
    _exit(!written && file.take_notice().find("could not be written") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ProgressFile(folder_).read().current, "02_map");
  for (const auto& entry : fs::directory_iterator(folder_)) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
}

}  // namespace
}  // namespace lab::workshop
