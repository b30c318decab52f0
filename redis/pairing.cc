#include "redis/pairing.h"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "redis/keys.h"

namespace redis {
namespace {

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

bool is(const Message& message, std::size_t part, const char* word) {
  return part < message.parts.size() && strcasecmp(message.parts[part].c_str(), word) == 0;
}

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// What RESP2 sends to a subscriber unasked has the shape of a reply.
bool is_publication(const Message& message) {
  if (message.type != '*' || message.parts.empty()) return false;
  const auto& what = message.parts.front();
  if (message.elements == 4) return what == "pmessage";
  return message.elements == 3 && (what == "message" || what == "smessage" ||
                                   what == "unsubscribe" || what == "sunsubscribe");
}

// "+1700000000.123456 [0 127.0.0.1:50000] "GET" "user:1""
bool is_monitor_line(const Message& message) {
  if (message.type != '+') return false;
  const auto& text = message.parts.front();
  const auto end = text.find_first_not_of("0123456789.");
  return end != std::string::npos && end > 0 && text.compare(end, 2, " [") == 0;
}

// RESP2 takes no other command from a subscriber, so that a reply to any other is no publication.
bool is_for_subscribers(const std::string& command) {
  return command.ends_with("SUBSCRIBE") || command == "PING" || command == "QUIT" ||
         command == "RESET";
}

}  // namespace

Pairing::Pairing(std::uint32_t connection, Add add)
    : connection_(connection), add_(std::move(add)) {}

void Pairing::read_requests(std::string_view bytes, std::int64_t now_us) {
  if (is_replica_) return;
  while (const Message* message = requests_.read(bytes)) {
    if (!message->parts.empty()) on_request(*message, now_us);
    if (is_replica_) return;
  }
}

void Pairing::read_replies(std::string_view bytes, std::int64_t now_us) {
  if (is_replica_) return;
  while (const Message* message = replies_.read(bytes)) on_reply(*message, now_us);
}

void Pairing::on_request(const Message& message, std::int64_t now_us) {
  auto command = upper_case(message.parts.front());
  if (!in_transaction_ && (command == "SYNC" || command == "PSYNC")) {
    is_replica_ = true;
    waiting_.clear();
    return;
  }
  auto& request = waiting_.emplace_back();
  request.kind = kind_of(command, message);
  if (request.kind == Kind::kSubscription) request.confirmations = message.elements - 1;
  auto key = first_key(command, message.parts);
  request.record = {.connection = connection_,
                    .sequence = ++sequence_,
                    .command = std::move(command),
                    .key = std::move(key),
                    .request_bytes = message.wire_bytes,
                    .start_us = now_us};
  waiting_key_bytes_ += request.record.key.size();
  settle_silent();
  if (waiting_.size() > kWaitingRequestsMax || waiting_key_bytes_ > kWaitingKeyBytesMax) {
    throw std::length_error(std::to_string(waiting_.size()) +
                            " requests wait for their replies, too many to remember");
  }
}

Pairing::Kind Pairing::kind_of(const std::string& command, const Message& message) {
  if (command == "MULTI") in_transaction_ = true;
  if (command == "EXEC" || command == "DISCARD" || command == "RESET") in_transaction_ = false;
  if (command == "RESET") {
    is_silent_ = next_is_silent_ = false;
    return Kind::kReset;
  }
  if (in_transaction_) return Kind::kPlain;
  if (is_silenced(command, message)) return Kind::kSilent;
  if (command == "MONITOR") return Kind::kMonitor;
  return command.ends_with("SUBSCRIBE") ? Kind::kSubscription : Kind::kPlain;
}

bool Pairing::is_silenced(const std::string& command, const Message& message) {
  const bool skipped = std::exchange(next_is_silent_, false);
  if (command == "CLIENT" && is(message, 1, "REPLY")) {
    if (is(message, 2, "ON")) is_silent_ = false;
    if (is(message, 2, "OFF")) return is_silent_ = true;
    if (is(message, 2, "SKIP")) return next_is_silent_ = true;
  }
  return is_silent_ || skipped;
}

void Pairing::on_reply(const Message& message, std::int64_t now_us) {
  if (is_unasked(message)) return;
  if (waiting_.empty()) {
    ++unasked_replies_;
    return;
  }
  waiting_.front().record.response_bytes += message.wire_bytes;
  if (!confirms_front(message) || confirm(message)) finish_front(message, now_us);
}

bool Pairing::is_unasked(const Message& message) const {
  if (confirms_front(message)) return false;
  if (message.type == '>') return true;
  if (is_monitoring_ && is_monitor_line(message)) return true;
  return is_publication(message) &&
         (waiting_.empty() || is_for_subscribers(waiting_.front().record.command));
}

bool Pairing::confirms_front(const Message& message) const {
  if (waiting_.empty() || waiting_.front().kind != Kind::kSubscription) return false;
  return (message.type == '*' || message.type == '>') && message.elements == 3 &&
         is(message, 0, waiting_.front().record.command.c_str());
}

// Counts the confirmation of one channel; true when it is the subscription's last. The number in it
// is what stays subscribed: channels and patterns together, shard channels alone.
bool Pairing::confirm(const Message& message) {
  auto& request = waiting_.front();
  const auto& command = request.record.command;
  const auto total = number(message.parts[2]);
  std::uint64_t* left = &channels_;
  if (command.starts_with("P")) {
    patterns_ = total - std::min(total, channels_);
    left = &patterns_;
  } else if (command.starts_with("SS") || command.starts_with("SUN")) {
    shard_channels_ = total;
    left = &shard_channels_;
  } else {
    channels_ = total - std::min(total, patterns_);
  }
  if (request.confirmations > 0) return --request.confirmations == 0;
  return *left == 0;
}

void Pairing::finish_front(const Message& message, std::int64_t now_us) {
  auto& request = waiting_.front();
  request.record.latency_us = now_us - request.record.start_us;
  request.record.status = message.is_error() ? Status::kError : Status::kOk;
  if (request.kind == Kind::kMonitor && !message.is_error()) is_monitoring_ = true;
  if (request.kind == Kind::kReset) {
    is_monitoring_ = false;
    channels_ = patterns_ = shard_channels_ = 0;
  }
  add_front();
  settle_silent();
}

void Pairing::add_front() {
  add_(waiting_.front().record);
  waiting_key_bytes_ -= waiting_.front().record.key.size();
  waiting_.pop_front();
}

void Pairing::settle_silent() {
  while (!waiting_.empty() && waiting_.front().kind == Kind::kSilent) add_front();
}

}  // namespace redis
