#include "redis/pairing.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "redis/keys.h"

namespace redis {
namespace {

using Told = std::vector<std::string>;

std::string request(std::initializer_list<std::string> parts) {
  std::string bytes = "*" + std::to_string(parts.size()) + "\r\n";
  for (const auto& part : parts)
    bytes += "$" + std::to_string(part.size()) + "\r\n" + part + "\r\n";
  return bytes;
}

// A connection whose time moves on by one microsecond with everything that is sent.
class Pairings : public testing::Test {
 protected:
  void ask(std::initializer_list<std::string> parts) {
    pairing_.read_requests(request(parts), ++now_);
  }
  void ask_inline(const std::string& bytes) { pairing_.read_requests(bytes, ++now_); }
  void answer(const std::string& bytes) { pairing_.read_replies(bytes, ++now_); }
  void publish(const std::string& what) {
    answer("*3\r\n$" + std::to_string(what.size()) + "\r\n" + what + "\r\n$1\r\nc\r\n$1\r\nm\r\n");
  }

  // The records since the last call, each in a few words: "GET k 5B ok".
  Told records() {
    Told told;
    for (const auto& record : records_) {
      told.push_back(record.command + (record.key.empty() ? "" : " " + record.key) + " " +
                     std::to_string(record.response_bytes) + "B " +
                     (record.status == Status::kOk ? "ok" : "error"));
    }
    records_.clear();
    return told;
  }

