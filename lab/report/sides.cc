#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "lab/report/causes.h"
#include "lab/report/code.h"
#include "lab/report/mutex_names.h"
#include "lab/report/names.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

bool has_word(const std::string& line, const std::string& before, const std::string& name) {
  return find_word(line, name) != line.npos && line.find(before + name) != line.npos;
}

// "Record" of "ns::Record::Record(ns::Record const&)", and of "~Record" and "operator=": the
// members that the compiler writes where nobody did. Empty for other functions.
std::string special_member_of(const Frame& frame, const std::vector<std::string>& lines) {
  const auto bare = bare_name(frame.function);
  const auto name = short_name(frame.function);
  const auto end = name.rfind("::");
  if (end == std::string::npos) {
    // clang gives the bare names of what was inlined: the file tells a class's from others.
    const auto type = bare.substr(bare.starts_with('~') ? 1 : 0);
    const bool of_class = !type.empty() && std::any_of(lines.begin(), lines.end(), [&](auto& line) {
      return has_word(line, "struct ", type) || has_word(line, "class ", type);
    });
    return bare == "operator=" || of_class ? bare : std::string();
  }
  auto scope = name.substr(0, end);
  scope.erase(0, scope.rfind("::") == std::string::npos ? 0 : scope.rfind("::") + 2);
  const bool special = bare == "operator=" || bare == scope || bare == "~" + scope;
  return special ? bare : std::string();
}

// A frame of a function that the compiler wrote: its line is its class's, not a line of anybody's.
bool is_implicit(const Frame& frame, Sources& sources) {
  const auto& lines = sources.lines(frame.file);
  const auto member = special_member_of(frame, lines);
  if (member.empty()) return false;
  const auto written = [&](const std::string& line) {
    return line.find(member + "(") != line.npos && line.find("= default") == line.npos;
  };
  return !lines.empty() && std::none_of(lines.begin(), lines.end(), written);
}

std::size_t find_own_frame(const Stack& stack, const Own& own, Sources& sources) {
  std::size_t first = stack.size();
  for (std::size_t i = 0; i < stack.size(); ++i) {
    if (!own.owns(stack[i])) continue;
    if (first == stack.size()) first = i;
    if (!is_implicit(stack[i], sources)) return i;
  }
  return first;
}

// Of a program without debug information: the first function that is neither the library's nor one
// that the runtime stands in for.
std::size_t find_named_frame(const Stack& stack) {
  constexpr std::array<std::string_view, 22> kIntercepted = {
      "malloc", "calloc", "realloc", "free",   "memcpy", "memmove", "memset", "memcmp",
      "strlen", "strcpy", "strncpy", "strcat", "strcmp", "strdup",  "read",   "write",
      "send",   "recv",   "close",   "open",   "printf", "puts"};
  for (std::size_t i = 0; i < stack.size(); ++i) {
    if (stack[i].function.empty()) continue;
    const auto name = short_name(stack[i].function);
    const auto outer = is_lambda(stack[i].function) ? enclosing_function(stack[i].function) : name;
    const auto begins = [&](std::string_view text) {
      return name.starts_with(text) || outer.starts_with(text);
    };
    const bool library = begins("std::") || begins("__") || begins("operator new") ||
                         begins("operator delete") || begins("pthread_");
    if (library || std::find(kIntercepted.begin(), kIntercepted.end(), name) != kIntercepted.end())
      continue;
    return i;
  }
  return 0;
}

// Takes the frame to show: the user's; with --own, what would be without; then any with a file.
void place(Side& side, const Own& own, Sources& sources) {
  const auto& stack = side.stack;
  if (stack.empty()) return;
  auto at = find_own_frame(stack, own, sources);
  side.own = at < stack.size();
  if (at == stack.size() && !own.paths.empty()) at = find_own_frame(stack, Own{}, sources);
  // Without lines a file says little: clang knows it of some functions, not of the innermost.
  const bool named = at == stack.size() || stack[at].line == 0;
  if (named) at = std::min(at, find_named_frame(stack));
  side.own = side.own && own.owns(stack[at]);
  side.frame = at;
  const auto lambda = lambda_of_thread(stack[at].function);
  side.function = lambda.empty() ? stack[at].function : lambda;
  side.file = stack[at].file;
  side.line = stack[at].line;
  side.column = stack[at].column;
}

