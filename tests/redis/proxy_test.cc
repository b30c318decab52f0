#include "redis/proxy.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/redis/loopback.h"

namespace redis {
namespace {

using namespace std::chrono_literals;
using test::Listener;
using test::RedisServer;
using test::Stream;

// What the proxy captured and said, from all of its threads.
class Captured {
 public:
  void add(const Record& record) {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
    changed_.notify_all();
  }

  void tell(const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    told_.push_back(sentence);
    changed_.notify_all();
  }

  // Waits, a few seconds at most, for so many.
  std::vector<Record> records(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 5s, [&] { return records_.size() >= count; });
    return records_;
  }

  std::string told() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 5s, [&] { return !told_.empty(); });
    return told_.empty() ? "" : told_.front();
  }

 private:
  std::mutex mutex_;  // Guards what follows.
  std::condition_variable changed_;
  std::vector<Record> records_;
  std::vector<std::string> told_;
};

class ProxyTest : public testing::Test {
 protected:
  std::unique_ptr<Proxy> proxy_to(std::uint16_t port, std::size_t connections_max = 100) {
    return std::make_unique<Proxy>(
        ProxyOptions{.server_port = port, .connections_max = connections_max},
        [this](std::uint32_t) { return [this](const Record& record) { captured_.add(record); }; },
        [this](const std::string& sentence) { captured_.tell(sentence); });
  }

  // To a listener of the test; the proxy's first look at it is let go.
  std::unique_ptr<Proxy> proxy_to(Listener& server) {
    auto proxy = proxy_to(server.port());
    server.accept();
    return proxy;
  }

  std::map<std::string, int> records_by_command(std::size_t count) {
    std::map<std::string, int> by_command;
    for (const auto& record : captured_.records(count)) ++by_command[record.command];
    return by_command;
  }

  Captured captured_;
};

TEST_F(ProxyTest, CapturesWhatAClientAsksOfARealServer) {
  RedisServer server;
  const auto proxy = proxy_to(server.port());
  auto client = Stream::connect(proxy->port());
  EXPECT_EQ(client.ask("SET user:1 Ann\r\nGET user:1\r\n", 14), "+OK\r\n$3\r\nAnn\r\n");
  client.ask("LPUSH user:1 x\r\n", 68);
  const auto records = captured_.records(3);
  ASSERT_EQ(records.size(), 3);
  EXPECT_EQ(records[0].command, "SET");
  EXPECT_EQ(records[1].response_bytes, 9);
  EXPECT_EQ(records[2].status, Status::kError);
  EXPECT_EQ(records[2].sequence, 3);
  EXPECT_EQ(records[2].key, "user:1");
}

// Both protocols, each type of reply, a pipeline, and values larger than any buffer in between.
TEST_F(ProxyTest, RepliesAreTheSameByteForByte) {
  RedisServer server;
  const auto proxy = proxy_to(server.port());
  const std::string large(3 << 20, 'v');
  std::string script =
      "FLUSHALL\r\nSET k 1\r\nINCR k\r\nLPUSH k x\r\nGET none\r\nRPUSH l a b c\r\n"
      "LRANGE l 0 -1\r\nHSET h f v g w\r\nHGETALL h\r\nSADD s m\r\nSMEMBERS s\r\n";
  script += "*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$" + std::to_string(large.size()) + "\r\n" + large +
            "\r\nGET large\r\nMULTI\r\nINCR k\r\nEXEC\r\nCOMMAND DOCS XADD SORT\r\nHELLO "
            "3\r\nHGETALL h\r\n"
            "SMEMBERS s\r\nZADD z 1.5 m\r\nZSCORE z m\r\nGET none\r\nDEBUG JMAP\r\nNONSENSE\r\n";
  for (int i = 0; i < 3000; ++i) script += "INCR counter\r\n";
  const auto replies = [&](std::uint16_t port) {
    auto client = Stream::connect(port);
    std::thread writer([&] { client.write(script + "DEL counter\r\nQUIT\r\n"); });
    auto bytes = client.read_to_end();
    writer.join();
    // HELLO tells the connection's number, which no two share.
    const auto id = bytes.find("$2\r\nid\r\n:");
    return bytes.erase(id, bytes.find("\r\n", id + 9) - id);
  };
  const auto direct = replies(server.port());
  EXPECT_GT(direct.size(), large.size());
  EXPECT_TRUE(replies(proxy->port()) == direct);
  EXPECT_EQ(records_by_command(3027)["INCR"], 3002);
}

TEST_F(ProxyTest, HasARecordForEverySetOfABenchmark) {
  RedisServer server;
  const auto proxy = proxy_to(server.port());
  test::output_of("redis-benchmark -p " + std::to_string(proxy->port()) +
                  " -t set,get -n 20000 -c 20 -P 4 -q");
  auto by_command = records_by_command(40000);
  EXPECT_EQ(by_command["SET"], 20000);
  EXPECT_EQ(by_command["GET"], 20000);
}

