#include "lab/workshop/watcher.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace lab::workshop {
namespace {

namespace fs = std::filesystem;

class WatcherTest : public testing::Test {
 protected:
  WatcherTest() {
    std::string name = (fs::temp_directory_path() / "racelab-watcher-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    file_ = folder_ / "attempt.h";
    std::ofstream(file_) << "one";
    watcher_.watch(file_);
  }
  ~WatcherTest() override { fs::remove_all(folder_); }

  // Whether a save is told within `rounds` looks, as the loop takes them.
  bool saved_within(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      pollfd wait{watcher_.fd(), POLLIN, 0};
      poll(&wait, 1, watcher_.timeout_ms());
      if (watcher_.saved()) return true;
    }
    return false;
  }

  fs::path folder_;
  fs::path file_;
  Watcher watcher_;
};

TEST_F(WatcherTest, IsQuietWhenNothingHappens) { EXPECT_FALSE(saved_within(2)); }

TEST_F(WatcherTest, TellsAWriteInPlaceOnce) {
  std::ofstream(file_) << "two, longer";
  EXPECT_TRUE(saved_within(50));
  EXPECT_FALSE(saved_within(2));
}

TEST_F(WatcherTest, TellsASaveByRename) {
  for (int i = 0; i < 2; ++i) {
    std::ofstream(folder_ / "attempt.h.swp") << "three " << i;
    fs::rename(folder_ / "attempt.h.swp", file_);
    EXPECT_TRUE(saved_within(50));
  }
}

TEST_F(WatcherTest, OtherFilesAreNotItsConcern) {
  std::ofstream(folder_ / "other.h") << "x";
  EXPECT_FALSE(saved_within(3));
}

TEST_F(WatcherTest, AFileThatGoesAndComesBackWasSaved) {
  fs::remove(file_);
  EXPECT_FALSE(saved_within(3));
  std::ofstream(file_) << "again";
  EXPECT_TRUE(saved_within(50));
}

TEST_F(WatcherTest, AFileThatStaysAwayIsToldOnce) {
  EXPECT_FALSE(watcher_.gone());
  fs::remove(file_);
  bool gone = false;
  for (int i = 0; i < 100 && !gone; ++i) {
    EXPECT_FALSE(saved_within(1));
    gone = watcher_.gone();
  }
  EXPECT_TRUE(gone);
  EXPECT_FALSE(saved_within(3));
  EXPECT_FALSE(watcher_.gone());
  std::ofstream(file_) << "again";
  EXPECT_TRUE(saved_within(50));
}

}  // namespace
}  // namespace lab::workshop
