// `racelab redis` as it is called: the program itself, before a real server.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "redis/session.h"
#include "tests/redis/loopback.h"

namespace lab::view {
namespace {

using redis::test::Listener;
using redis::test::output_of;
using redis::test::RedisServer;
using redis::test::Stream;

const std::string kProgram = std::string(RACELAB_BINARY_DIR) + "/bin/racelab redis ";

// Runs it without a terminal; what it wrote to both of its streams, and its exit code at the end.
std::string run(const std::string& arguments, const std::string& before = "") {
  return output_of("sh -c '" + before + kProgram + arguments + "; echo \"exit $?\"' </dev/null");
}

std::uint16_t free_port() {
  Listener listener;
  return listener.port();
}

std::string ports(std::uint16_t listen, std::uint16_t server) {
  return "--listen " + std::to_string(listen) + " --server 127.0.0.1:" + std::to_string(server);
}

// Connects once the proxy listens, within a few seconds.
Stream connect(std::uint16_t port) {
  for (int i = 0;; ++i) {
    try {
      return Stream::connect(port);
    } catch (const std::runtime_error&) {
      if (i == 1000) throw;
      output_of("true");  // Takes a few milliseconds.
    }
  }
}

TEST(RedisCommand, PrintsOneRecordALineAsJson) {
  std::istringstream lines(run("--json"));
  std::string line;
  std::size_t count = 0;
  for (const auto& record : redis::recorded_session()) {
    ASSERT_TRUE(std::getline(lines, line));
    const auto json = nlohmann::json::parse(line);
    for (const auto* key :
         {"connection", "sequence", "request_bytes", "response_bytes", "latency_us"}) {
      EXPECT_TRUE(json.at(key).is_number_unsigned()) << key;
    }
    for (const auto* key : {"command", "key", "status"})
      EXPECT_TRUE(json.at(key).is_string()) << key;
    count += record.sequence > 0 ? 1 : 0;
  }
  EXPECT_EQ(count, redis::recorded_session().size());
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(line, "exit 0");
}

TEST(RedisCommand, EndsAfterSoManyRecords) {
  std::istringstream lines(run("--json --records 7"));
  std::string line;
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(line, "exit 0");
}

TEST(RedisCommand, EndsAfterSoManySeconds) {
  RedisServer server;
  const auto output = run(ports(0, server.port()) + " --seconds 0.2");
  EXPECT_NE(output.find("racelab redis: 0 records.\n"), std::string::npos) << output;
  EXPECT_NE(output.find("exit 0\n"), std::string::npos) << output;
}

TEST(RedisCommand, ShowsTotalsWithoutATerminal) {
  const auto output = run("");
  EXPECT_TRUE(output.starts_with("command ")) << output;
  EXPECT_NE(output.find("\nGET "), std::string::npos) << output;
}

TEST(RedisCommand, EndsQuietlyWhenItsReaderHasGone) {
  EXPECT_EQ(output_of("sh -c '" + kProgram + "--json | head -n 1 | wc -l'"), "1\n");
}

TEST(RedisCommand, CtrlCEndsIt) {
  RedisServer server;
  const auto output = run(ports(0, server.port()), "timeout -s INT 1 ");
  EXPECT_NE(output.find("racelab redis: 0 records.\nexit 124\n"), std::string::npos) << output;
}

TEST(RedisCommand, RecordsWhatItsClientsAsk) {
  RedisServer server;
  const auto port = free_port();
  const auto file =
      std::filesystem::temp_directory_path() / ("racelab-session-" + std::to_string(port) + ".txt");
  std::string output;
  std::thread command(
      [&] { output = run(ports(port, server.port()) + " --records 3 --record " + file.string()); });
  auto client = connect(port);
  EXPECT_EQ(client.ask("SET k v\r\nGET k\r\nNOPE\r\n", 12), "+OK\r\n$1\r\nv\r\n");
  command.join();
  const auto session = redis::read_session(file);
  std::filesystem::remove(file);
  ASSERT_EQ(session.size(), 3) << output;
  EXPECT_EQ(session[0].command, "SET");
  EXPECT_EQ(session[1].key, "k");
  EXPECT_EQ(session[2].status, redis::Status::kError);
}

TEST(RedisCommand, AVanishedServerEndsItWithASentence) {
  RedisServer server;
  const auto port = free_port();
  std::string output;
  std::thread command([&] { output = run(ports(port, server.port())); });
  auto client = connect(port);
  EXPECT_EQ(client.ask("PING\r\n", 7), "+PONG\r\n");
  server.kill();
  command.join();
  EXPECT_NE(output.find("The server at 127.0.0.1:" + std::to_string(server.port()) +
                        " has gone: Connection refused."),
            std::string::npos)
      << output;
  EXPECT_NE(output.find("exit 1\n"), std::string::npos) << output;
}

TEST(RedisCommand, ARefusedServerEndsItWithASentence) {
  const auto port = std::to_string(free_port());
  EXPECT_EQ(run("--listen 0 --server 127.0.0.1:" + port),
            "racelab redis: The server at 127.0.0.1:" + port +
                " cannot be reached: Connection refused. Is redis-server running there?\nexit 1\n");
}

TEST(RedisCommand, AFileThatIsNoSessionIsRefused) {
  const std::string file = std::string(RACELAB_SOURCE_DIR) + "/CMakeLists.txt";
  EXPECT_EQ(run("--replay " + file),
            "racelab redis: " + file +
                ": line 1: not a session: the first line must be 'racelab-session 1'\nexit 1\n");
}

TEST(RedisCommand, WordsThatAreOffAreUsage) {
  EXPECT_TRUE(run("--listen 0 --server nowhere").ends_with("exit 2\n"));
  EXPECT_TRUE(run("--server 127.0.0.1:6379").ends_with("exit 2\n"));
  EXPECT_TRUE(run("--records 0").ends_with("exit 2\n"));
  EXPECT_TRUE(run("--collector 99_none/racy").ends_with("exit 2\n"));
}

TEST(RedisCommand, ARecordingThatCannotBeWrittenIsSaidToBe) {
  const auto output = run("--json --record /dev/full | tail -n 2");
  EXPECT_NE(output.find("/dev/full could not be written to its end."), std::string::npos) << output;
}

}  // namespace
}  // namespace lab::view
