#include "redis/resp.h"

#include <hiredis/read.h>

#include <algorithm>
#include <charconv>
#include <climits>

extern "C" {
#include <hiredis/sds.h>  // Says nothing of C++ itself.
}

namespace redis {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kReplyTypes = "+-:$*_#,(=!%~>|";

std::string printable(char c) {
  if (c >= 0x20 && c < 0x7f) return "'" + std::string(1, c) + "'";
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("byte 0x") + digits[byte >> 4U] + digits[byte & 0xfU];
}

// hiredis builds values through these. Ours go straight into the message, so that the object that
// hiredis is given needs only to be something.
char placeholder;

void* add_string(const redisReadTask* task, char* text, std::size_t size) {
  static_cast<Message*>(task->privdata)->parts.emplace_back(text, size);
  return &placeholder;
}

void* add_integer(const redisReadTask* task, long long value) {
  static_cast<Message*>(task->privdata)->parts.push_back(std::to_string(value));
  return &placeholder;
}

void* add_nil(const redisReadTask* task) {
  static_cast<Message*>(task->privdata)->parts.emplace_back();
  return &placeholder;
}

void* add_array(const redisReadTask* /*task*/, int /*elements*/) { return &placeholder; }

void free_nothing(void* /*object*/) {}

redisReplyObjectFunctions functions{add_string, add_array, add_integer, add_nil, free_nothing};

}  // namespace

Reader::Reader(Side side)
    : side_(side), hiredis_(redisReaderCreateWithFunctions(&functions), redisReaderFree) {
  if (!hiredis_) throw std::bad_alloc();
  hiredis_->privdata = &message_;
}

Reader::~Reader() = default;

const Message* Reader::read(std::string_view& bytes) {
  if (!refusal_.empty()) throw ProtocolError(refusal_);
  while (!bytes.empty()) {
    if (message_is_done_) {
      message_.elements = 0;
      message_.wire_bytes = 0;
      message_is_done_ = false;
      digest_.clear();
    }
    const auto before = bytes.size();
    const bool whole = advance(bytes);
    message_.wire_bytes += before - bytes.size();
    if (whole) {
      message_is_done_ = true;
      read_digest();
      return &message_;
    }
  }
  return nullptr;
}

// Takes one line or a piece of a bulk string; true when that made the message whole.
bool Reader::advance(std::string_view& bytes) {
  if (bulk_left_ > 0) return take_bulk(bytes);
  const bool line_begins = line_.empty();
  if (line_begins && side_ == Side::kReplies &&
      kReplyTypes.find(bytes.front()) == std::string_view::npos) {
    refuse("a reply has " + printable(bytes.front()) + " where a type is expected");
  }
  if (line_begins && side_ == Side::kRequests && !levels_.empty() && bytes.front() != '$') {
    refuse("a request has " + printable(bytes.front()) + " where '$' is expected");
  }
  std::string_view line;
  if (!take_line(bytes, line)) return false;
  const bool whole = on_line(line);
  line_.clear();
  line_is_cut_ = false;
  return whole;
}

bool Reader::take_line(std::string_view& bytes, std::string_view& line) {
  const auto newline = bytes.find('\n');
  const auto piece = bytes.substr(0, newline);
  const char type = line_.empty() ? bytes.front() : line_.front();
  // Status lines of MONITOR are as long as the values they tell of. They are text, kept in part.
  const bool may_be_long = side_ == Side::kReplies && (type == '+' || type == '-');
  if (line_.size() + piece.size() > kLineBytesMax) {
    if (!may_be_long) refuse("a line is longer than 64 KiB");
    line_is_cut_ = true;
  }
  if (!piece.empty()) carriage_return_ = piece.back() == '\r';
  bytes.remove_prefix(std::min(bytes.size(), piece.size() + 1));
  if (newline == std::string_view::npos || !line_.empty()) {
    line_.append(piece.substr(0, kLineBytesMax - line_.size()));
    line = line_;
  } else {
    line = piece.substr(0, kLineBytesMax);
  }
  if (newline == std::string_view::npos) return false;
  if (carriage_return_ && !line_is_cut_) line.remove_suffix(1);
  const bool may_lack_it = side_ == Side::kRequests && levels_.empty() && !line.starts_with('*');
  if (!carriage_return_ && !may_lack_it) refuse("a line ends without a carriage return");
  carriage_return_ = false;
  return true;
}

bool Reader::take_bulk(std::string_view& bytes) {
  const auto payload = bulk_left_ > kLineEnd.size() ? bulk_left_ - kLineEnd.size() : 0;
  const auto kept = bytes.substr(0, std::min(payload, keep_left_));
  digest_.append(kept);
  keep_left_ -= kept.size();
  const auto skipped = std::min<std::uint64_t>(bytes.size(), payload);
  bulk_left_ -= skipped;
  bytes.remove_prefix(skipped);
  while (!bytes.empty() && bulk_left_ > 0) {
    if (bytes.front() != kLineEnd[kLineEnd.size() - bulk_left_]) {
      refuse("a bulk string is longer than its header says");
    }
    bytes.remove_prefix(1);
    --bulk_left_;
  }
  if (bulk_left_ > 0) return false;
  if (is_kept()) digest_.append(kLineEnd);
  return element_complete();
}

bool Reader::on_line(std::string_view line) {
  return side_ == Side::kRequests ? on_request_line(line) : on_element(line);
}

