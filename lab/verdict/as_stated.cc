#include <fmt/core.h>

#include <regex>
#include <string>

#include "lab/report/names.h"
#include "lab/verdict/judge.h"

namespace lab::verdict {
namespace {

bool matches(const course::Fault::Side& stated, const report::Side& seen) {
  const bool same_op = stated.op.empty() || stated.op == seen.op;
  const bool same_function =
      stated.function.empty() || stated.function == report::bare_name(seen.function);
  return same_op && same_function;
}

// True unless the sources show that another field raced.
bool on_field(const std::string& field, const report::Pair& pair, report::Sources& sources) {
  if (field.empty()) return true;
  static const std::regex member(R"(\b\w+_\b)");
  const std::regex wanted("\\b" + field + "\\b");
  const auto first = sources.line(pair.first.file, pair.first.line).value_or("");
  const auto second = sources.line(pair.second.file, pair.second.line).value_or("");
  if (std::regex_search(first, wanted) || std::regex_search(second, wanted)) return true;
  return !std::regex_search(first, member) && !std::regex_search(second, member);
}

bool matches(const course::Fault& fault, const report::Pair& pair, report::Sources& sources) {
  const bool straight = matches(fault.first, pair.first) && matches(fault.second, pair.second);
  const bool crossed = matches(fault.first, pair.second) && matches(fault.second, pair.first);
  return (straight || crossed) && on_field(fault.field, pair, sources);
}

// One report at a time: a cause shows the one that tells most, and the fault may be another.
bool reported(const Judgement& judgement, const course::Fault& fault) {
  report::Sources sources;
  for (const auto& report : judgement.reports) {
    if (matches(fault, report::find_pair(report, judgement.own, sources), sources)) return true;
  }
  return false;
}

}  // namespace

const report::Pair* stated_pair(const Judgement& judgement, const course::Fault& fault) {
  report::Sources sources;
  for (const auto& cause : judgement.causes) {
    for (const auto& pair : cause.pairs) {
      if (matches(fault, pair, sources)) return &pair;
    }
  }
  const bool any = !judgement.causes.empty() && !judgement.causes.front().pairs.empty();
  return any ? &judgement.causes.front().pairs.front() : nullptr;
}

AsStated as_stated(const Judgement& judgement, const course::Variant& variant,
                   const course::Fault& fault) {
  if (name(judgement.verdict) != variant.expected) {
    return {false, fmt::format("expected {}, was {}: {}", variant.expected, name(judgement.verdict),
                               judgement.reason)};
  }
  const bool has_functions = !fault.first.function.empty();
  if (variant.kind != course::Kind::kRacy || judgement.reports.empty() || !has_functions) {
    return {true, ""};
  }
  if (reported(judgement, fault)) return {true, ""};
  return {false, fmt::format("caught, but not as its Fault line says ({}): {}", fault.text,
                             judgement.reason)};
}

}  // namespace lab::verdict
