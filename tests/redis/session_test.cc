#include "redis/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

namespace redis {
namespace {

Record record(std::uint32_t connection, std::uint64_t sequence, const std::string& key) {
  return {.connection = connection,
          .sequence = sequence,
          .command = "GET",
          .key = key,
          .request_bytes = 30,
          .response_bytes = 12,
          .start_us = 1500,
          .latency_us = 40,
          .status = Status::kOk};
}

Session read(const std::string& text) {
  std::istringstream in(text);
  return read_session(in);
}

std::string refusal(const std::string& lines) {
  try {
    read("racelab-session 1\n" + lines);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Session, ReadsBackWhatWasWritten) {
  Session session{record(1, 1, "user:1"), record(2, 1, ""), record(1, 2, "user:2")};
  session[1].status = Status::kError;
  std::ostringstream out;
  write_session(out, session);
  EXPECT_EQ(read(out.str()), session);
}

TEST(Session, KeysMayHoldAnyByte) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  const Session session{record(1, 1, every_byte)};
  std::ostringstream out;
  write_session(out, session);
  EXPECT_EQ(read(out.str()), session);
}

TEST(Session, SkipsComments) {
  EXPECT_EQ(read("racelab-session 1\n# by hand\n1\t1\tGET\tuser:1\t30\t12\t1500\t40\tok\n"),
            Session{record(1, 1, "user:1")});
}

TEST(Session, TakesTextThatDoesNotBeginWithTheHeaderForNoSession) {
  EXPECT_THROW(read(""), std::runtime_error);
  EXPECT_THROW(read("racelab-session 2\n"), std::runtime_error);
}

TEST(Session, EveryCutWithinALineIsRefusedWithItsNumber) {
  const std::string line = "1\t1\tGET\tuser:1\t30\t12\t1500\t40\tok";
  for (std::size_t end = 0; end < line.size(); ++end) {
    EXPECT_TRUE(refusal("# one\n" + line.substr(0, end) + "\n").starts_with("line 3: ")) << end;
  }
}

TEST(Session, SaysWhichFieldIsWrong) {
  EXPECT_EQ(refusal("0\t1\tGET\tk\t1\t1\t1\t1\tok\n"),
            "line 2: connection is '0', expected a number from 1");
  EXPECT_EQ(refusal("1\t1\tGET\tk\t1\t1\t-1\t1\tok\n"),
            "line 2: start_us is '-1', expected a number from 0");
  EXPECT_EQ(refusal("1\t1\tGET\tk\t1\t1\t1\t99999999999999999999\tok\n"),
            "line 2: latency_us is '99999999999999999999', expected a number from 0");
  EXPECT_EQ(refusal("1\t1\tGET\tk\t1\t1\t1\t1\tfine\n"),
            "line 2: status is 'fine', expected ok or error");
  EXPECT_EQ(refusal("1\t1\tGET\t\\q\t1\t1\t1\t1\tok\n"),
            "line 2: key has a backslash followed by neither \\ nor xHH");
  EXPECT_EQ(refusal("1\t1\tGET\tk\t1\t1\t1\t1\tok\t\n"), "line 2: more than 9 fields");
}

TEST(Session, ASequenceThatDoesNotRiseIsRefused) {
  EXPECT_EQ(refusal("1\t2\tGET\tk\t1\t1\t1\t1\tok\n1\t2\tGET\tk\t1\t1\t1\t1\tok\n"),
            "line 3: sequence 2 after 2 on the same connection");
}

TEST(Session, NamesTheFileThatCannotBeOpened) {
  try {
    read_session(std::filesystem::path("no/such/session.txt"));
    FAIL() << "opened";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no/such/session.txt: cannot be opened");
  }
}

TEST(Session, ByConnectionKeepsTheOrderWithinEach) {
  const Session session{record(7, 1, "a"), record(3, 1, "b"), record(7, 2, "c")};
  const auto parts = by_connection(session);
  ASSERT_EQ(parts.size(), 2);
  EXPECT_EQ(parts[0], (Session{session[0], session[2]}));
  EXPECT_EQ(parts[1], Session{session[1]});
}

TEST(Session, LatestByKeyKeepsOneRecordOfEachConnection) {
  const Session session{record(7, 1, "a"), record(3, 1, "b"), record(7, 2, "a"), record(3, 2, "a")};
  const auto latest = latest_by_key(session);
  ASSERT_EQ(latest.size(), 2);
  EXPECT_EQ(latest[0].key, "a");
  EXPECT_EQ(latest[0].records, (Session{session[2], session[3]}));
  EXPECT_EQ(latest[1].key, "b");
  EXPECT_EQ(latest[1].records, Session{session[1]});
  EXPECT_TRUE(latest_by_key({}).empty());
}

TEST(Record, IsShownInWords) {
  auto shown = record(3, 7, "user:1");
  EXPECT_EQ(testing::PrintToString(shown),
            "GET user:1 (connection 3, sequence 7, 30+12 bytes, 40 us)");
  shown.key.clear();
  shown.command = "PING";
  shown.status = Status::kError;
  EXPECT_EQ(testing::PrintToString(shown),
            "PING (connection 3, sequence 7, 30+12 bytes, 40 us, an error)");
}

TEST(RecordedSession, HoldsThousandsOfRecordsOfSeveralConnections) {
  const auto& session = recorded_session();
  EXPECT_GE(session.size(), 3000);
  EXPECT_GE(by_connection(session).size(), 8);
  EXPECT_EQ(&recorded_session(), &session);
}

TEST(RecordedSession, HoldsEveryKindOfTraffic) {
  std::set<std::string> commands;
  std::uint64_t largest = 0;
  int errors = 0;
  for (const auto& record : recorded_session()) {
    commands.insert(record.command);
    largest = std::max({largest, record.request_bytes, record.response_bytes});
    errors += record.status == Status::kError ? 1 : 0;
  }
  for (const auto* command :
       {"GET", "SET", "HSET", "HGETALL", "LPUSH", "LRANGE", "EXEC", "HELLO"}) {
    EXPECT_TRUE(commands.contains(command)) << command;
  }
  EXPECT_GT(largest, 100'000);
  EXPECT_GT(errors, 0);
}

}  // namespace
}  // namespace redis
