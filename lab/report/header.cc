#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "lab/report/lines.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr std::string_view kName = "ThreadSanitizer";

// ReportTypeString() of tsan_report.cpp.
constexpr std::array<std::string_view, 16> kKinds = {
    "data race",
    "data race on vptr (ctor/dtor vs virtual call)",
    "heap-use-after-free",
    "heap-use-after-free (virtual call vs free)",
    "race on external object",
    "thread leak",
    "destroy of a locked mutex",
    "double lock of a mutex",
    "use of an invalid mutex (e.g. uninitialized or destroyed)",
    "unlock of an unlocked mutex (or by a wrong thread)",
    "read lock of a write locked mutex",
    "read unlock of a write locked mutex",
    "signal-unsafe call inside of a signal",
    "signal handler spoils errno",
    "lock-order-inversion (potential deadlock)",
    "mutex held in the wrong context"};

// "==12==" at the end of `before`, taken off it.
int take_pid(std::string_view& before) {
  if (!before.ends_with("==")) return 0;
  auto digits = before.substr(0, before.size() - 2);
  auto begin = digits.size();
  while (begin > 0 && is_digit(digits[begin - 1])) --begin;
  if (begin < 2 || begin == digits.size() || digits.substr(begin - 2, 2) != "==") return 0;
  before = before.substr(0, begin - 2);
  digits.remove_prefix(begin);
  return take_number<int>(digits);
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// "WARNING: ThreadSanitizer: data race (pid=12)". The runtime's other warnings have no pid; a
// header that lost its end is known by its kind.
void parse_warning(std::string_view before, std::string_view after, Header& header) {
  if (!take_suffix(before, "WARNING: ") || !skip(after, ": ")) return;
  const auto pid = after.rfind(" (pid=");
  auto kind = trim(after.substr(0, pid));
  if (pid != std::string_view::npos) {
    auto number = after.substr(pid + 6);
    header.pid = take_number<int>(number);
  } else if (!is_known_kind(kind)) {
    return;
  }
  header.found = !kind.empty();
  header.kind = kind;
  header.prefix = before;
}

// The name of a fatal error: "SEGV on unknown address 0x12 (pc ..." is a SEGV. Where no name stands
// in front, the summary gives one later.
std::string fatal_kind(std::string_view text) {
  for (const std::string_view name : {"CHECK failed", "finished with ignores enabled"}) {
    if (text.find(name) != std::string_view::npos) return std::string(name);
  }
  auto end = text.size();
  for (const std::string_view stop : {" on ", " 0x", " (", ": "})
    end = std::min(end, text.find(stop));
  return std::string(trim(text.substr(0, std::min<std::size_t>(end, 100))));
}

// The runtime's last words that say neither ERROR nor FATAL: what follows its name.
bool is_last_words(std::string_view after) {
  if (!skip(after, ": ") && !skip(after, " ")) return false;
  return after.starts_with("CHECK failed") || after.starts_with("hard rss limit exhausted") ||
         after.find(" finished with ignores enabled") != std::string_view::npos;
}

// "==12==ERROR: ThreadSanitizer: SEGV on unknown address", "FATAL: ThreadSanitizer: unexpected
// memory mapping", "ThreadSanitizer: CHECK failed: tsan_rtl.cpp:12".
void parse_fatal(std::string_view before, std::string_view after, Header& header) {
  const bool named = take_suffix(before, "ERROR: ") || take_suffix(before, "FATAL: ");
  if (!named && !is_last_words(after)) return;
  skip(after, ":");
  header.found = header.fatal = true;
  header.kind = fatal_kind(trim(after));
  header.pid = take_pid(before);
  header.prefix = before;
}

}  // namespace

bool is_known_kind(std::string_view kind) {
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

Header parse_header(std::string_view line) {
  Header header;
  for (auto at = line.find(kName); at != std::string_view::npos && !header.found;
       at = line.find(kName, at + 1)) {
    const auto before = line.substr(0, at);
    const auto after = line.substr(at + kName.size());
    parse_warning(before, after, header);
    if (!header.found) parse_fatal(before, after, header);
  }
  if (header.found) header.text = line.substr(header.prefix.size());
  return header;
}

}  // namespace lab::report
