// The host of one collector, in a process of its own: what it does to itself does not reach the
// view, and ThreadSanitizer watches it alone. The build compiles this for each pair; "collector.h"
// includes the pair's variant, RACELAB_COLLECTOR names its class.
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "collector.h"
#include "lab/view/host/queries.h"
#include "lab/view/host/wire.h"

namespace {

using Collector = RACELAB_COLLECTOR;
using namespace std::chrono_literals;

constexpr auto kProgressLimit = 3s;
constexpr int kQueryPauseMs = 5;

std::atomic<std::uint64_t> added{0};  // Relaxed: it tells that there is progress, nothing more.
std::atomic<int> capturing{0};

// The next connection's pipe from the control socket; -1 when there are no more.
int next_connection() {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  if (recvmsg(lab::view::wire::kControl, &message, MSG_CMSG_CLOEXEC) != 1) return -1;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (!header || header->cmsg_type != SCM_RIGHTS) return -1;
  int pipe = -1;
  std::memcpy(&pipe, CMSG_DATA(header), sizeof pipe);
  return pipe;
}

// A capture thread: adds what its pipe brings. It shares nothing with the other threads here but
// the collector; what order there is between them is the collector's own.
void capture(Collector& collector, int pipe) {
  std::string bytes;
  std::array<char, 65536> buffer;
  redis::Record record;
  bool is_named = false;
  for (;;) {
    const auto size = read(pipe, buffer.data(), buffer.size());
    if (size <= 0) break;
    bytes.append(buffer.data(), static_cast<std::size_t>(size));
    std::string_view rest = bytes;
    while (lab::view::wire::take(rest, record)) {
      if (!is_named) {
        const auto name = "capture " + std::to_string(record.connection % 1'000'000);
        pthread_setname_np(pthread_self(), name.c_str());
        is_named = true;
      }
      collector.add(record);
      added.fetch_add(1, std::memory_order_relaxed);
    }
    bytes.erase(0, bytes.size() - rest.size());
  }
  close(pipe);
}

// The UI thread: queries the collector all the time, as a view that redraws, and tells the view
// when that asks.
void query(Collector& collector, Collector& other) {
  pthread_setname_np(pthread_self(), "ui");
  std::array<char, lab::view::wire::kTextMax> buffer;
  std::string key;
  for (;;) {
    pollfd readable{lab::view::wire::kQueries, POLLIN, 0};
    const bool is_asked = poll(&readable, 1, kQueryPauseMs) > 0;
    if (is_asked) {
      const auto size = recv(lab::view::wire::kQueries, buffer.data(), buffer.size(), 0);
      if (size <= 0) return;
      key.assign(buffer.data() + 1, static_cast<std::size_t>(size) - 1);
    }
    auto answer = lab::view::ask(collector, other, key);
    if (!is_asked) continue;
    if (answer.empty()) answer = "no query is known";
    answer.resize(std::min(answer.size(), lab::view::wire::kTextMax));
    send(lab::view::wire::kQueries, answer.data(), answer.size(), MSG_NOSIGNAL);
  }
}

// Waits for the capture threads; a collector that hangs would hang its own end as well.
void wait_for_captures() {
  auto seen = added.load(std::memory_order_relaxed);
  auto limit = std::chrono::steady_clock::now() + kProgressLimit;
  // Acquire pairs with the release of each capture thread's end: only now are they ordered before
  // something, the collector's end.
  while (capturing.load(std::memory_order_acquire) > 0) {
    const auto now = added.load(std::memory_order_relaxed);
    if (now != seen) limit = std::chrono::steady_clock::now() + kProgressLimit;
    seen = now;
    if (std::chrono::steady_clock::now() > limit) std::_Exit(lab::view::wire::kHangs);
    std::this_thread::sleep_for(1ms);
  }
}

// Where records can be observed, the view would look each up as it arrives.
template <class Observed>
void observe([[maybe_unused]] Observed& collector) {
  if constexpr (requires { collector.subscribe([](const redis::Record&) {}); }) {
    collector.subscribe([&](const redis::Record& record) {
      if constexpr (requires { collector.find(record.key); }) collector.find(record.key);
    });
  }
}

}  // namespace

// The view's pipes and sockets order nothing here (io_sync): only the collector may.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() {
  return "exitcode=66:atexit_sleep_ms=0:history_size=7:second_deadlock_stack=1:io_sync=0";
}

int main() {
  Collector collector;
  Collector other;
  observe(collector);
  std::thread ui([&] { query(collector, other); });
  for (int pipe = next_connection(); pipe >= 0; pipe = next_connection()) {
    // Relaxed, and the threads detached: to count and to join them must not order them.
    capturing.fetch_add(1, std::memory_order_relaxed);
    std::thread([&collector, pipe] {
      capture(collector, pipe);
      capturing.fetch_sub(1, std::memory_order_release);
    }).detach();
  }
  wait_for_captures();
  shutdown(lab::view::wire::kQueries, SHUT_RD);
  ui.join();
}