  std::int64_t now_ = 0;
  std::vector<Record> records_;
  Pairing pairing_{7, [this](const Record& record) { records_.push_back(record); }};
};

TEST_F(Pairings, ARecordTellsEverythingOfARequestAndItsReply) {
  ask({"set", "user:1", "Ann"});
  answer("+OK\r\n");
  EXPECT_EQ(records_, (std::vector<Record>{{.connection = 7,
                                            .sequence = 1,
                                            .command = "SET",
                                            .key = "user:1",
                                            .request_bytes = 34,
                                            .response_bytes = 5,
                                            .start_us = 1,
                                            .latency_us = 1,
                                            .status = Status::kOk}}));
}

TEST_F(Pairings, PipelinedRepliesPairInOrder) {
  ask({"SET", "a", "1"});
  ask({"LPUSH", "a", "1"});
  ask_inline("GET a\r\n");
  answer("+OK\r\n-WRONGTYPE no\r\n$1\r\n1\r\n");
  EXPECT_EQ(records(), (Told{"SET a 5B ok", "LPUSH a 15B error", "GET a 7B ok"}));
}

TEST_F(Pairings, EmptyRequestsHaveNoReply) {
  ask_inline("\r\n*0\r\nPING\r\n");
  answer("+PONG\r\n");
  EXPECT_EQ(records(), Told{"PING 7B ok"});
  EXPECT_EQ(pairing_.waiting(), 0);
}

TEST_F(Pairings, ATransactionPairsEachCommandWithItsQueued) {
  ask({"MULTI"});
  ask({"SET", "k", "1"});
  ask({"NOPE"});
  ask({"EXEC"});
  answer("+OK\r\n+QUEUED\r\n-ERR unknown command\r\n-EXECABORT\r\n");
  EXPECT_EQ(records(), (Told{"MULTI 5B ok", "SET k 9B ok", "NOPE 22B error", "EXEC 12B error"}));
}

TEST_F(Pairings, ExecPairsWithTheWholeArray) {
  ask({"MULTI"});
  ask({"INCR", "k"});
  ask({"EXEC"});
  ask({"GET", "k"});
  answer("+OK\r\n+QUEUED\r\n*1\r\n:1\r\n$1\r\n1\r\n");
  EXPECT_EQ(records(), (Told{"MULTI 5B ok", "INCR k 9B ok", "EXEC 8B ok", "GET k 7B ok"}));
}

TEST_F(Pairings, ASubscriptionIsAnsweredOnceAChannel) {
  ask({"SUBSCRIBE", "a", "b"});
  ask({"PING"});
  answer("*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
  EXPECT_EQ(records(), Told{});
  answer("*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n");
  answer("*2\r\n$4\r\npong\r\n$0\r\n\r\n");
  EXPECT_EQ(records(), (Told{"SUBSCRIBE 60B ok", "PING 20B ok"}));
}

TEST_F(Pairings, PublicationsOfRESP2AnswerNothing) {
  ask({"SUBSCRIBE", "c"});
  answer("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n");
  publish("message");
  ask({"PING"});
  publish("message");
  answer("*4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$1\r\nc\r\n$1\r\nm\r\n");
  answer("*2\r\n$4\r\npong\r\n$0\r\n\r\n");
  publish("smessage");
  EXPECT_EQ(records(), (Told{"SUBSCRIBE 30B ok", "PING 20B ok"}));
  EXPECT_EQ(pairing_.unasked_replies(), 0);
}

TEST_F(Pairings, AListThatLooksLikeAPublicationIsAReply) {
  ask({"LRANGE", "k", "0", "-1"});
  publish("message");
  EXPECT_EQ(records(), Told{"LRANGE k 31B ok"});
}

TEST_F(Pairings, PushesOfRESP3AnswerNothing) {
  ask({"SUBSCRIBE", "c"});
  ask({"GET", "k"});
  answer(">2\r\n+invalidate\r\n*1\r\n+k\r\n");
  answer(">3\r\n+subscribe\r\n+c\r\n:1\r\n");
  answer(">3\r\n+message\r\n+c\r\n+m\r\n");
  answer("$1\r\nv\r\n");
  EXPECT_EQ(records(), (Told{"SUBSCRIBE 24B ok", "GET k 7B ok"}));
}

TEST_F(Pairings, UnsubscribingFromAllEndsWithTheLastChannel) {
  ask({"SUBSCRIBE", "a", "b"});
  ask({"PSUBSCRIBE", "p*"});
  ask({"UNSUBSCRIBE"});
  ask({"PUNSUBSCRIBE"});
  ask({"UNSUBSCRIBE"});
  answer("*3\r\n+subscribe\r\n+a\r\n:1\r\n*3\r\n+subscribe\r\n+b\r\n:2\r\n");
  answer("*3\r\n+psubscribe\r\n+p*\r\n:3\r\n");
  answer("*3\r\n+unsubscribe\r\n+b\r\n:2\r\n*3\r\n+unsubscribe\r\n+a\r\n:1\r\n");
  answer("*3\r\n+punsubscribe\r\n+p*\r\n:0\r\n");
  answer("*3\r\n+unsubscribe\r\n$-1\r\n:0\r\n");
  EXPECT_EQ(records(), (Told{"SUBSCRIBE 48B ok", "PSUBSCRIBE 26B ok", "UNSUBSCRIBE 52B ok",
                             "PUNSUBSCRIBE 28B ok", "UNSUBSCRIBE 27B ok"}));
}

TEST_F(Pairings, ShardSubscriptionsCountOnTheirOwn) {
  ask({"SUBSCRIBE", "a"});
  ask({"SSUBSCRIBE", "s"});
  ask({"SUNSUBSCRIBE"});
  answer("*3\r\n+subscribe\r\n+a\r\n:1\r\n*3\r\n+ssubscribe\r\n+s\r\n:1\r\n");
  answer("*3\r\n+sunsubscribe\r\n+s\r\n:0\r\n");
  EXPECT_EQ(records(), (Told{"SUBSCRIBE 24B ok", "SSUBSCRIBE 25B ok", "SUNSUBSCRIBE 27B ok"}));
}

TEST_F(Pairings, ASubscriptionMayBeRefusedOrQueued) {
  ask({"SUBSCRIBE", "a", "b"});
  ask({"MULTI"});
  ask({"SUBSCRIBE", "a", "b"});
  ask({"DISCARD"});
  answer("-NOPERM no\r\n+OK\r\n+QUEUED\r\n+OK\r\n");
  EXPECT_EQ(records(),
            (Told{"SUBSCRIBE 12B error", "MULTI 5B ok", "SUBSCRIBE 9B ok", "DISCARD 5B ok"}));
}

TEST_F(Pairings, LinesOfMonitorAnswerNothing) {
  ask({"MONITOR"});
  answer("+OK\r\n+1700000000.123456 [0 127.0.0.1:50000] \"GET\" \"k\"\r\n");
  ask({"RESET"});
  answer("+1700000000.223456 [0 127.0.0.1:50000] \"GET\" \"k\"\r\n+RESET\r\n");
  ask({"PING"});
  answer("+PONG\r\n");
  EXPECT_EQ(records(), (Told{"MONITOR 5B ok", "RESET 8B ok", "PING 7B ok"}));
  EXPECT_EQ(pairing_.unasked_replies(), 0);
}

TEST_F(Pairings, SilencedRequestsHaveNoReply) {
  ask({"GET", "a"});
  ask({"CLIENT", "REPLY", "OFF"});
  ask({"SET", "b", "1"});
  ask({"CLIENT", "REPLY", "ON"});
  ask({"GET", "c"});
  answer("$-1\r\n+OK\r\n-ERR c\r\n");
  EXPECT_EQ(records(),
            (Told{"GET a 5B ok", "CLIENT 0B ok", "SET b 0B ok", "CLIENT 5B ok", "GET c 8B error"}));
}

TEST_F(Pairings, SkipSilencesItselfAndTheNextRequest) {
  ask({"CLIENT", "REPLY", "SKIP"});
  ask({"SET", "a", "1"});
  EXPECT_EQ(records(), (Told{"CLIENT 0B ok", "SET a 0B ok"}));
  ask({"GET", "a"});
  answer("$1\r\n1\r\n");
  EXPECT_EQ(records(), Told{"GET a 7B ok"});
}

TEST_F(Pairings, HelloMayChangeTheProtocolInBetween) {
  ask({"HELLO", "3"});
  ask({"HGETALL", "h"});
  answer("%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n%1\r\n+f\r\n+v\r\n");
  EXPECT_EQ(records(), (Told{"HELLO 27B ok", "HGETALL h 12B ok"}));
}

TEST_F(Pairings, ABlockingCommandWaits) {
  ask({"BLPOP", "q", "0"});
  EXPECT_EQ(records(), Told{});
  now_ += 1000;
  answer("*2\r\n$1\r\nq\r\n$1\r\nx\r\n");
  ASSERT_EQ(records_.size(), 1);
  EXPECT_EQ(records_.front().latency_us, 1001);
}

TEST_F(Pairings, AReplicasStreamIsNotRead) {
  ask({"PING"});
  answer("+PONG\r\n");
  ask({"PSYNC", "?", "-1"});
  answer("+FULLRESYNC 0 1\r\n$3\r\nRDB*1\r\n$4\r\nPING\r\n");
  ask({"REPLCONF", "ACK", "1"});
  EXPECT_EQ(records(), Told{"PING 7B ok"});
}

TEST_F(Pairings, ARefusedConnectionIsCountedAsUnasked) {
  answer("-ERR max number of clients reached\r\n");
  EXPECT_EQ(records(), Told{});
  EXPECT_EQ(pairing_.unasked_replies(), 1);
}

TEST_F(Pairings, MalformedBytesLoseNoRecordBeforeThem) {
  ask({"GET", "a"});
  ask({"GET", "b"});
  EXPECT_THROW(answer("$1\r\n1\r\n$1\r\n1\r\n@\r\n"), ProtocolError);
  EXPECT_THROW(ask_inline("*1\r\n$x\r\n"), ProtocolError);
  EXPECT_EQ(records(), (Told{"GET a 7B ok", "GET b 7B ok"}));
}

TEST_F(Pairings, WhatWaitsIsBounded) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "PING\r\n";
  for (int i = 0; i < 1000; ++i) ask_inline(many);
  EXPECT_EQ(pairing_.waiting(), kWaitingRequestsMax);
  EXPECT_THROW(ask_inline("PING\r\n"), std::length_error);
}

TEST(Keys, AreFoundWhereTheCommandHasThem) {
  const auto key = [](const std::vector<std::string>& parts) { return first_key(parts[0], parts); };
  EXPECT_EQ(key({"GET", "k"}), "k");
  EXPECT_EQ(key({"JSON.SET", "k", "$", "1"}), "k");
  EXPECT_EQ(key({"PING", "hello"}), "");
  EXPECT_EQ(key({"DBSIZE"}), "");
  EXPECT_EQ(key({"GET"}), "");
  EXPECT_EQ(key({"BITOP", "AND", "dest", "a"}), "dest");
  EXPECT_EQ(key({"OBJECT", "ENCODING", "k"}), "k");
  EXPECT_EQ(key({"MEMORY", "DOCTOR"}), "");
  EXPECT_EQ(key({"MIGRATE", "host", "6379", "k", "0", "10"}), "k");
  EXPECT_EQ(key({"EVAL", "return 1", "2", "a", "b"}), "a");
  EXPECT_EQ(key({"EVAL", "return 1", "0", "argument"}), "");
  EXPECT_EQ(key({"ZUNION", "2", "a", "b"}), "a");
  EXPECT_EQ(key({"BLMPOP", "0", "1", "a", "LEFT"}), "a");
  EXPECT_EQ(key({"XREADGROUP", "GROUP", "g", "c", "COUNT", "1", "streams", "s", ">"}), "s");
  EXPECT_EQ(key({"XREAD", "COUNT", "1"}), "");
}

}  // namespace
}  // namespace redis
