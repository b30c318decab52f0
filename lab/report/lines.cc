#include "lab/report/lines.h"

#include <algorithm>
#include <array>

#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr std::string_view kSeparator = "==================";

// "thread T1" and "main thread" as the model names them: "T1", "main thread". Stops at what cannot
// belong to either.
std::string take_thread(std::string_view& text) {
  if (skip(text, "main thread")) return "main thread";
  skip(text, "thread ");
  std::size_t size = 0;
  while (size < text.size() && is_word(text[size])) ++size;
  std::string thread(text.substr(0, size));
  text.remove_prefix(size);
  return thread;
}

std::string take_word(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_word(text[size])) ++size;
  std::string word(text.substr(0, size));
  text.remove_prefix(size);
  return word;
}

// "M0 (0x12)"
Mutex take_mutex(std::string_view& text) {
  Mutex mutex;
  mutex.id = take_word(text);
  if (skip(text, " (")) {
    mutex.address = take_number<std::uint64_t>(text, 16);
    skip(text, ")");
  }
  return mutex;
}

// " (mutexes: write M0, read M1)"
std::vector<HeldMutex> parse_mutex_set(std::string_view text) {
  std::vector<HeldMutex> mutexes;
  const auto begin = text.find(" (mutexes:");
  if (begin == std::string_view::npos) return mutexes;
  text.remove_prefix(begin + 10);
  text = take_until(text, ")");
  while (!(text = trim(text)).empty()) {
    auto one = trim(take_until(text, ","));
    const bool read = skip(one, "read ");
    if (!read) skip(one, "write ");
    if (!one.empty()) mutexes.push_back({.id = std::string(one), .write = !read});
  }
  return mutexes;
}

bool take_op(std::string_view& text, Access& access) {
  access.previous = skip(text, "Previous ") || skip(text, "previous ");
  access.atomic = skip(text, "Atomic ") || skip(text, "atomic ");
  if (skip(text, "Write of size ") || skip(text, "write of size ")) {
    access.op = "write";
  } else if (skip(text, "Read of size ") || skip(text, "read of size ")) {
    access.op = "read";
  } else {
    return false;
  }
  access.size = take_number<std::uint64_t>(text);
  return true;
}

// "Modifying access of Swift variable at 0x12 by main thread:", of __tsan_external_* annotations.
bool take_external_op(std::string_view& text, Access& access) {
  access.previous = skip(text, "Previous ") || skip(text, "previous ");
  if (skip(text, "Modifying access of ") || skip(text, "modifying access of ")) {
    access.op = "write";
  } else if (skip(text, "Read-only access of ") || skip(text, "read-only access of ")) {
    access.op = "read";
  } else {
    return false;
  }
  const auto at = text.rfind(" at 0x");
  if (at == std::string_view::npos) return false;
  access.object = text.substr(0, at);
  text.remove_prefix(at);
  return true;
}

bool parse_access(Line& line) {
  auto text = line.text;
  if (!take_op(text, line.access)) {
    text = line.text;
    line.access = {};
    if (!take_external_op(text, line.access)) return false;
  }
  if (!skip(text, " at ")) return false;
  line.access.address = take_number<std::uint64_t>(text, 16);
  if (skip(text, " by ")) {
    line.access.thread = take_thread(text);
    line.access.mutexes = parse_mutex_set(text);
  }
  line.kind = LineKind::access;
  return true;
}

void parse_heap(std::string_view text, Location& location) {
  location.kind = "heap";
  if (!skip(text,
            "heap block")) {  // Of an object that the program named: "Location is Tag of size".
    const auto size = text.find(" of size ");
    location.name = text.substr(0, size);
    text.remove_prefix(std::min(size, text.size()));
  }
  if (skip(text, " of size ")) location.size = take_number<std::uint64_t>(text);
  if (skip(text, " at ")) location.address = take_number<std::uint64_t>(text, 16);
  if (skip(text, " allocated by ")) location.thread = take_thread(text);
}

// "global 'name' of size 4 at 0x12 (a.out+0x34)"
void parse_global(std::string_view text, Location& location) {
  location.kind = "global";
  const auto end = text.rfind('\'');
  if (end == std::string_view::npos) return;
  location.name = text.substr(0, end);
  if (location.name == "??" || location.name == "<null>") location.name.clear();
  text.remove_prefix(end + 1);
  if (skip(text, " of size ")) location.size = take_number<std::uint64_t>(text);
  if (skip(text, " at ")) location.address = take_number<std::uint64_t>(text, 16);
}

bool parse_location(Line& line) {
  auto text = line.text;
  if (!skip(text, "Location is ")) return false;
  auto& location = line.location;
  line.kind = LineKind::location;
  if (skip(text, "global '")) {
    parse_global(text, location);
  } else if (skip(text, "stack of ")) {
    location.kind = "stack";
    location.thread = take_thread(text);
  } else if (skip(text, "TLS of ")) {
    location.kind = "tls";
    location.thread = take_thread(text);
  } else if (skip(text, "file descriptor ")) {
    location.kind = "fd";
    location.name = take_until(text, " ");
    location.destroyed = text.starts_with("destroyed");
    take_until(text, " by ");
    location.thread = take_thread(text);
  } else {
    parse_heap(text, location);
  }
  return true;
}

