#include "lab/report/mutex_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/report/code.h"
#include "lab/report/patterns.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr std::size_t kLengthMax = 32;  // Longer expressions are no names.
constexpr std::array<std::string_view, 6> kFunctions = {
    "pthread_mutex_lock",    "pthread_mutex_init",    "pthread_mutex_trylock",
    "pthread_rwlock_rdlock", "pthread_rwlock_wrlock", "pthread_rwlock_init"};
constexpr std::array<std::string_view, 5> kMembers = {"lock()", "lock_shared()", "try_lock()",
                                                      "try_lock_shared()", "unlock()"};

// "ledger_.mutex" of "&this->ledger_.mutex"; empty where it is no name.
std::string tidy(std::string_view expression) {
  expression = trim(expression);
  if (expression.starts_with('&')) expression = trim(expression.substr(1));
  if (expression.starts_with("this->")) expression.remove_prefix(6);
  const bool name = std::all_of(expression.begin(), expression.end(), [](char c) {
    return is_word(c) || std::string_view(".:->[]").find(c) != std::string_view::npos;
  });
  return name && expression.size() <= kLengthMax ? std::string(expression) : std::string();
}

// The only argument between the brackets that open at `open`, tags such as std::defer_lock apart;
// empty where there are several.
std::string only_argument(std::string_view code, std::size_t open) {
  int depth = 0;
  auto end = open;
  std::size_t comma = code.npos;
  for (; end < code.size(); ++end) {
    const char c = code[end];
    depth += (c == '(' || c == '{' || c == '[') - (c == ')' || c == '}' || c == ']');
    if (depth == 0) break;
    if (c == ',' && depth == 1 && comma == code.npos) comma = end;
  }
  if (end == code.size()) return {};
  if (comma == code.npos) return tidy(code.substr(open + 1, end - open - 1));
  const auto rest = trim(code.substr(comma + 1, end - comma - 1));
  const bool tag = rest.ends_with("_lock") || rest.ends_with("_to_lock") || rest == "nullptr" ||
                   rest == "NULL" || rest == "0";
  return tag ? tidy(code.substr(open + 1, comma - open - 1)) : std::string();
}

// What "std::lock_guard<std::mutex> lock(mutex_)" takes, from where its type's name ends.
std::string guarded(std::string_view code, std::size_t at) {
  int angles = 0;
  for (; at < code.size(); ++at) {
    angles += (code[at] == '<') - (code[at] == '>');
    if (angles > 0) continue;
    if (code[at] == '(' || code[at] == '{') return only_argument(code, at);
    if (code[at] == ';') break;
  }
  return {};
}

// "mutex_" of "mutex_.lock()", which begins at `call`.
std::string before_member(std::string_view code, std::size_t call) {
  if (!is_selector(code, call - 1)) return {};
  const auto end = call - (code[call - 1] == '.' ? 1 : 2);
  auto begin = end;
  while (begin > 0 && (is_word(code[begin - 1]) ||
                       std::string_view(".:->").find(code[begin - 1]) != std::string_view::npos)) {
    --begin;
  }
  return tidy(code.substr(begin, end - begin));
}

}  // namespace

std::string name_of_lock(std::string_view line, int column) {
  const auto code = code_of(line);
  // Of several, the last that begins before the column; without one, none.
  std::string name;
  int found = 0;
  const auto take = [&](std::size_t at, const std::string& what) {
    if (column > 0 && at >= static_cast<std::size_t>(column)) return;
    ++found;
    name = what;
  };
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (!is_word(code[at]) || (at > 0 && is_word(code[at - 1]))) continue;
    const auto rest = std::string_view(code).substr(at);
    auto end = at;
    while (end < code.size() && is_word(code[end])) ++end;
    const auto word = std::string_view(code).substr(at, end - at);
    if (std::find(kGuards.begin(), kGuards.end(), word) != kGuards.end()) {
      take(at, guarded(code, end));
    } else if (std::find(kFunctions.begin(), kFunctions.end(), word) != kFunctions.end()) {
      take(at, guarded(code, end));
    } else if (at > 0 && std::any_of(kMembers.begin(), kMembers.end(),
                                     [&](auto member) { return rest.starts_with(member); })) {
      take(at - 1, before_member(code, at));
    }
  }
  return found == 1 || column > 0 ? name : std::string();
}

namespace {

std::string name_of(const Report& report, const std::string& id, const Own& own, Sources& sources) {
  const auto named = [&](const Stack& stack) {
    const auto side = find_side("lock", stack, own, sources);
    const auto line = side.own ? sources.line(side.file, side.line) : std::nullopt;
    const auto name = line ? name_of_lock(*line, side.column) : std::string();
    // Who holds it may be another who calls "from.mutex" what this one calls "to.mutex".
    const auto root = name.substr(0, name.find_first_of(".-["));
    return root.size() == name.size() || is_member_name(root) ? name : std::string();
  };
  for (const auto& edge : report.edges) {
    if (edge.acquired == id) return named(edge.acquired_at);
  }
  for (const auto& mutex : report.mutexes) {
    if (mutex.id == id && !mutex.created.empty()) return named(mutex.created);
  }
  return {};
}

}  // namespace

void name_mutexes(const Report& report, Pair& pair, const Own& own, Sources& sources) {
  std::vector<HeldMutex*> held;
  for (auto& mutex : pair.first.mutexes) held.push_back(&mutex);
  for (auto& mutex : pair.second.mutexes) held.push_back(&mutex);
  for (auto& side : pair.more) {
    for (auto& mutex : side.mutexes) held.push_back(&mutex);
  }
  for (auto* mutex : held) mutex->name = name_of(report, mutex->id, own, sources);
  // "other.mutex_" is each thread's own other.
  std::map<std::string, std::set<std::string>> called;
  for (const auto* mutex : held) called[mutex->name].insert(mutex->id);
  for (auto* mutex : held) {
    if (called[mutex->name].size() > 1) mutex->own = std::exchange(mutex->name, {});
  }
}

}  // namespace lab::report
