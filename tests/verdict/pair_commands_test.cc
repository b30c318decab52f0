#include "lab/verdict/pair_commands.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "lab/scratch.h"

namespace lab::verdict {
namespace {

constexpr const char* kPair = "01_a.racy";

// A build tree of one pair without an explorer.
void configure(const std::filesystem::path& tree, const std::string& flags) {
  std::ofstream(tree / "build.ninja")
      << "rule run\n  command = $line\n"
         "build CMakeFiles/01_a.racy.object.dir/t.o: run\n"
         "  line = cc -I/x/pairs/01_a.racy"
      << flags
      << " -o CMakeFiles/01_a.racy.object.dir/t.o -c /x/t.cc\n"
         "build 01_a.racy: run CMakeFiles/01_a.racy.object.dir/t.o\n"
         "  line = cc CMakeFiles/01_a.racy.object.dir/t.o -o bin/01_a.racy -lx\n";
}

std::string compile_of(const std::filesystem::path& tree) {
  std::string problem;
  const auto commands = commands_of(tree, kPair, problem);
  return commands ? commands->compile : "none: " + problem;
}

TEST(PairCommands, AreKeptUntilTheTreeIsConfiguredAnew) {
  const Scratch tree("test");
  configure(tree.folder(), "");
  const auto first = compile_of(tree.folder());
  EXPECT_EQ(first.find("cc -I/x/pairs/01_a.racy -o "), 0u) << first;
  ASSERT_TRUE(std::filesystem::exists(tree.file("commands") / kPair));
  EXPECT_EQ(compile_of(tree.folder()), first);
  configure(tree.folder(), " -DNEW");
  EXPECT_NE(compile_of(tree.folder()).find("-DNEW"), std::string::npos);
}

TEST(PairCommands, SayWhyThereAreNone) {
  const Scratch tree("test");
  EXPECT_EQ(compile_of(tree.folder()).find("none: ninja: error"), 0u) << compile_of(tree.folder());
}

TEST(PairCommands, MakeOfTheAttemptWhatTheyMadeOfTheRacyPair) {
  const Scratch tree("test");
  configure(tree.folder(), "");
  std::string problem;
  auto commands = commands_of(tree.folder(), kPair, problem);
  ASSERT_TRUE(commands) << problem;
  redirect(*commands, kPair, "/an attempt");
  EXPECT_EQ(commands->compile, "cc -I'/an attempt' -o '/an attempt/attempt.o' -w -c /x/t.cc");
  EXPECT_EQ(commands->link, "cc '/an attempt/attempt.o' -o '/an attempt/attempt' -lx");
  EXPECT_EQ(commands->contract, "/x/t.cc");
  EXPECT_TRUE(commands->link_explored.empty());
}

}  // namespace
}  // namespace lab::verdict
