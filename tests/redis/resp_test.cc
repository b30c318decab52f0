#include "redis/resp.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace redis {
namespace {

using Side = Reader::Side;

// What a stream of bytes gave: its messages, told in one line each, and the refusal that ended it.
struct Reading {
  std::vector<std::string> messages;
  std::string refusal;
  friend bool operator==(const Reading&, const Reading&) = default;
};

std::string told(const Message& message) {
  std::string text = std::string(1, message.type) + std::to_string(message.elements) + " " +
                     std::to_string(message.wire_bytes) + "B";
  for (const auto& part : message.parts) text += " [" + part + "]";
  return text;
}

void read_some(Reader& reader, std::string_view bytes, Reading& reading) {
  try {
    while (const Message* message = reader.read(bytes)) reading.messages.push_back(told(*message));
  } catch (const ProtocolError& error) {
    reading.refusal = error.what();
  }
}

Reading read_in_pieces(Side side, std::string_view bytes, std::size_t piece) {
  Reader reader(side);
  Reading reading;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    read_some(reader, bytes.substr(0, piece), reading);
  }
  return reading;
}

// Reads the bytes in two pieces at every place, and one by one; every way must give the same.
Reading read_all(Side side, std::string_view bytes) {
  const auto whole = read_in_pieces(side, bytes, bytes.size());
  EXPECT_EQ(read_in_pieces(side, bytes, 1), whole) << bytes;
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    Reader reader(side);
    Reading reading;
    read_some(reader, bytes.substr(0, cut), reading);
    read_some(reader, bytes.substr(cut), reading);
    EXPECT_EQ(reading, whole) << bytes << " cut at " << cut;
  }
  return whole;
}

std::vector<std::string> requests(std::string_view bytes) {
  const auto reading = read_all(Side::kRequests, bytes);
  EXPECT_EQ(reading.refusal, "");
  return reading.messages;
}

std::vector<std::string> replies(std::string_view bytes) {
  const auto reading = read_all(Side::kReplies, bytes);
  EXPECT_EQ(reading.refusal, "");
  return reading.messages;
}

using Told = std::vector<std::string>;

TEST(Resp, ReadsPipelinedRequests) {
  EXPECT_EQ(
      requests("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"),
      (Told{"*3 30B [SET] [k] [a\r\nb]", "*2 20B [GET] [k]"}));
}

TEST(Resp, ReadsInlineRequests) {
  EXPECT_EQ(requests("PING\r\nset k \"a b\\x21\"\nGET k\r\n"),
            (Told{"*1 6B [PING]", "*3 16B [set] [k] [a b!]", "*2 7B [GET] [k]"}));
}

TEST(Resp, EmptyRequestsAreMessagesWithoutParts) {
  EXPECT_EQ(requests("*0\r\n*-1\r\n\r\n  \n"), (Told{"*0 4B", "*0 5B", "*0 2B", "*0 3B"}));
}

TEST(Resp, ReadsEveryTypeOfRESP2) {
  EXPECT_EQ(replies("+OK\r\n-ERR no\r\n:-42\r\n$2\r\nhi\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"),
            (Told{"+0 5B [OK]", "-0 9B [ERR no]", ":0 6B [-42]", "$0 8B [hi]", "$0 6B []",
                  "_0 5B []", "_0 5B []", "*0 4B"}));
  EXPECT_EQ(replies("*3\r\n:1\r\n*2\r\n+a\r\n*1\r\n$-1\r\n$1\r\nz\r\n"),
            (Told{"*3 32B [1] [] [z]"}));
}

TEST(Resp, ReadsEveryTypeOfRESP3) {
  EXPECT_EQ(
      replies("_\r\n#t\r\n,3.25\r\n(123456789012345678901\r\n=7\r\ntxt:abc\r\n!5\r\nERR x\r\n"),
      (Told{"_0 3B []", "#0 4B [t]", ",0 7B [3.25]", "(0 24B [123456789012345678901]",
            "=0 13B [txt:abc]", "!0 11B [ERR x]"}));
  EXPECT_EQ(
      replies("%2\r\n+a\r\n:1\r\n+b\r\n~1\r\n#f\r\n~2\r\n+x\r\n_\r\n>2\r\n+message\r\n+m\r\n"),
      (Told{"%4 24B [a] [1] [b] []", "~2 11B [x] []", ">2 18B [message] [m]"}));
}

TEST(Resp, AnAttributeBelongsToTheReplyThatFollows) {
  EXPECT_EQ(
      replies("|1\r\n+ttl\r\n*1\r\n:60\r\n$1\r\nv\r\n*2\r\n|1\r\n+a\r\n+b\r\n+x\r\n|0\r\n+y\r\n"),
      (Told{"$0 26B [v]", "*2 28B [x] [y]"}));
}

TEST(Resp, BlobErrorsAndSimpleErrorsAreErrors) {
  Reader reader(Side::kReplies);
  std::string_view bytes = "-ERR a\r\n!5\r\nERR b\r\n+ERR\r\n";
  EXPECT_TRUE(reader.read(bytes)->is_error());
  EXPECT_TRUE(reader.read(bytes)->is_error());
  EXPECT_FALSE(reader.read(bytes)->is_error());
}

