#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/format/formats.h"
#include "lab/report/names.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Stack& stack) {
  auto frames = Json::array();
  for (const auto& frame : stack) {
    Json one = {{"function", frame.function}, {"file", frame.file}, {"line", frame.line}};
    if (frame.column > 0) one["column"] = frame.column;
    if (!frame.module.empty()) one["module"] = frame.module;
    if (frame.offset > 0) one["offset"] = frame.offset;
    frames.push_back(std::move(one));
  }
  return frames;
}

// Ids alone in "mutexes"; how each is held stands in "held".
void add_mutexes(Json& json, const std::vector<HeldMutex>& mutexes) {
  json["mutexes"] = Json::array();
  json["held"] = Json::array();
  for (const auto& mutex : mutexes) {
    json["mutexes"].push_back(mutex.id);
    json["held"].push_back({{"id", mutex.id}, {"mode", mutex.write ? "write" : "read"}});
  }
}

Json to_json(const Access& access) {
  Json json = {{"op", access.op},     {"atomic", access.atomic},   {"previous", access.previous},
               {"size", access.size}, {"address", access.address}, {"thread", access.thread}};
  if (!access.object.empty()) json["object"] = access.object;
  add_mutexes(json, access.mutexes);
  json["frames"] = to_json(access.stack);
  if (access.stack_lost) json["stack_lost"] = true;
  return json;
}

Json to_json(const Location& location) {
  Json json = {{"kind", location.kind},       {"name", location.name},
               {"address", location.address}, {"size", location.size},
               {"thread", location.thread},   {"frames", to_json(location.stack)}};
  if (location.destroyed) json["destroyed"] = true;
  return json;
}

Json to_json(const Thread& thread) {
  return {{"id", thread.id},
          {"name", thread.name},
          {"state", thread.state},
          {"creator", thread.creator},
          {"frames", to_json(thread.created)}};
}

Json to_json(const Mutex& mutex) {
  return {{"id", mutex.id},
          {"address", mutex.address},
          {"destroyed", mutex.destroyed},
          {"frames", to_json(mutex.created)}};
}

Json to_json(const LockEdge& edge) {
  return {{"acquired", edge.acquired},
          {"held", edge.held},
          {"thread", edge.thread},
          {"acquired_at", to_json(edge.acquired_at)},
          {"held_at", to_json(edge.held_at)}};
}

template <class T>
Json to_json_array(const std::vector<T>& items) {
  auto array = Json::array();
  for (const auto& item : items) array.push_back(to_json(item));
  return array;
}

Json to_json(const Report& report) {
  Json json = {{"kind", report.kind},
               {"pid", report.pid},
               {"test", report.test},
               {"accesses", to_json_array(report.accesses)},
               {"stacks", to_json_array(report.stacks)},
               {"locations", to_json_array(report.locations)},
               {"mutexes", to_json_array(report.mutexes)},
               {"threads", to_json_array(report.threads)},
               {"cycle", report.cycle},
               {"edges", to_json_array(report.edges)},
               {"summary", report.summary},
               {"truncated", report.truncated}};
  if (report.via_sleep) json["via_sleep"] = true;
  if (!report.slept.empty()) json["slept"] = to_json(report.slept);
  if (report.more > 0) json["more"] = report.more;
  return json;
}

Json to_json(const Side& side) {
  if (!side.given()) return nullptr;
  Json json = {
      {"op", side.op},        {"atomic", side.atomic}, {"function", short_name(side.function)},
      {"file", side.file},    {"line", side.line},     {"column", side.column},
      {"thread", side.thread}};
  if (!side.thread_name.empty()) json["thread_name"] = side.thread_name;
  add_mutexes(json, side.mutexes);
  json["own"] = side.own;
  return json;
}

// What is said of a cause, added to what it is.
void add_explanation(Json& json, const Cause& cause, const Explanation& explanation,
                     const std::vector<Report>& reports) {
  json["rule"] = explanation.kind->id;
  json["title"] = explanation.title;
  json["object"] = cause.object;
  json["also"] = cause.also;
  json["location"] = describe_location(reports[cause.shown]);
  json["first"] = to_json(cause.first);
  json["second"] = to_json(cause.second);
  json["patterns"] = Json::array();
  for (const auto& pattern : explanation.patterns) {
    json["patterns"].push_back(
        {{"id", pattern.id}, {"title", pattern.title}, {"text", pattern.text}});
  }
  json["meaning"] = explanation.meaning;
  json["why"] = explanation.kind->why;
  json["fixes"] = explanation.fixes;
  json["facts"] = explanation.facts;
}

// An array of items that are written as they come: a log of many reports is never held as JSON.
class Array {
 public:
  Array(std::ostream& out, std::string_view name) : out_(out) { out_ << "  \"" << name << "\": ["; }

  void add(const Json& item) {
    out_ << (empty_ ? "\n    " : ",\n    ");
    empty_ = false;
    // A log may hold bytes that are no UTF-8.
    const auto text = item.dump(2, ' ', false, Json::error_handler_t::replace);
    std::string_view rest = text;
    out_ << take_until(rest, "\n");
    while (!rest.empty()) out_ << "\n    " << take_until(rest, "\n");
  }

  void end(std::string_view next) { out_ << (empty_ ? "]" : "\n  ]") << next; }

 private:
  std::ostream& out_;
  bool empty_ = true;
};

}  // namespace

void write_json(std::ostream& out, const std::vector<Report>& reports,
                const std::vector<Cause>& causes, const Context& context) {
  std::vector<std::size_t> numbers;  // A report's number in its array.
  std::vector<Json> errors;
  std::size_t count = 0;
  out << "{\n";
  Array told(out, "reports");
  for (const auto& report : reports) {
    numbers.push_back(report.fatal ? errors.size() : count++);
    if (report.fatal) {
      errors.push_back(to_json(report));
    } else {
      told.add(to_json(report));
    }
  }
  told.end(",\n");
  Array folded(out, "causes");
  for (const auto& cause : causes) {
    const auto explanation = explain(reports[cause.shown], cause, context.own, *context.sources);
    if (cause.fatal) {
      add_explanation(errors[numbers[cause.shown]], cause, explanation, reports);
      continue;
    }
    Json one = {{"kind", cause.kind}, {"reports", Json::array()}};
    for (const auto report : cause.reports) one["reports"].push_back(numbers[report]);
    add_explanation(one, cause, explanation, reports);
    folded.add(one);
  }
  folded.end(",\n");
  Array fatal(out, "errors");
  for (const auto& error : errors) fatal.add(error);
  fatal.end("\n}\n");
}

}  // namespace lab::report
