#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "lab/report/explain.h"
#include "lab/report/names.h"
#include "lab/report/patterns.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

// "Collector::add" of "ns::inner::Collector::add": the class is enough to know a function by.
std::string last_scopes(const std::string& name) {
  int depth = 0;
  int scopes = 0;
  for (auto i = name.size(); i-- > 1;) {
    if (name[i] == '>' || name[i] == ')') ++depth;
    if (name[i] == '<' || name[i] == '(') --depth;
    if (depth == 0 && name[i] == ':' && name[i - 1] == ':') {
      if (++scopes == 2) return name.substr(i + 1);
      --i;
    }
  }
  return name;
}

}  // namespace

std::string objects_label(const Cause& cause) {
  auto names = cause.also;
  if (!cause.object.empty()) names.insert(names.begin(), cause.object);
  return and_list(names);
}

std::string which_thread(const Side& side) {
  const auto thread = thread_label(side);
  return thread == "main thread" ? "the main thread" : thread;
}

std::string who(const Side& side) {
  const auto thread = which_thread(side);
  return thread.empty() ? function_label(side)
                        : fmt::format("{} in {}", thread, function_label(side));
}

std::string past_tense(const Side& side) {
  static const std::map<std::string_view, std::string_view> kWords = {
      {"read", "read"},
      {"write", "wrote"},
      {"free", "freed"},
      {"close", "closed"},
      {"lock", "locked"},
      {"unlock", "unlocked"},
      {"destroy", "destroyed"},
      {"create", "started"},
      {"use", "used"},
      {"read lock", "read-locked"},
      {"read unlock", "read-unlocked"},
      {"write lock", "write-locked"},
      {"crash", "died"},
      {"signal handler", "called"},
      {"spoil errno", "changed errno"},
      {"hold", "held"},
      {"here", "was here"},
      {"and", "and here"}};
  const auto word = kWords.find(side.op);
  const std::string text(word == kWords.end() ? std::string_view(side.op) : word->second);
  return side.atomic ? text + " (atomic)" : text;
}

std::string thread_label(const Side& side) {
  return side.thread_name.empty() ? side.thread
                                  : fmt::format("{} '{}'", side.thread, side.thread_name);
}

std::string mutex_label(const HeldMutex& mutex) {
  return mutex.name.empty() ? mutex.id : fmt::format("{} ({})", mutex.id, mutex.name);
}

std::string locks_label(const Side& side) {
  if (side.mutexes.empty()) return "no lock held";
  std::string text = "holds ";
  for (const auto& mutex : side.mutexes) {
    if (&mutex != &side.mutexes.front()) text += ", ";
    text += mutex_label(mutex);
    if (!mutex.write) text += mutex.name.empty() ? " (for reading)" : ", for reading";
  }
  return text;
}

bool tells_locks(const Report& report, const Cause& cause) {
  return cause.second.given() && (!report.accesses.empty() || !report.edges.empty());
}

std::string function_label(const Side& side, bool full) {
  if (side.function.empty()) {
    if (side.stack.empty()) return "(stack lost)";
    const auto& frame = side.stack[side.frame];
    return fmt::format("{}+{:#x}", frame.module, frame.offset);
  }
  if (side.function == "__tsan_tls_initialization") return "(start of the thread)";
  if (full) return side.function;
  const auto name = short_name(side.function);
  // "lambda in ns::Collector::add" keeps its words; namespaces go.
  const auto words = name.rfind(" in ");
  const auto begin = name.starts_with("lambda in ") ? words + 4 : 0;
  const auto brief = name.substr(0, begin) + last_scopes(name.substr(begin));
  return name == "lambda" || name.front() == '-' || name.front() == '+' ? name : brief + "()";
}

std::string place_label(const Side& side) {
  // The runtime's own files are on nobody's disk.
  const bool runtime = side.file.find("/libsanitizer/") != std::string::npos ||
                       side.file.find("/compiler-rt/") != std::string::npos;
  // Without a line a header of the library says nothing.
  if (side.file.empty() || runtime || (!side.own && side.line == 0)) return {};
  return display_path(side.file) + (side.line > 0 ? ":" + std::to_string(side.line) : "");
}

std::string count_label(const std::vector<Report>& reports, const Cause& cause) {
  std::set<std::string> tests;
  for (const auto report : cause.reports) tests.insert(reports[report].test);
  tests.erase("");
  std::string text;
  if (cause.reports.size() > 1) text = fmt::format("{} reports, one cause", cause.reports.size());
  if (tests.empty()) return text;
  text += text.empty() ? "in " : "; in ";
  return text + (tests.size() == 1 ? *tests.begin() : fmt::format("{} tests", tests.size()));
}

std::string container_call(const Side& side) {
  if (!side.own || side.frame == 0) return {};
  const auto name = short_name(side.stack[side.frame - 1].function);
  const bool container = name.starts_with("std::") && !name.starts_with("std::_") &&
                         !name.starts_with("std::this_thread");
  return container ? name : std::string();
}

std::string display_path(const std::string& file) {
  static const std::string kHere = [] {
    std::error_code error;
    return std::filesystem::current_path(error).string() + "/";
  }();
  const auto path = file.find("/.") == std::string::npos && !file.starts_with("..")
                        ? file
                        : std::filesystem::path(file).lexically_normal().string();
  return kHere.size() > 1 && path.starts_with(kHere) ? path.substr(kHere.size()) : path;
}

}  // namespace lab::report
