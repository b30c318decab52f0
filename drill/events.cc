#include "drill/events.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

namespace drill {
namespace {
int events_fd = -1;
std::string running_test;
}  // namespace

void open_events(const std::string& file) {
  events_fd = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (events_fd < 0) {
    std::fprintf(stderr, "drill: cannot write events to %s\n", file.c_str());
    std::_Exit(2);
  }
}

void emit(std::string_view json_line) {
  if (events_fd < 0) return;
  const std::string line = std::string(json_line) + "\n";
  // One write a line: lines of O_APPEND do not mix. The judge misses what a full disk swallows.
  [[maybe_unused]] const auto written = write(events_fd, line.data(), line.size());
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
