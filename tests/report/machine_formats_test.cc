#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <sstream>
#include <string>

#include "lab/report/format/formats.h"
#include "tests/report/logs.h"

namespace lab::report {
namespace {

using Writer = void (*)(std::ostream&, const std::vector<Report>&, const std::vector<Cause>&,
                        const Context&);

std::string write(Writer writer, const std::string& log) {
  Told told(log);
  std::ostringstream out;
  writer(out, told.reports, told.causes, told.context);
  return out.str();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

pugi::xml_document xml(const std::string& text) {
  pugi::xml_document document;
  const auto result = document.load_string(text.c_str());
  EXPECT_TRUE(result) << result.description() << "\n" << text;
  return document;
}

TEST(JUnit, FailsTheTestThatWasRunning) {
  const auto document =
      xml(write(write_junit, "[ RUN      ] Bank.KeepsMoney\n" + kRaceLog +
                                 "[       OK ] Bank.KeepsMoney (1 ms)\n" + kInversionLog));
  const auto suite = document.child("testsuites").child("testsuite");
  EXPECT_EQ(suite.attribute("tests").as_int(), 2);
  EXPECT_EQ(suite.attribute("failures").as_int(), 2);
  const auto test = suite.find_child_by_attribute("testcase", "name", "KeepsMoney");
  EXPECT_STREQ(test.attribute("classname").value(), "Bank");
  EXPECT_STREQ(test.attribute("file").value(), "/p/one side.cc");
  EXPECT_STREQ(test.child("failure").attribute("type").value(), "data race");
  EXPECT_TRUE(has(test.child("failure").text().as_string(), "no lock in common"));
  EXPECT_TRUE(suite.find_child_by_attribute("testcase", "name", "Lock-order inversion"));
}

TEST(JUnit, IsXmlWhateverBytesTheLogHolds) {
  auto log = kRaceLog;
  log.replace(log.find("deposit"), 7, "d<&\">\x01\x02\x7f");
  xml(write(write_junit, log));
  EXPECT_EQ(xml(write(write_junit, "nothing")).child("testsuites").attribute("tests").as_int(), 0);
}

TEST(GitHub, AnnotatesBothLines) {
  const auto text = write(write_github, kRaceLog);
  EXPECT_TRUE(has(
      text,
      "::error file=/p/one side.cc,line=12,col=5,title=Data race::T2 wrote in Account::deposit()"))
      << text;
  EXPECT_TRUE(
      has(text, "::notice file=/p/one side.cc,line=17,col=12,title=Data race%2C the other side::"))
      << text;
}

TEST(GitHub, WritesACommandALineAndNoOther) {
  auto log = kRaceLog;
  log.replace(log.find("'auditor'"), 9, "'a%b:c,d'");
  std::istringstream lines(write(write_github, log + kInversionLog + kCrashLog));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_TRUE(line.starts_with("::error ") || line.starts_with("::notice ")) << line;
    EXPECT_FALSE(has(line, "a%b")) << line;
  }
  EXPECT_EQ(count, 5);
}

TEST(Html, IsOnePageThatNeedsNothingElse) {
  const auto page = write(write_html, kRaceLog + kInversionLog);
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  for (const auto* outside : {"http://", "https://", "<script", "src=", "@import", "url("}) {
    EXPECT_FALSE(has(page, outside)) << outside;
  }
  EXPECT_TRUE(has(page, "prefers-color-scheme: dark"));
  EXPECT_TRUE(has(page, "width=device-width"));
  EXPECT_TRUE(has(page, "<article id=\"cause-2\">"));
}

TEST(Html, EscapesWhatTheLogHolds) {
  auto log = kRaceLog;
  log.replace(log.find("'auditor'"), 9, "'<script>alert(1)</script>'");
  const auto page = write(write_html, log);
  EXPECT_FALSE(has(page, "<script>"));
  EXPECT_TRUE(has(page, "&lt;script&gt;"));
}

}  // namespace
}  // namespace lab::report
