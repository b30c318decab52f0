#include "drill/explore/object_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <initializer_list>
#include <map>
#include <regex>
#include <string_view>

namespace drill::explore {
namespace {

constexpr std::size_t kLineMax = 400;  // Longer ones are not read: regular expressions recurse.

const std::vector<std::string>& lines_of(const std::string& path) {
  static std::map<std::string, std::vector<std::string>> files;
  const auto [file, is_new] = files.try_emplace(path);
  if (is_new) {
    std::ifstream source(path);
    for (std::string line; std::getline(source, line);) file->second.push_back(line);
  }
  return file->second;
}

// A line of a source file without its comment; empty when there is none.
std::string code_of(const Frame& frame) {
  const auto& lines = lines_of(frame.file);
  const auto number = static_cast<std::size_t>(frame.line);
  if (number == 0 || number > lines.size()) return {};
  const std::string& line = lines[number - 1];
  return line.size() > kLineMax ? std::string() : line.substr(0, line.find("//"));
}

// The first group that matched.
std::string first_match(const std::string& line, const std::string& pattern) {
  std::smatch match;
  if (!std::regex_search(line, match, std::regex(pattern))) return {};
  for (std::size_t i = 1; i < match.size(); ++i) {
    if (match[i].matched) return match[i];
  }
  return {};
}

// "mutex_", "other.mutex_", "shards_[shard]".
const std::string kPath =
    R"(((?:[A-Za-z_]\w*(?:\[[^\]]*\])?(?:\.|->))*[A-Za-z_]\w*(?:\[[^\]]*\])?))";

bool is_lock(OpKind operation) {
  return (operation >= OpKind::kLock && operation <= OpKind::kReadWriteUnlock);
}

bool is_condition(OpKind operation) {
  return operation >= OpKind::kWait && operation <= OpKind::kBroadcast;
}

bool is_thread(OpKind operation) {
  return operation <= OpKind::kExit || operation == OpKind::kYield || operation == OpKind::kSleep;
}

// `std::lock_guard lock(mutex_)`, `std::unique_lock lock{mutex_, std::defer_lock}`; with several
// mutexes it does not say which.
std::string guarded_name(const std::string& line) {
  const auto arguments = first_match(
      line,
      R"((?:lock_guard|unique_lock|shared_lock|scoped_lock)\b(?:\s*<[^;]*>)?\s*\w*\s*[({]([^;]*)[)}])");
  if (arguments.empty()) return {};
  const auto comma = arguments.find(',');
  if (comma != std::string::npos && line.find("scoped_lock") != std::string::npos) return {};
  return first_match(arguments.substr(0, comma), R"(^\s*\*?)" + kPath + R"(\s*$)");
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Names in a line that could be what is accessed: not called, not qualifying, not types.
std::vector<std::string> accessed_names(const std::string& code) {
  static constexpr std::array<std::string_view, 40> kOthers = {
      "auto",   "bool",     "break",   "case",   "char",    "const",   "constexpr", "continue",
      "delete", "do",       "double",  "else",   "false",   "float",   "for",       "if",
      "int",    "long",     "mutable", "new",    "nullptr", "private", "return",    "short",
      "sizeof", "static",   "std",     "struct", "switch",  "this",    "throw",     "true",
      "try",    "unsigned", "using",   "void",   "while",   "size_t",  "uint64_t",  "int64_t"};
  std::vector<std::string> names;
  bool quoted = false;
  for (std::size_t at = 0; at < code.size();) {
    quoted = quoted != (code[at] == '"' && (at == 0 || code[at - 1] != '\\'));
    if (quoted || !is_word(code[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    while (at < code.size() && is_word(code[at])) ++at;
    const auto name = code.substr(begin, at - begin);
    const auto after = code.find_first_not_of(' ', at);
    const std::string rest = after == std::string::npos ? "" : code.substr(after);
    const bool called = rest.starts_with('(') || rest.starts_with("::");
    const bool type = after != at && !rest.empty() && is_word(rest[0]);  // "Record record"
    const bool word = std::find(kOthers.begin(), kOthers.end(), name) != kOthers.end();
    if (std::isdigit(static_cast<unsigned char>(name[0])) == 0 && !called && !type && !word) {
      names.push_back(name);
    }
  }
  return names;
}

bool is_member(const std::string& name) { return name.size() > 1 && name.ends_with('_'); }

void keep_unique(std::vector<std::string>& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

// The only member among the names, or the only name.
std::string only_one(const std::vector<std::string>& names) {
  const auto members = std::count_if(names.begin(), names.end(), is_member);
  if (members == 1) return *std::find_if(names.begin(), names.end(), is_member);
  return members == 0 && names.size() == 1 ? names.front() : std::string();
}

// "forks" of "forks[seat]": what an index says holds for the moment only.
std::string without_index(const std::string& name) {
  static const std::regex index(R"(\[[^\]]*[A-Za-z_][^\]]*\])");
  return std::regex_replace(name, index, "");
}

}  // namespace

bool is_users(const Frame& frame) {
  return frame.file.starts_with("/") && frame.line > 0 && !frame.file.starts_with("/usr/") &&
         !frame.file.starts_with(RACELAB_DRILL_DIR) &&
         frame.file.find("/googletest/") == std::string::npos;
}

bool is_compilers(const Frame& frame) {
  if (code_of(frame).find("= default") != std::string::npos) return true;
  auto name = frame.function.substr(0, frame.function.find('('));
  if (const auto scope = name.rfind("::"); scope != std::string::npos) name.erase(0, scope + 2);
  if (name.empty()) return false;
  const auto type = name.substr(name.front() == '~' ? 1 : 0);
  const auto& lines = lines_of(frame.file);
  const auto some_line = [&lines](const std::string& text) {
    return std::any_of(lines.begin(), lines.end(), [&text](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  };
  const bool special =
      name == "operator=" || some_line("struct " + type) || some_line("class " + type);
  return special && !some_line(name + "(");
}

// Told by the header that the function called stands in: names are cut short by -g1.
bool is_direct(const Call& call, OpKind operation) {
  if (call.callee.function.empty() || is_thread(operation)) return true;
  const std::string header = call.callee.file.substr(call.callee.file.rfind('/') + 1);
  const auto is_one_of = [&header](std::initializer_list<const char*> names) {
    return std::find(names.begin(), names.end(), header) != names.end();
  };
  if (!call.callee.file.starts_with("/usr/")) return false;
  if (operation == OpKind::kRead || operation == OpKind::kWrite) return true;
  if (is_lock(operation)) {
    return is_one_of({"std_mutex.h", "unique_lock.h", "mutex", "shared_mutex"});
  }
  if (is_condition(operation)) return is_one_of({"condition_variable", "std_mutex.h"});
  if (operation == OpKind::kOnce) return is_one_of({"mutex"});
  return is_one_of({"atomic", "atomic_base.h", "atomic_wait.h", "latch", "barrier", "semaphore",
                    "semaphore_base.h"});
}

std::string name_in_source(const Call& call, OpKind operation) {
  const std::string line = code_of(call.own);
  if (line.empty() || !is_direct(call, operation)) return {};
  if (is_lock(operation)) {
    const auto guarded = guarded_name(line);
    if (!guarded.empty()) return guarded;
    return first_match(line,
                       kPath + R"((?:\.|->)(?:try_)?(?:un)?lock(?:_shared)?(?:_for|_until)?\()");
  }
  if (is_condition(operation)) {
    return first_match(line, kPath + R"((?:\.|->)(?:wait|notify)\w*\()");
  }
  if (operation == OpKind::kOnce) return first_match(line, R"(call_once\(\s*)" + kPath);
  const auto called = first_match(
      line,
      kPath +
          R"((?:\.|->)(?:load|store|exchange|compare_exchange_\w+|fetch_\w+|test_and_set|clear|test|wait|notify_\w+|acquire|try_acquire\w*|release|count_down|arrive\w*|try_wait)\()");
  if (!called.empty()) return called;
  // An assignment names what it assigns to, a load by conversion nothing for certain.
  if (operation == OpKind::kLoad) return {};
  return first_match(line,
                     R"((?:\+\+|--)\s*)" + kPath + "|" + kPath + R"(\s*(?:\+\+|--|[-+|&^]?=[^=]))");
}

std::string name_of_accessed(const std::vector<Frame>& places) {
  std::vector<std::string> common;
  bool first = true;
  for (const Frame& place : places) {
    auto names = accessed_names(code_of(place));
    keep_unique(names);
    if (first) {
      common = names;
    } else {
      std::erase_if(common, [&names](const std::string& name) {
        return !std::binary_search(names.begin(), names.end(), name);
      });
    }
    first = false;
  }
  return only_one(common);
}

std::string common_name(const std::vector<std::string>& given) {
  if (given.empty()) return {};
  std::vector<std::string> names;
  for (const auto& name : given) names.push_back(without_index(name));
  const auto last_part = [](const std::string& name) {
    const auto at = name.find_last_of(".>");
    return at == std::string::npos ? name : name.substr(at + 1);
  };
  const bool same = std::all_of(names.begin(), names.end(),
                                [&](const std::string& name) { return name == names.front(); });
  if (same) return names.front();
  const bool same_part = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return last_part(name) == last_part(names.front());
  });
  return same_part ? last_part(names.front()) : std::string();
}

}  // namespace drill::explore
