#include <fmt/core.h>

#include <fstream>
#include <regex>
#include <string>

#include "lab/report/names.h"
#include "lab/verdict/judge.h"

namespace lab::verdict {
namespace {

std::string source_line(const std::string& file, int line) {
  std::ifstream in(file);
  std::string text;
  for (int number = 0; number < line && std::getline(in, text); ++number) {
  }
  return text;
}

bool matches(const course::Fault::Side& stated, const report::Side& seen) {
  const bool same_op = stated.op.empty() || stated.op == seen.op;
  const bool same_function =
      stated.function.empty() || stated.function == report::bare_name(seen.function);
  return same_op && same_function;
}

// True unless the sources show that another field raced.
bool on_field(const std::string& field, const report::Cause& cause) {
  if (field.empty()) return true;
  static const std::regex member(R"(\b\w+_\b)");
  const auto first = source_line(cause.first.file, cause.first.line);
  const auto second = source_line(cause.second.file, cause.second.line);
  const std::regex wanted("\\b" + field + "\\b");
  if (std::regex_search(first, wanted) || std::regex_search(second, wanted)) return true;
  return !std::regex_search(first, member) && !std::regex_search(second, member);
}

bool matches(const course::Fault& fault, const report::Cause& cause) {
  const bool straight = matches(fault.first, cause.first) && matches(fault.second, cause.second);
  const bool crossed = matches(fault.first, cause.second) && matches(fault.second, cause.first);
  return (straight || crossed) && on_field(fault.field, cause);
}

// One report at a time: a cause shows the first of its reports, and the fault may be another.
bool reported(const Judgement& judgement, const course::Fault& fault) {
  for (const auto& report : judgement.reports) {
    for (const auto& cause : report::find_causes({report}, judgement.own)) {
      if (matches(fault, cause)) return true;
    }
  }
  return false;
}

}  // namespace

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
