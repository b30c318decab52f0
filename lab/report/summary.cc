#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "lab/report/explain.h"
#include "lab/report/names.h"

namespace lab::report {
namespace {

std::string in_function(const Side& side) {
  const auto name = bare_name(side.function);
  if (name.empty()) return function_label(side);
  return name == "lambda" ? "a lambda" : name + "()";
}

// Who takes the locks of a circle: "merge()", "put() and get()".
std::string summarize_order(const Cause& cause) {
  const auto first = in_function(cause.first);
  const auto second = in_function(cause.second);
  const std::string end = "threads can wait for each other for ever";
  if (!cause.second.given()) return fmt::format("{} takes locks in a circle: {}", first, end);
  if (!cause.more.empty()) {
    return fmt::format("{}, {} and {} more take {} locks in a circle: {}", first, second,
                       cause.more.size(), cause.more.size() + 2, end);
  }
  if (first == second)
    return fmt::format("{} takes these two locks in both orders: two {}", first, end);
  return fmt::format("{} takes two locks in one order, {} in the other: two {}", first, second,
                     end);
}

bool share_a_read_lock(const Cause& cause) {
  return std::any_of(cause.first.mutexes.begin(), cause.first.mutexes.end(), [&](const auto& one) {
    const auto& others = cause.second.mutexes;
    return !one.write && std::any_of(others.begin(), others.end(), [&](const auto& other) {
      return other.id == one.id && !other.write;
    });
  });
}

}  // namespace

std::string summarize(const Cause& cause) {
  if (cause.kind.starts_with("lock-order-inversion"))
    return "possible deadlock: " + summarize_order(cause);
  auto text = fmt::format("{}: {} in {}", cause.kind, cause.first.op, in_function(cause.first));
  if (cause.second.given()) {
    text += fmt::format(" against {} in {}", cause.second.op, in_function(cause.second));
  }
  if (!cause.object.empty()) text += ", on " + cause.object;
  if (!cause.also.empty()) text += fmt::format("; also on {}", fmt::join(cause.also, ", "));
  if (share_a_read_lock(cause)) {
    text +=
        "; both hold a lock for reading, and a shared lock does not exclude another shared lock";
  }
  return text;
}

}  // namespace lab::report
