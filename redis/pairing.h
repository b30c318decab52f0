#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "redis/capture.h"
#include "redis/record.h"
#include "redis/resp.h"

namespace redis {

// What may wait for replies on one connection: a client that pipelines more is an error.
inline constexpr std::size_t kWaitingRequestsMax = 1'000'000;
inline constexpr std::size_t kWaitingKeyBytesMax = std::size_t{64} * 1024 * 1024;

// Pairs the requests of one connection with their replies, in the order in which replies end.
//
// Replies come in the order of the requests, with these exceptions, which it knows:
// - Messages of subscriptions and lines of MONITOR answer no request. They give no record.
// - SUBSCRIBE and its kin are answered once a channel; the record ends with the last.
// - CLIENT REPLY OFF and SKIP silence requests. Their records have a response of 0 bytes.
// - After SYNC and PSYNC, the connection carries a replica's stream. It gives no further record.
//
// A command within MULTI pairs with its QUEUED, EXEC with the array of results. A request that the
// connection's end leaves without a reply gives no record.
//
// For one thread at a time. Times are microseconds since the session began.
class Pairing {
 public:
  Pairing(std::uint32_t connection, Add add);

  // Bytes as they come, in any split; a reply's after its request's. Both throw ProtocolError for
  // malformed bytes, and std::length_error for more waiting requests than the bounds above; records
  // complete before that have been added.
  void read_requests(std::string_view bytes, std::int64_t now_us);
  void read_replies(std::string_view bytes, std::int64_t now_us);

  std::size_t waiting() const { return waiting_.size(); }
  // Replies that no request waited for, such as a server's refusal of the whole connection.
  std::uint64_t unasked_replies() const { return unasked_replies_; }

 private:
  enum class Kind : std::uint8_t { kPlain, kSilent, kSubscription, kMonitor, kReset };

  struct Request {
    Record record;
    Kind kind = Kind::kPlain;
    std::uint64_t confirmations =
        0;  // Of a subscription: how many to come; 0 means until none is left.
  };

  void on_request(const Message& message, std::int64_t now_us);
  void on_reply(const Message& message, std::int64_t now_us);
  Kind kind_of(const std::string& command, const Message& message);
  bool is_silenced(const std::string& command, const Message& message);
  bool is_unasked(const Message& message) const;
  bool confirms_front(const Message& message) const;
  bool confirm(const Message& message);
  void finish_front(const Message& message, std::int64_t now_us);
  void add_front();
  void settle_silent();

  const std::uint32_t connection_;
  const Add add_;
  Reader requests_{Reader::Side::kRequests};
  Reader replies_{Reader::Side::kReplies};

  std::deque<Request> waiting_;
  std::size_t waiting_key_bytes_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t unasked_replies_ = 0;

  bool in_transaction_ = false;  // Between MULTI and EXEC, by the requests.
  bool is_silent_ = false;       // CLIENT REPLY OFF.
  bool next_is_silent_ = false;  // CLIENT REPLY SKIP.
  bool is_monitoring_ = false;
  bool is_replica_ = false;
  std::uint64_t channels_ = 0;  // Subscriptions, by the replies.
  std::uint64_t patterns_ = 0;
  std::uint64_t shard_channels_ = 0;
};

}  // namespace redis
