#include "lab/verdict/events.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

namespace lab::verdict {

using nlohmann::json;

namespace {

Events::Usage usage_of(const json& event) {
  const auto found = event.find("strategy");
  if (found == event.end()) return {};
  const auto count = [&found](const char* name) { return found->value(name, 0); };
  return {.mutexes = count("mutexes"),
          .rwlocks = count("rwlocks"),
          .atomics = count("atomics"),
          .once = count("once"),
          .shards = count("shards"),
          .read_locks = count("read_locks"),
          .guards = count("guards"),
          .owner_threads = count("owner_threads"),
          .owner_waits = count("owner_waits") != 0,
          .asked = count("asked") != 0};
}

bool has_lock_cycle(const json& event, const char* which) {
  const auto found = event.find("lock_cycles");
  return found != event.end() && found->value(which, false);
}

}  // namespace

Channel::Channel() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 ||
      getrandom(&key_, sizeof key_, 0) != sizeof key_) {
    throw std::system_error(errno, std::generic_category(), "no channel to a judged process");
  }
  ours_ = ends[0];
  theirs_ = ends[1];
  fcntl(ours_, F_SETFL, O_NONBLOCK);
  if (send(ours_, &key_, sizeof key_, MSG_NOSIGNAL) != sizeof key_) {
    throw std::system_error(errno, std::generic_category(), "no channel to a judged process");
  }
}

Channel::~Channel() {
  started();
  close(ours_);
}

void Channel::started() {
  if (theirs_ >= 0) close(theirs_);
  theirs_ = -1;
}

std::string Channel::read() {
  constexpr std::size_t kBytesMax = std::size_t{1} << 20;  // At a time, whoever floods it.
  std::string text;
  char buffer[65536];
  while (text.size() < kBytesMax) {
    const auto got = recv(ours_, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

std::string EventReader::more() {
  if (channel_ != nullptr) return channel_->read();
  std::ifstream in(file_, std::ios::binary);
  in.seekg(offset_);
  std::ostringstream text;
  if (in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  offset_ += static_cast<std::streamoff>(text.str().size());
  return text.str();
}

const Events& EventReader::read() {
  constexpr std::size_t kLineMax = std::size_t{1} << 20;
  pending_ += more();
  std::size_t begin = 0;
  for (auto end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n', begin)) {
    const std::string_view line(pending_.data() + begin, end - begin);
    if (channel_ != nullptr) {
      take_signed(line);
    } else {
      take(line);
    }
    begin = end + 1;
  }
  pending_.erase(0, begin);
  if (pending_.size() > kLineMax) {
    events_.forged = true;
    pending_.clear();
  }
  return events_;
}

void EventReader::take_signed(std::string_view line) {
  const auto text = line.substr(std::min(line.size(), drill::kSignature));
  events_.forged = events_.forged || line != drill::signed_line(channel_->key(), lines_, text);
  ++lines_;
  if (!events_.forged) take(text);
}

void EventReader::take(std::string_view line) {
  const auto event = json::parse(line, nullptr, false);
  if (!event.is_object()) return;
  try {
    const auto what = event.value("event", "");
    if (what == "begin") {
      events_.begun = true;
      events_.tests_announced = event.value("tests", 0);
      events_.instrumented = event.value("instrumented", false);
    } else if (what == "test") {
      events_.tests.push_back({.name = event.value("name", ""),
                               .rounds = event.value("rounds", 0),
                               .failed = event.value("failed", false),
                               .reports = event.value("reports", 0)});
    } else if (what == "failure") {
      events_.failures.push_back({.test = event.value("test", ""),
                                  .file = event.value("file", ""),
                                  .line = event.value("line", 0),
                                  .message = event.value("message", "")});
    } else if (what == "explored") {
      events_.explored.push_back({.test = event.value("test", ""),
                                  .verdict = event.value("verdict", ""),
                                  .kind = event.value("kind", ""),
                                  .message = event.value("message", ""),
                                  .token = event.value("token", ""),
                                  .schedules = event.value("schedules", 0),
                                  .bound = event.value("bound", 0),
                                  .exhausted = event.value("exhausted", false),
                                  .sampled = event.value("sampled", 0),
                                  .open_lock_cycle = has_lock_cycle(event, "open"),
                                  .gated_lock_cycle = has_lock_cycle(event, "gated"),
                                  .usage = usage_of(event),
                                  .json = std::string(line)});
    } else if (what == "stuck") {
      events_.stuck_test = event.value("test", "");
      events_.stuck_seconds = event.value("seconds", 0);
    } else if (what == "end") {
      events_.ended = true;
    }
  } catch (const json::exception&) {
    // A field of another type: not ours.
  }
}

}  // namespace lab::verdict