bool parse_cycle(Line& line) {
  auto text = line.text;
  if (!skip(text, "Cycle in lock order graph: ")) return false;
  while (text.starts_with('M')) {
    line.cycle.push_back(take_mutex(text));
    if (!skip(text, " => ")) break;
  }
  line.kind = LineKind::cycle;
  return true;
}

bool parse_mutex(Line& line) {
  auto text = line.text;
  if (!skip(text, "Mutex M")) return false;
  text = line.text.substr(6);
  auto mutex = take_mutex(text);
  if (skip(text, " acquired here while holding mutex ")) {
    line.kind = LineKind::edge;
    line.edge.acquired = mutex.id;
    line.edge.held = take_mutex(text).id;
    if (skip(text, " in ")) line.edge.thread = take_thread(text);
  } else if (text.starts_with(" previously acquired by the same thread")) {
    line.kind = LineKind::edge_held;
    line.edge.held = mutex.id;
  } else if (text.starts_with(" created at") || text.starts_with(" is already destroyed")) {
    line.kind = LineKind::mutex;
    line.mutex = std::move(mutex);
    line.mutex.destroyed = text.starts_with(" is");
  }
  return line.kind != LineKind::other;
}

bool parse_thread(Line& line) {
  auto text = line.text;
  if (!skip(text, "Thread ")) return false;
  auto& thread = line.thread;
  thread.id = take_thread(text);
  if (skip(text, " '")) {  // A name may hold anything, quotes too.
    const auto end = text.rfind("' (tid=");
    if (end == std::string_view::npos) return false;
    thread.name = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (thread.id.empty() || !skip(text, " (tid=")) return false;
  thread.os_id = take_number<std::uint64_t>(text);
  take_until(text, ", ");
  thread.state = take_until(text, ")");
  if (skip(text, " created by ")) thread.creator = take_thread(text);
  line.kind = LineKind::thread;
  return true;
}

bool parse_frame_line(Line& line) {
  auto text = line.text;
  if (text.size() < 3 || text[0] != '#' || !is_digit(text[1])) return false;
  text.remove_prefix(1);
  line.index = take_number<std::size_t>(text);
  if (!text.starts_with(' ')) return false;
  line.rest = text.substr(1);
  line.kind = LineKind::frame;
  return true;
}

// "==12==ABORTING" and the like, after a fatal signal.
bool parse_aside(Line& line) {
  auto text = line.text;
  if (!skip(text, "==") || text.empty() || !is_digit(text[0])) return false;
  take_number<int>(text);
  if (!skip(text, "==")) return false;
  if (skip(text, "The signal is caused by a ")) {
    line.kind = LineKind::signal;
    line.access.op = text.starts_with("WRITE") ? "write" : "read";
    return text.starts_with("WRITE") || text.starts_with("READ");
  }
  if (text.starts_with("ABORTING")) line.kind = LineKind::aborting;
  return line.kind != LineKind::other;
}

bool parse_plain(Line& line) {
  auto text = line.text;
  if (text.starts_with("As if synchronized via sleep")) {
    line.kind = LineKind::sleep;
  } else if (text.starts_with("[failed to restore the stack]")) {
    line.kind = LineKind::lost_stack;
  } else if (skip(text, "And ") && !text.empty() && is_digit(text[0])) {
    line.kind = LineKind::more;
    line.count = take_number<int>(text);
  } else if (text.starts_with("Hint: use TSAN_OPTIONS")) {
    line.kind = LineKind::hint;
  } else if (skip(text, "SUMMARY: ThreadSanitizer: ")) {
    line.kind = LineKind::summary;
    line.rest = text;
  } else if (text.ends_with(kSeparator)) {
    line.kind = LineKind::separator;
  }
  return line.kind != LineKind::other;
}

bool parse_known(Line& line) {
  if (line.text.empty()) return false;
  switch (line.text[0]) {
    case '#':
      return parse_frame_line(line);
    case 'L':
      return parse_location(line);
    case 'M':
      return parse_mutex(line) || parse_access(line);
    case 'C':
      return parse_cycle(line);
    case 'T':
      return parse_thread(line);
    case '=':
      return parse_plain(line) || parse_aside(line);
    default:
      return parse_access(line) || parse_plain(line);
  }
}

// Words that begin a line of a report, for lines that start with another writer's noise.
constexpr std::array<std::string_view, 12> kBeginnings = {
    "    #",     "  Write of size ", "  Read of size ", "  Atomic ",        "  Previous ",
    "  Mutex M", "  Thread T",       "  Location is ",  "  Cycle in lock ", "  As if sy",
    "SUMMARY: ", "    [failed"};

}  // namespace

Line parse_line(std::string_view text) {
  Line line;
  line.text = trim(text);
  if (line.text.empty()) {
    line.kind = LineKind::blank;
    return line;
  }
  if (parse_known(line)) return line;
  for (const auto beginning : kBeginnings) {
    const auto at = text.find(beginning);
    if (at == std::string_view::npos || at == 0) continue;
    Line inner;
    inner.text = trim(text.substr(at));
    if (parse_known(inner)) return inner;
  }
  // The heading of a stack in a form to come, or of a signal's: indented, and ends in a colon.
  line.kind =
      text.starts_with("  ") && line.text.ends_with(':') ? LineKind::stack : LineKind::other;
  return line;
}

}  // namespace lab::report
