#include "drill/events.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#include "drill/proof.h"

namespace drill {
namespace {

// Constant from the start: meet_judge() runs before any initialiser.
constinit int events_fd = -1;
constinit bool judged = false;  // The lines are signed with key.
constinit Key key;
constinit std::uint64_t next_line = 0;  // Guarded by order.
constinit std::mutex order;             // Of the lines. Guards next_line.
std::string running_test;

void write_all(std::string_view text) {
  while (!text.empty()) {
    const auto written = write(events_fd, text.data(), text.size());
    // The judge misses what a full disk swallows.
    if (written <= 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void meet_judge(Confine whom) {
  const char* socket = std::getenv("RACELAB_JUDGE");
  if (socket == nullptr) return;
  const int fd = std::atoi(socket);
  Key given;
  if (read(fd, &given, sizeof given) != sizeof given) _exit(2);
  unsetenv("RACELAB_JUDGE");
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  events_fd = fd;
  key = given;
  judged = true;
  confine(whom);
}

void leave_judge() {
  if (!judged) return;
  key = {};
  close(events_fd);
  events_fd = -1;
  confine(Confine::kTests);
}

void open_events(const std::string& file) {
  if (judged) return;
  events_fd = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (events_fd < 0) {
    std::fprintf(stderr, "drill: cannot write events to %s\n", file.c_str());
    std::_Exit(2);
  }
}

void emit(std::string_view json_line) {
  if (events_fd < 0) return;
  const std::lock_guard lock(order);
  // One write a line: lines of O_APPEND do not mix.
  write_all((judged ? signed_line(key, next_line++, json_line) : std::string(json_line)) + "\n");
}

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      result += escape;
    } else {
      result += c;
    }
  }
  return result + '"';
}

void set_running_test(std::string_view test) { running_test = test; }

void report_stuck(std::size_t functions, std::size_t of, int seconds) {
  emit("{\"event\":\"stuck\",\"test\":" + json_string(running_test) +
       ",\"functions\":" + std::to_string(functions) + ",\"of\":" + std::to_string(of) +
       ",\"seconds\":" + std::to_string(seconds) + "}");
  std::fprintf(stderr, "[  STUCK   ] %s: %zu of %zu functions still running after %d s\n",
               running_test.c_str(), functions, of, seconds);
  // The judge takes every thread's stack, then ends us.
  if (events_fd >= 0) std::this_thread::sleep_for(std::chrono::seconds(10));
  std::_Exit(14);
}

}  // namespace drill
