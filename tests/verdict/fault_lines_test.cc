// What `racelab explain` makes of each racy collector's reports: one cause, and it is the fault
// that the collector states.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <string>

#include "lab/course/course.h"
#include "lab/report/causes.h"
#include "lab/report/names.h"
#include "lab/verdict/judge.h"

namespace lab::verdict {
namespace {

bool seen_by_the_detector(const course::Fault& fault) {
  return fault.kind == "data race" || fault.kind == "use after free" || fault.kind == "lock order";
}

// "add" of the frame's name; "lambda" too, where gcc names a lambda as what it stands in.
bool is_function(const report::Side& side, const std::string& stated) {
  const auto name = report::bare_name(side.function);
  return name == stated || (stated == "lambda" && report::is_lambda(side.function));
}

void expect_stated(const report::Cause& cause, const course::Fault& fault) {
  const bool as_given = is_function(cause.first, fault.first.function) &&
                        is_function(cause.second, fault.second.function);
  const bool swapped = is_function(cause.first, fault.second.function) &&
                       is_function(cause.second, fault.first.function);
  EXPECT_TRUE(as_given || swapped) << report::bare_name(cause.first.function) << " against "
                                   << report::bare_name(cause.second.function);
  EXPECT_TRUE(cause.first.own && cause.second.own);
  EXPECT_TRUE(cause.first.file.ends_with("/racy.h")) << cause.first.file;
  EXPECT_TRUE(cause.second.file.ends_with("/racy.h")) << cause.second.file;
  // The report says what memory was freed, and no more of it.
  if (fault.kind == "data race" && !fault.field.empty()) {
    EXPECT_EQ(cause.object, fault.field);
  }
}

TEST(FaultLines, AreTheOneCauseOfEachRacyCollectorsReports) {
  const course::Course course(RACELAB_SOURCE_DIR);
  const Judge judge(RACELAB_BINARY_DIR);
  int seen = 0;
  for (const auto& scenario : course.scenarios()) {
    if (!seen_by_the_detector(scenario.fault)) continue;
    ++seen;
    SCOPED_TRACE(scenario.id + ": " + scenario.fault.text);
    const auto& racy = scenario.variants.front();
    const auto judgement = judge.judge(racy, {.engines = {"in_turn"}});
    // As explain does, which knows of no course: what is the user's own is told by its rules.
    const auto causes = report::find_causes(judgement.reports, report::Own{});
    ASSERT_EQ(causes.size(), 1u);
    expect_stated(causes[0], scenario.fault);
  }
  EXPECT_GE(seen, 15);
}

}  // namespace
}  // namespace lab::verdict
