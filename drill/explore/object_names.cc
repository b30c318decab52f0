#include "drill/explore/object_names.h"

#include <fstream>
#include <regex>

namespace drill::explore {
namespace {

std::string read_line(const std::string& file, int number) {
  std::ifstream source(file);
  std::string line;
  for (int i = 0; i < number && std::getline(source, line); ++i) {
  }
  return source ? line : std::string();
}

// The first group that matched.
std::string first_match(const std::string& line, const char* pattern) {
  std::smatch match;
  if (!std::regex_search(line, match, std::regex(pattern))) return {};
  for (std::size_t i = 1; i < match.size(); ++i) {
    if (match[i].matched) return match[i];
  }
  return {};
}

constexpr const char* kPath =
    R"(((?:[A-Za-z_]\w*(?:\[[^\]]*\])?(?:\.|->))*[A-Za-z_]\w*(?:\[[^\]]*\])?))";

}  // namespace

bool is_users(const Frame& frame) {
  return frame.file.starts_with("/") && frame.line > 0 && !frame.file.starts_with("/usr/") &&
         !frame.file.starts_with(RACELAB_DRILL_DIR) &&
         frame.file.find("/googletest/") == std::string::npos;
}

std::string name_in_source(const Frame& frame, OpKind operation) {
  const std::string line = read_line(frame.file, frame.line);
  if (line.empty()) return {};
  const std::string path = kPath;
  switch (operation) {
    case OpKind::kLock:
    case OpKind::kUnlock:
    case OpKind::kReadLock:
    case OpKind::kWriteLock:
    case OpKind::kReadWriteUnlock:
    case OpKind::kTryLock: {
      // `std::lock_guard<std::mutex> lock(mutex_)`, `lock{mutex_}`
      const auto guarded = first_match(
          line, (R"((?:lock_guard|unique_lock|shared_lock|scoped_lock)\b[^({]*[({]\s*\*?)" + path +
                 R"(\s*[,)}])")
                    .c_str());
      if (!guarded.empty()) return guarded;
      return first_match(line, (path + R"((?:\.|->)(?:try_)?(?:un)?lock(?:_shared)?\()").c_str());
    }
    case OpKind::kWait:
    case OpKind::kWakeUp:
    case OpKind::kSignal:
    case OpKind::kBroadcast:
      return first_match(line, (path + R"((?:\.|->)(?:wait|notify)\w*\()").c_str());
    case OpKind::kOnce:
      return first_match(line, (R"(call_once\(\s*)" + path).c_str());
    default:
      break;
  }
  const auto called = first_match(
      line,
      (path +
       R"((?:\.|->)(?:load|store|exchange|compare_exchange_\w+|fetch_\w+|test_and_set|clear|test|wait|notify_\w+|acquire|try_acquire\w*|release|count_down|arrive\w*|try_wait|get|set_value)\()")
          .c_str());
  if (!called.empty()) return called;
  return first_match(
      line, (R"((?:\+\+|--)\s*)" + path + "|" + path + R"(\s*(?:\+\+|--|[-+|&^]?=[^=]))").c_str());
}

}  // namespace drill::explore
