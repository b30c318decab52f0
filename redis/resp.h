#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace redis {

// What a reader keeps of a message. The rest is counted and dropped, so that a reader's memory
// stays small whatever passes through it.
inline constexpr std::size_t kPartBytesMax = 1024;  // Of each part: the beginning.
inline constexpr std::size_t kPartsMax = 16;        // Of an array: the first elements.

// What a reader takes for malformed although it could count it. As Redis's own defaults.
inline constexpr std::size_t kLineBytesMax = 64 * 1024;            // Headers, inline requests.
inline constexpr std::uint64_t kBulkBytesMax = 512 * 1024 * 1024;  // proto-max-bulk-len
inline constexpr std::size_t kDepthMax = 128;                      // Arrays within arrays.

// One whole request or reply.
struct Message {
  char type = 0;                   // Its first byte on the wire; '*' for an inline request as well.
  std::vector<std::string> parts;  // Of an array, its elements (empty for nested ones and nil).
                                   // Of anything else, its text, as the only part.
  std::uint64_t elements = 0;      // Of an array: how many it has, kept or not.
  std::uint64_t wire_bytes = 0;    // With its attributes, if any.

  bool is_error() const { return type == '-' || type == '!'; }
};

// The bytes are not RESP. what() says what was found in place of what.
class ProtocolError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads one direction of a connection, RESP2 and RESP3 alike (redis.io, "Redis serialization
// protocol specification"). Values are read by hiredis' reader; since Debian's (0.14) knows RESP2
// alone, nests 7 deep at most and holds a message whole, each message is first condensed to a small
// flat one in RESP2. For one thread at a time.
class Reader {
 public:
  // Requests are arrays of bulk strings or inline commands; replies are anything.
  enum class Side : std::uint8_t { kRequests, kReplies };

  explicit Reader(Side side);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Takes bytes off the front of `bytes` until a message is whole, and gives it; nullptr once all
  // bytes are taken. The message is valid until the next call. Throws ProtocolError, and then on
  // every further call: what follows malformed bytes cannot be read.
  const Message* read(std::string_view& bytes);

 private:
  // An array that is not complete yet.
  struct Level {
    std::uint64_t left = 0;     // Elements to come.
    bool kept = false;          // Its elements go into the digest.
    bool is_attribute = false;  // It describes the value that follows it.
  };

  bool advance(std::string_view& bytes);
  bool take_line(std::string_view& bytes, std::string_view& line);
  bool take_bulk(std::string_view& bytes);
  bool on_line(std::string_view line);
  bool on_request_line(std::string_view line);
  bool on_inline_request(const std::string& line);
  bool on_element(std::string_view line);
  bool on_bulk(char type, std::string_view line);
  bool on_array(char type, std::string_view line);
  bool is_kept() const;
  bool element_complete();
  void condense(char type, std::string_view text);
  void read_digest();
  [[noreturn]] void refuse(const std::string& what);

  const Side side_;
  std::string refusal_;  // Why no more can be read, once it is so.

  std::string line_;              // The beginning of a line that is not whole yet.
  bool line_is_cut_ = false;      // More of it came than line_ keeps.
  bool carriage_return_ = false;  // Its latest byte was '\r'.
  std::uint64_t bulk_left_ = 0;   // Bytes to come of a bulk string, with the two that end it.
  std::uint64_t keep_left_ = 0;   // Of these, how many go into the digest.
  std::vector<Level> levels_;

  std::string digest_;  // The message in RESP2, condensed.
  Message message_;
  bool message_is_done_ = true;
  std::unique_ptr<redisReader, void (*)(redisReader*)> hiredis_;
};

}  // namespace redis
