#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lab/report/causes.h"
#include "lab/view/board.h"
#include "lab/view/host.h"
#include "redis/record.h"

namespace lab::view {

// How recent records are ordered: as they came, newest first, or by a column, greatest or last
// first.
enum class Order { kArrival, kConnection, kCommand, kKey, kRequest, kResponse, kLatency, kStatus };
inline constexpr int kOrders = 8;

// What the view shows at one moment.
struct Picture {
  std::string source;     // "127.0.0.1:7000 -> 127.0.0.1:6379", "the recorded session"
  std::string collector;  // "02_map_read_write/racy"
  std::uint64_t count = 0;
  double per_second = 0;
  std::vector<redis::Record> recent;  // Newest last.
  std::vector<Total> totals;          // Most frequent first.
  std::optional<HostState> host;      // Of a collector in a process of its own.
  std::string notice;                 // A sentence that stands out; empty when all is well.

  Order order = Order::kArrival;
  bool is_reversed = false;
  bool is_paused = false;
  std::size_t scroll = 0;  // How many records are above the first shown.
};

enum class Style { kPlain, kTitle, kHeading, kBad, kDim };

struct Line {
  std::string text;  // Printable ASCII, no longer than the screen is wide.
  Style style = Style::kPlain;
};

// Lays the picture out; as many lines as the screen has, at most. Works for any size.
std::vector<Line> lay_out(const Picture& picture, std::size_t width, std::size_t height);

// A cause in two or three lines: what raced, then who did what, where, under which lock.
std::vector<std::string> cause_lines(const report::Cause& cause);

}  // namespace lab::view