TEST(Resp, KeepsTheFirstPartsAndCountsTheRest) {
  std::string bytes = "*100000\r\n";
  for (int i = 0; i < 100000; ++i) bytes += "$1\r\nx\r\n";
  const auto reading = read_in_pieces(Side::kRequests, bytes, 4096);
  std::string expected = "*100000 700009B";
  for (std::size_t i = 0; i < kPartsMax; ++i) expected += " [x]";
  EXPECT_EQ(reading.messages, Told{expected});
}

TEST(Resp, KeepsTheBeginningOfALargeValue) {
  const std::string value(8 << 20, 'v');
  const auto bytes = "$" + std::to_string(value.size()) + "\r\n" + value + "\r\n+OK\r\n";
  const auto reading = read_in_pieces(Side::kReplies, bytes, 16384);
  ASSERT_EQ(reading.messages.size(), 2);
  EXPECT_EQ(reading.messages[0], "$0 8388620B [" + value.substr(0, kPartBytesMax) + "]");
}

TEST(Resp, AStatusLineMayBeLong) {
  const auto bytes = "+" + std::string(1 << 20, 'm') + "\r\n:7\r\n";
  const auto reading = read_in_pieces(Side::kReplies, bytes, 1000);
  ASSERT_EQ(reading.messages.size(), 2) << reading.refusal;
  EXPECT_EQ(reading.messages[0], "+0 1048579B [" + std::string(kPartBytesMax, 'm') + "]");
}

TEST(Resp, ArraysNestDeeperThanHiredisReadsThem) {
  std::string bytes;
  for (int depth = 0; depth < 100; ++depth) bytes += "*1\r\n";
  EXPECT_EQ(replies(bytes + "+x\r\n:1\r\n"), (Told{"*1 404B []", ":0 4B [1]"}));
}

// Malformed bytes: the messages before them are read all the same, in every split.
std::string refusal(Side side, const std::string& bytes) {
  const std::string good = side == Side::kReplies ? "+OK\r\n" : "PING\r\n";
  const auto reading = read_all(side, good + bytes);
  EXPECT_EQ(reading.messages.size(), 1) << bytes;
  return reading.refusal;
}

TEST(Resp, RefusesMalformedReplies) {
  EXPECT_EQ(refusal(Side::kReplies, "GET k\r\n"), "a reply has 'G' where a type is expected");
  EXPECT_EQ(refusal(Side::kReplies, "\x01"), "a reply has byte 0x01 where a type is expected");
  EXPECT_EQ(refusal(Side::kReplies, "+OK\n"), "a line ends without a carriage return");
  EXPECT_EQ(refusal(Side::kReplies, ":12a\r\n"), "Bad integer value");
  EXPECT_EQ(refusal(Side::kReplies, "$x\r\n"), "a bulk string has 'x' for its length");
  EXPECT_EQ(refusal(Side::kReplies, "$?\r\n"), "a bulk string has '?' for its length");
  EXPECT_EQ(refusal(Side::kReplies, "$-2\r\n"), "a bulk string has '-2' for its length");
  EXPECT_EQ(refusal(Side::kReplies, "$\r\n"), "a bulk string has '' for its length");
  EXPECT_EQ(refusal(Side::kReplies, "$2\r\nabc\r\n"),
            "a bulk string is longer than its header says");
  EXPECT_EQ(refusal(Side::kReplies, "$536870913\r\n"),
            "a bulk string of 536870913 bytes is longer than 512 MiB");
  EXPECT_EQ(refusal(Side::kReplies, "*?\r\n"), "an array has '?' for its length");
  EXPECT_EQ(refusal(Side::kReplies, "%-1\r\n"), "an array has '-1' for its length");
  EXPECT_EQ(refusal(Side::kReplies, "*4294967296\r\n"), "an array has '4294967296' for its length");
}

TEST(Resp, RefusesMalformedRequests) {
  EXPECT_EQ(refusal(Side::kRequests, "*1\r\n:1\r\n"), "a request has ':' where '$' is expected");
  EXPECT_EQ(refusal(Side::kRequests, "*1\r\n$-1\r\n"), "a bulk string has '-1' for its length");
  EXPECT_EQ(refusal(Side::kRequests, "*1\n"), "a line ends without a carriage return");
  EXPECT_EQ(refusal(Side::kRequests, "*a\r\n"), "an array has 'a' for its length");
  EXPECT_EQ(refusal(Side::kRequests, "SET k \"v\r\n"), "an inline request has unbalanced quotes");
}

TEST(Resp, RefusesWhatWouldNotFitItsMemory) {
  const auto endless = read_in_pieces(Side::kRequests, std::string(100'000, 'x'), 1000);
  EXPECT_EQ(endless.refusal, "a line is longer than 64 KiB");
  std::string nested;
  for (int depth = 0; depth < 200; ++depth) nested += "*1\r\n";
  EXPECT_EQ(refusal(Side::kReplies, nested), "arrays are nested more than 128 deep");
}

TEST(Resp, ReadsNoFurtherAfterMalformedBytes) {
  Reader reader(Side::kReplies);
  std::string_view bytes = "?\r\n+OK\r\n";
  EXPECT_THROW(reader.read(bytes), ProtocolError);
  EXPECT_THROW(reader.read(bytes), ProtocolError);
}

}  // namespace
}  // namespace redis