TEST_F(ProxyTest, AClientThatHasFinishedWritingGetsItsReplies) {
  RedisServer server;
  const auto proxy = proxy_to(server.port());
  auto client = Stream::connect(proxy->port());
  EXPECT_EQ(client.ask("PING\r\n", 7), "+PONG\r\n");
  client.finish_writing();
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ProxyTest, AMalformedRequestEndsItsConnectionAlone) {
  RedisServer server;
  const auto proxy = proxy_to(server.port());
  auto good = Stream::connect(proxy->port());
  EXPECT_EQ(good.ask("PING\r\n", 7), "+PONG\r\n");
  auto bad = Stream::connect(proxy->port());
  bad.write("PING\r\n*1\r\n$x\r\n");
  EXPECT_EQ(bad.read_to_end(), "+PONG\r\n-ERR Protocol error: invalid bulk length\r\n");
  EXPECT_EQ(
      captured_.told(),
      "Connection 2 is closed: the client sent what cannot be read: a bulk string has 'x' for "
      "its length.");
  EXPECT_EQ(good.ask("PING\r\n", 7), "+PONG\r\n");
  EXPECT_EQ(captured_.records(3).size(), 3);
}

TEST_F(ProxyTest, AMalformedReplyLosesNoRecordBeforeIt) {
  Listener server;
  const auto proxy = proxy_to(server);
  auto client = Stream::connect(proxy->port());
  auto end = server.accept();
  client.write("GET a\r\nGET b\r\n");
  EXPECT_EQ(end.read(14), "GET a\r\nGET b\r\n");
  end.write("$1\r\n1\r\n@\r\n");
  EXPECT_EQ(client.read_to_end(), "$1\r\n1\r\n@\r\n");
  EXPECT_EQ(captured_.told(),
            "Connection 1 is closed: the server sent what cannot be read: a reply has '@' where a "
            "type is expected.");
  EXPECT_EQ(captured_.records(1).size(), 1);
}

TEST_F(ProxyTest, AClientThatDoesNotReadHoldsUpTheServer) {
  Listener server;
  const auto proxy = proxy_to(server);
  auto client = Stream::connect(proxy->port());
  auto end = server.accept();
  client.write("GET large\r\n");
  EXPECT_EQ(end.read(11), "GET large\r\n");
  const std::size_t size = 64 << 20;
  const auto reply = "$" + std::to_string(size) + "\r\n" + std::string(size, 'v') + "\r\n";
  const auto taken = end.write_until_held_up(reply);
  EXPECT_LT(taken, size / 2);
  std::thread rest([&] { end.write(reply.substr(taken)); });
  EXPECT_TRUE(client.read(reply.size()) == reply);
  rest.join();
  EXPECT_EQ(captured_.records(1).front().response_bytes, reply.size());
}

TEST_F(ProxyTest, MoreClientsThanAllowedAreToldSo) {
  RedisServer server;
  const auto proxy = proxy_to(server.port(), 1);
  auto first = Stream::connect(proxy->port());
  EXPECT_EQ(first.ask("PING\r\n", 7), "+PONG\r\n");
  EXPECT_EQ(Stream::connect(proxy->port()).read_to_end(), "-ERR max number of clients reached\r\n");
}

TEST_F(ProxyTest, StopsWhileClientsWait) {
  RedisServer server;
  const auto proxy = proxy_to(server.port());
  auto client = Stream::connect(proxy->port());
  EXPECT_EQ(client.ask("PING\r\nBLPOP none 0\r\n", 7), "+PONG\r\n");
  proxy->stop();
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(proxy->wait_for(5s));
  EXPECT_EQ(proxy->trouble(), "");
}

TEST_F(ProxyTest, EndsWithASentenceWhenTheServerHasGone) {
  RedisServer server;
  const auto proxy = proxy_to(server.port());
  auto client = Stream::connect(proxy->port());
  EXPECT_EQ(client.ask("PING\r\n", 7), "+PONG\r\n");
  server.kill();
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(proxy->wait_for(5s));
  EXPECT_EQ(proxy->trouble(), "The server at 127.0.0.1:" + std::to_string(server.port()) +
                                  " has gone: Connection refused.");
}

TEST_F(ProxyTest, AServerThatClosesOneConnectionHasNotGone) {
  RedisServer server;
  const auto proxy = proxy_to(server.port());
  EXPECT_EQ(Stream::connect(proxy->port()).ask("QUIT\r\n", 5), "+OK\r\n");
  EXPECT_FALSE(proxy->wait_for(500ms));
  EXPECT_EQ(Stream::connect(proxy->port()).ask("PING\r\n", 7), "+PONG\r\n");
}

TEST_F(ProxyTest, SaysThatNoServerIsThere) {
  Listener nobody;
  nobody.close();
  try {
    proxy_to(nobody.port());
    FAIL() << "connected";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "The server at 127.0.0.1:" + std::to_string(nobody.port()) +
                                " cannot be reached: Connection refused. Is redis-server running "
                                "there?");
  }
}

TEST_F(ProxyTest, SaysThatThePortIsTaken) {
  Listener taken;
  try {
    Proxy({.listen_port = taken.port(), .server_port = taken.port()}, {}, {});
    FAIL() << "listened";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "Port " + std::to_string(taken.port()) +
                                " of 127.0.0.1 cannot be listened on: Address already in use.");
  }
}

}  // namespace
}  // namespace redis
