#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "lab/report/format/formats.h"
#include "lab/report/names.h"

// SARIF 2.1.0, OASIS Standard, 27 March 2020 (errata 01, 28 August 2023); numbers are its sections.
namespace lab::report {
namespace {

using Json = nlohmann::ordered_json;

// What a URI may hold unescaped of a path (RFC 3986, 3.3).
std::string uri_escape(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~/+@!$&'(),;=").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

// Files of the checkout by their path within it, so that an annotation finds them; others as they
// are.
Json artifact(const std::string& file, const Sources& sources) {
  const auto path = sources.path_in_checkout(file);
  if (path.starts_with('/')) return {{"uri", "file://" + uri_escape(path)}};
  return {{"uri", uri_escape(path)}, {"uriBaseId", "%SRCROOT%"}};
}

Json region(int line, int column) {
  Json region = {{"startLine", line}};
  if (column > 0) region["startColumn"] = column;
  return region;
}

Json location(const std::string& file, int line, int column, const std::string& function,
              const std::string& message, const Sources& sources) {
  Json location;
  if (!file.empty()) {
    location["physicalLocation"]["artifactLocation"] = artifact(file, sources);
    if (line > 0) location["physicalLocation"]["region"] = region(line, column);
  }
  if (!function.empty()) {
    location["logicalLocations"] =
        Json::array({Json{{"fullyQualifiedName", function}, {"kind", "function"}}});
  }
  if (!message.empty()) location["message"]["text"] = message;
  return location;
}

std::string deed(const Side& side) {
  return fmt::format("{}{}{} in {}{}", thread_label(side), side.thread.empty() ? "" : " ",
                     past_tense(side), function_label(side),
                     side.mutexes.empty() ? "" : ", " + locks_label(side));
}

Json location(const Side& side, const Sources& sources) {
  return location(side.file, side.line, side.column, side.function, deed(side), sources);
}

// The way into an access: outermost call first, the access last (3.36 to 3.38).
Json thread_flow(const Side& side, const Sources& sources) {
  Json flow;
  flow["id"] = side.thread.empty() ? side.op : side.thread;
  flow["message"]["text"] = deed(side);
  flow["locations"] = Json::array();
  for (auto i = side.stack.size(); i-- > 0;) {
    const auto& frame = side.stack[i];
    if (frame.file.empty()) continue;  // A step without a place cannot be shown.
    Json step;
    step["location"] = location(
        frame.file, frame.line, frame.column, frame.function,
        i == 0 ? past_tense(side) : "calls " + short_name(side.stack[i - 1].function), sources);
    step["nestingLevel"] = side.stack.size() - 1 - i;
    step["importance"] = i == side.frame              ? "essential"
                         : side.own && i > side.frame ? "important"
                                                      : "unimportant";
    if (!frame.module.empty()) step["module"] = frame.module;
    flow["locations"].push_back(std::move(step));
  }
  return flow;
}

Json rule(const Kind& kind) {
  std::string fixes;
  std::string fixes_markdown;
  for (const auto& fix : kind.fixes) {
    if (fix.text.empty()) continue;
    fixes += fmt::format("\n- {}", fix.text);
    fixes_markdown += fmt::format("\n* {}", fix.text);
  }
  const auto text = fmt::format("{} {}", kind.meaning, kind.why);
  Json rule = {
      {"id", kind.id},
      {"name", kind.title},
      {"shortDescription", {{"text", kind.title}}},
      {"fullDescription", {{"text", text}}},
      {"help",
       {{"text", text + (fixes.empty() ? "" : "\nWhat to try:" + fixes)},
        {"markdown", text + (fixes.empty() ? "" : "\n\n**What to try**\n" + fixes_markdown)}}},
      {"defaultConfiguration", {{"level", "error"}}},
      {"properties", {{"tags", {"concurrency", "correctness"}}, {"precision", "very-high"}}}};
  return rule;
}

// FNV-1a, so that a cause keeps its print from run to run: kind, functions and object, no lines.
std::string fingerprint(const Cause& cause) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  const auto parts = {cause.kind, short_name(cause.first.function),
                      short_name(cause.second.function), cause.object};
  for (const auto& part : parts) {
    for (const char c : part + '\n') hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  return fmt::format("{:016x}", hash);
}

std::string message(const Explanation& explanation, const Cause& cause) {
  auto text = explanation.title + ": " + deed(cause.first);
  if (cause.second.given()) text += "; " + deed(cause.second);
  for (const auto& side : cause.more) text += "; " + deed(side);
  text += ".";
  for (const auto& pattern : explanation.patterns) text += " " + pattern.title + ".";
  return text;
}

Json result(const std::vector<Report>& reports, const Cause& cause, const Explanation& explanation,
            std::size_t rule_index, const Sources& sources) {
  Json result = {{"ruleId", explanation.kind->id},
                 {"ruleIndex", rule_index},
                 {"level", "error"},
                 {"message", {{"text", message(explanation, cause)}}}};
  // The party of the user's own code where the other has none.
  const bool by_second = cause.first.file.empty() && !cause.second.file.empty();
  const auto& primary = by_second ? cause.second : cause.first;
  if (!primary.file.empty()) result["locations"] = Json::array({location(primary, sources)});
  auto related = Json::array();
  const auto relate = [&](Json location) {
    location["id"] = related.size() + 1;
    related.push_back(std::move(location));
  };
  if (!by_second && cause.second.given() && !cause.second.file.empty())
    relate(location(cause.second, sources));
  for (const auto& side : cause.more) {
    if (!side.file.empty()) relate(location(side, sources));
  }
  for (const auto& line : explanation.lines) {
    if (line.side) continue;
    relate(
        location(line.file, line.line, static_cast<int>(line.begin) + 1, "", line.label, sources));
  }
  if (!related.empty()) result["relatedLocations"] = std::move(related);
  auto flows = Json::array();
  for (const auto* side : cause.parties()) {
    auto flow = thread_flow(*side, sources);
    if (!flow["locations"].empty()) flows.push_back(std::move(flow));
  }
  if (!flows.empty()) result["codeFlows"] = Json::array({Json{{"threadFlows", std::move(flows)}}});
  result["partialFingerprints"]["racelabCause/v1"] = fingerprint(cause);
  result["occurrenceCount"] = cause.reports.size();
  if (!reports[cause.shown].test.empty()) result["properties"]["test"] = reports[cause.shown].test;
  return result;
}

}  // namespace

struct SarifLog::Content {
  Json rules = Json::array();
  Json results = Json::array();
  std::map<std::string, std::size_t, std::less<>> numbers;  // Of rules, by id.