bool frees(const Stack& stack) {
  if (stack.empty()) return false;
  constexpr std::array<std::string_view, 6> kNames = {
      "free", "realloc", "operator delete", "munmap", "operator delete[]", "cfree"};
  auto name = bare_name(stack[0].function);
  if (name.starts_with("__interceptor_")) name.erase(0, 14);
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string name_of(const Report& report, const std::string& thread) {
  for (const auto& one : report.threads) {
    if (one.id == thread) return one.name;
  }
  return {};
}

Side side_of(const Report& report, const Access& access) {
  Side side;
  side.op = access.op == "write" && frees(access.stack) ? "free" : access.op;
  side.atomic = access.atomic;
  side.thread = access.thread;
  side.thread_name = name_of(report, access.thread);
  side.mutexes = access.mutexes;
  side.stack = access.stack;
  return side;
}

Side side_of(std::string op, const Stack& stack, std::string thread = {}) {
  Side side;
  side.op = std::move(op);
  side.thread = std::move(thread);
  side.stack = stack;
  return side;
}

// What the stacks of a report without accesses did, first and second ("and:").
std::pair<std::string, std::string> stack_ops(const Report& report) {
  const std::string_view kind = report.kind;
  if (report.fatal) return {report.accesses.empty() ? "crash" : report.accesses[0].op, ""};
  if (kind.starts_with("destroy of")) return {"destroy", "lock"};
  if (kind.starts_with("double lock")) return {"lock", "lock"};
  if (kind.starts_with("unlock of")) return {"unlock", "lock"};
  if (kind.starts_with("read lock of")) return {"read lock", "write lock"};
  if (kind.starts_with("read unlock of")) return {"read unlock", "write lock"};
  if (kind.starts_with("use of an invalid mutex")) return {"use", "destroy"};
  if (kind.starts_with("signal handler spoils")) return {"spoil errno", ""};
  if (kind.starts_with("signal")) return {"signal handler", ""};
  if (kind.starts_with("mutex held")) return {"hold", ""};
  return {"here", "and"};
}

void take_lock_order(const Report& report, Pair& pair) {
  const auto take = [&](const LockEdge& edge) {
    auto side = side_of("lock", edge.acquired_at, edge.thread);
    side.thread_name = name_of(report, edge.thread);
    side.mutexes.push_back({.id = edge.held, .write = true});
    return side;
  };
  if (!report.edges.empty()) pair.first = take(report.edges[0]);
  if (report.edges.size() > 1) pair.second = take(report.edges[1]);
  for (std::size_t i = 2; i < report.edges.size(); ++i) pair.more.push_back(take(report.edges[i]));
}

void take_accesses(const Report& report, Pair& pair) {
  auto later = side_of(report, report.accesses[0]);
  if (report.accesses.size() == 1) {
    pair.first = std::move(later);
    return;
  }
  auto earlier = side_of(report, report.accesses[1]);
  if (later.op != "read" && earlier.op == "read") std::swap(later, earlier);
  pair.first = std::move(earlier);
  pair.second = std::move(later);
}

// A descriptor is no memory: who closed it, and who used it.
void tell_descriptor(const Report& report, Pair& pair) {
  const bool descriptor = std::any_of(report.locations.begin(), report.locations.end(),
                                      [](const auto& location) { return location.kind == "fd"; });
  if (!descriptor) return;
  for (auto* side : {&pair.first, &pair.second}) {
    if (!side->given() || side->stack.empty()) continue;
    const auto call = bare_name(side->stack[0].function);
    side->op = call == "close" || call == "__close" || call == "fclose" ? "close" : "use";
  }
}

}  // namespace

Pair find_pair(const Report& report, const Own& own, Sources& sources) {
  Pair pair;
  if (!report.accesses.empty() && !report.fatal) {
    take_accesses(report, pair);
    tell_descriptor(report, pair);
  } else if (!report.edges.empty()) {
    take_lock_order(report, pair);
  } else if (!report.stacks.empty()) {
    const auto [first, second] = stack_ops(report);
    pair.first = side_of(first, report.stacks[0]);
    if (report.stacks.size() > 1) pair.second = side_of(second, report.stacks[1]);
  } else if (!report.threads.empty()) {
    pair.first = side_of("create", report.threads[0].created, report.threads[0].creator);
  }
  place(pair.first, own, sources);
  place(pair.second, own, sources);
  for (auto& side : pair.more) place(side, own, sources);
  name_mutexes(report, pair, own, sources);
  return pair;
}

std::vector<const Side*> Cause::parties() const {
  std::vector<const Side*> given;
  for (const auto* side : {&first, &second}) {
    if (side->given()) given.push_back(side);
  }
  for (const auto& side : more) given.push_back(&side);
  return given;
}

Side find_side(const std::string& op, const Stack& stack, const Own& own, Sources& sources) {
  auto side = side_of(op, stack);
  place(side, own, sources);
  return side;
}

std::string describe_location(const Report& report) {
  for (const auto& location : report.locations) {
    const auto size = location.size > 0 ? " of " + std::to_string(location.size) + " bytes" : "";
    if (location.kind == "global" && !location.name.empty())
      return "global '" + location.name + "'";
    if (location.kind == "heap") {
      return (location.name.empty() ? "heap block" : location.name) + size;
    }
    if (location.kind == "fd") return "file descriptor " + location.name;
    const auto whose = location.thread == "main thread" ? "the main thread" : location.thread;
    if (location.kind == "stack") return "the stack of " + whose;
    if (location.kind == "tls") return "thread-local storage of " + whose;
  }
  return {};
}

}  // namespace lab::report
