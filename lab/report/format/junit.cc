#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "lab/report/format/formats.h"

namespace lab::report {
namespace {

// Control characters have no place in XML 1.0, escaped or not.
std::string xml_text(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = '?';
  }
  return text;
}

struct Failure {
  const Cause* cause;
  std::string title;
  std::string text;
};

void add_case(pugi::xml_node suite, const std::string& classname, const std::string& name,
              const std::vector<Failure>& failures) {
  auto test = suite.append_child("testcase");
  test.append_attribute("classname") = xml_text(classname).c_str();
  test.append_attribute("name") = xml_text(name).c_str();
  test.append_attribute("time") = "0";
  for (const auto& failure : failures) {
    const auto& side = failure.cause->first;
    if (!side.file.empty() && !test.attribute("file")) {
      test.append_attribute("file") = xml_text(display_path(side.file)).c_str();
      test.append_attribute("line") = side.line;
    }
    auto node = test.append_child("failure");
    node.append_attribute("type") = xml_text(failure.cause->kind).c_str();
    node.append_attribute("message") = xml_text(failure.title).c_str();
    node.text() = xml_text(failure.text).c_str();
  }
}

}  // namespace

void write_junit(std::ostream& out, const std::vector<Report>& reports,
                 const std::vector<Cause>& causes, const Context& context) {
  // A test case fails of every cause that it had a report of.
  std::map<std::string, std::vector<Failure>> by_test;
  std::vector<Failure> elsewhere;
  for (const auto& cause : causes) {
    std::ostringstream text;
    write_cause(text, reports, cause, context, {.width = 100});
    const auto explanation = explain(reports[cause.shown], cause, context.own, *context.sources);
    const Failure failure{&cause, explanation.title, text.str()};
    std::set<std::string> tests;
    for (const auto report : cause.reports) tests.insert(reports[report].test);
    for (const auto& test : tests) (test.empty() ? elsewhere : by_test[test]).push_back(failure);
  }
  pugi::xml_document document;
  auto suites = document.append_child("testsuites");
  auto suite = suites.append_child("testsuite");
  suite.append_attribute("name") = "ThreadSanitizer";
  const auto count = by_test.size() + elsewhere.size();
  for (auto node : {suites, suite}) {
    node.append_attribute("tests") = count;
    node.append_attribute("failures") = count;
    node.append_attribute("errors") = 0;
  }
  for (const auto& [test, failures] : by_test) {
    const auto dot = test.find('.');
    const auto name = dot == std::string::npos ? test : test.substr(dot + 1);
    add_case(suite, dot == std::string::npos ? "ThreadSanitizer" : test.substr(0, dot), name,
             failures);
  }
  for (const auto& failure : elsewhere)
    add_case(suite, "ThreadSanitizer", failure.title, {failure});
  document.save(out, "  ");
}

}  // namespace lab::report