  template <class MakeRule>
  std::size_t number(std::string_view id, MakeRule make_rule) {
    const auto [known, is_new] = numbers.emplace(id, rules.size());
    if (is_new) rules.push_back(make_rule());
    return known->second;
  }
};

SarifLog::SarifLog() : content_(std::make_unique<Content>()) {}
SarifLog::~SarifLog() = default;

void SarifLog::add(const std::vector<Report>& reports, const std::vector<Cause>& causes,
                   const Context& context, const SarifRemark& remark) {
  for (const auto& cause : causes) {
    const auto explanation = explain(reports[cause.shown], cause, context.own, *context.sources);
    const auto& kind = *explanation.kind;
    const auto index = content_->number(kind.id, [&] { return rule(kind); });
    auto one = result(reports, cause, explanation, index, *context.sources);
    one["level"] = remark.level;
    if (!remark.text.empty()) {
      one["message"]["text"] = remark.text + " " + one["message"]["text"].get<std::string>();
    }
    content_->results.push_back(std::move(one));
  }
}

void SarifLog::add(const SarifFinding& finding, const Sources& sources) {
  const auto index = content_->number(finding.rule, [&] {
    return Json{{"id", finding.rule},
                {"name", finding.title},
                {"shortDescription", {{"text", finding.title}}},
                {"help", {{"text", finding.help}, {"markdown", finding.help}}},
                {"defaultConfiguration", {{"level", "error"}}}};
  });
  content_->results.push_back(
      {{"ruleId", finding.rule},
       {"ruleIndex", index},
       {"level", "error"},
       {"message", {{"text", finding.message}}},
       {"locations", Json::array({location(finding.file, 1, 0, "", "", sources)})}});
}

void SarifLog::write(std::ostream& out) const {
  const Json driver = {{"name", "Racelab"},
                       {"fullName", "Racelab, on ThreadSanitizer's reports"},
                       {"version", "1.0.0"},
                       {"rules", content_->rules}};
  // Columns are bytes, as the compilers count them; for the sources that this is used on,
  // characters.
  const Json run = {{"tool", {{"driver", driver}}},
                    {"columnKind", "unicodeCodePoints"},
                    {"results", content_->results}};
  const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({run})}};
  out << log.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

void write_sarif(std::ostream& out, const std::vector<Report>& reports,
                 const std::vector<Cause>& causes, const Context& context) {
  SarifLog log;
  log.add(reports, causes, context, {});
  log.write(out);
}

}  // namespace lab::report