bool Reader::on_request_line(std::string_view line) {
  if (!levels_.empty()) return on_bulk('$', line);
  if (line.starts_with('*')) return on_array('*', line);
  return on_inline_request(std::string(line));
}

// Taken apart by the very function that Redis uses for it.
bool Reader::on_inline_request(const std::string& line) {
  int count = 0;
  sds* words = sdssplitargs(line.c_str(), &count);
  if (!words) refuse("an inline request has unbalanced quotes");
  message_.type = '*';
  message_.elements = static_cast<std::uint64_t>(count);
  const int kept = std::min(count, static_cast<int>(kPartsMax));
  digest_ = "*" + std::to_string(kept) + "\r\n";
  for (int i = 0; i < kept; ++i) {
    condense('$', std::string_view(words[i], sdslen(words[i])).substr(0, kPartBytesMax));
  }
  sdsfreesplitres(words, count);
  return true;
}

bool Reader::on_element(std::string_view line) {
  const char type = line.front();
  switch (type) {
    case '$':
    case '=':
    case '!':
      return on_bulk(type, line);
    case '*':
    case '%':
    case '~':
    case '>':
    case '|':
      return on_array(type, line);
    default:
      break;
  }
  if (levels_.empty()) message_.type = type;
  if (is_kept()) condense(type, line.substr(1, kPartBytesMax));
  return element_complete();
}

bool Reader::on_bulk(char type, std::string_view line) {
  std::int64_t size = 0;
  const char* end = line.data() + line.size();
  const auto parsed = std::from_chars(line.data() + 1, end, size);
  const bool is_nil = size == -1 && type == '$' && side_ == Side::kReplies;
  if (parsed.ec != std::errc{} || parsed.ptr != end || (size < 0 && !is_nil)) {
    refuse("a bulk string has '" + std::string(line.substr(1, 32)) + "' for its length");
  }
  if (size > static_cast<std::int64_t>(kBulkBytesMax)) {
    refuse("a bulk string of " + std::to_string(size) + " bytes is longer than 512 MiB");
  }
  if (levels_.empty()) message_.type = is_nil ? '_' : type;
  if (is_nil) {
    if (is_kept()) digest_.append("$-1\r\n");
    return element_complete();
  }
  bulk_left_ = static_cast<std::uint64_t>(size) + kLineEnd.size();
  keep_left_ = is_kept() ? std::min<std::uint64_t>(size, kPartBytesMax) : 0;
  if (is_kept()) digest_.append("$").append(std::to_string(keep_left_)).append(kLineEnd);
  return false;
}

bool Reader::on_array(char type, std::string_view line) {
  std::int64_t size = 0;
  const char* end = line.data() + line.size();
  const auto parsed = std::from_chars(line.data() + 1, end, size);
  const bool is_nil = size == -1 && type == '*';
  if (parsed.ec != std::errc{} || parsed.ptr != end || size > INT_MAX || (size < 0 && !is_nil)) {
    refuse("an array has '" + std::string(line.substr(1, 32)) + "' for its length");
  }
  if (levels_.size() == kDepthMax) refuse("arrays are nested more than 128 deep");
  const std::uint64_t elements =
      is_nil ? 0 : static_cast<std::uint64_t>(size) * (type == '%' || type == '|' ? 2 : 1);
  const bool is_attribute = type == '|';
  const bool is_message = levels_.empty() && !is_attribute;
  if (is_message) {
    const bool is_nil_reply = is_nil && side_ == Side::kReplies;
    message_.type = is_nil_reply ? '_' : type;
    message_.elements = elements;
    const auto kept = std::min<std::uint64_t>(elements, kPartsMax);
    digest_ = is_nil_reply ? "*-1\r\n" : "*" + std::to_string(kept) + "\r\n";
  } else if (is_kept() && !is_attribute) {
    digest_.append("$-1\r\n");
  }
  if (elements > 0) {
    levels_.push_back({.left = elements, .kept = is_message, .is_attribute = is_attribute});
    return false;
  }
  return is_attribute ? false : element_complete();
}

// Whether the element that is being read goes into the digest.
bool Reader::is_kept() const {
  if (levels_.empty()) return true;
  return levels_.back().kept && message_.elements - levels_.back().left < kPartsMax;
}

// Counts an element as read, and every array that it completes; true when that is the message.
bool Reader::element_complete() {
  while (!levels_.empty()) {
    auto& level = levels_.back();
    if (--level.left > 0) return false;
    const bool is_attribute = level.is_attribute;
    levels_.pop_back();
    if (is_attribute) return false;
  }
  return true;
}

// Writes an element as the RESP2 type that stands for it.
void Reader::condense(char type, std::string_view text) {
  switch (type) {
    case '_':
      digest_.append("$-1\r\n");
      return;
    case '$':
      digest_.append("$").append(std::to_string(text.size())).append(kLineEnd);
      break;
    case '#':
    case ',':
    case '(':
      digest_.append("+");
      break;
    default:
      digest_.append(1, type);
  }
  digest_.append(text).append(kLineEnd);
}

void Reader::read_digest() {
  message_.parts.clear();
  void* value = nullptr;
  if (redisReaderFeed(hiredis_.get(), digest_.data(), digest_.size()) != REDIS_OK ||
      redisReaderGetReply(hiredis_.get(), &value) != REDIS_OK || !value) {
    refuse(hiredis_->err ? hiredis_->errstr : "a message could not be read");
  }
}

void Reader::refuse(const std::string& what) {
  refusal_ = what;
  throw ProtocolError(refusal_);
}

}  // namespace redis
