#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "lab/report/format/formats.h"
#include "lab/report/reader.h"
#include "tests/report/logs.h"

namespace lab::report {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

// The faults that the schema finds, one a line; empty for a valid document.
std::string faults(const nlohmann::json& document) {
  static const auto kSchema = [] {
    std::ifstream file(RACELAB_SOURCE_DIR "/tests/report/schema/sarif-2.1.0-rtm.5.json");
    const auto json = nlohmann::json::parse(file);
    auto schema = std::make_unique<valijson::Schema>();
    valijson::SchemaParser(valijson::SchemaParser::kDraft4).populateSchema(Adapter(json), *schema);
    return schema;
  }();
  valijson::ValidationResults results;
  if (valijson::Validator().validate(*kSchema, Adapter(document), &results)) return {};
  std::string text;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const auto& part : error.context) text += part;
    text += ": " + error.description + "\n";
  }
  return text.empty() ? "invalid" : text;
}

nlohmann::json sarif(const std::string& log) {
  Told told(log);
  std::ostringstream out;
  write_sarif(out, told.reports, told.causes, told.context);
  return nlohmann::json::parse(out.str());
}

TEST(Sarif, TheSchemaRefusesWhatIsNoSarif) {
  EXPECT_NE(faults(nlohmann::json{{"version", "2.1.0"}}), "");
  auto log = sarif(kRaceLog);
  log["runs"][0]["results"][0]["level"] = "terrible";
  EXPECT_NE(faults(log), "");
}

TEST(Sarif, IsValidForEveryLog) {
  for (const auto& log : std::vector<std::string>{"", kRaceLog, kInversionLog, kCrashLog,
                                                  kRaceLog + kInversionLog + kCrashLog}) {
    EXPECT_EQ(faults(sarif(log)), "") << log;
  }
}

TEST(Sarif, HoldsAResultACauseOnTheUsersLine) {
  const auto run = sarif(kRaceLog + kRaceLog + kInversionLog)["runs"][0];
  ASSERT_EQ(run["results"].size(), 2u);
  const auto& result = run["results"][0];
  EXPECT_EQ(result["ruleId"], "data-race");
  EXPECT_EQ(result["occurrenceCount"], 2);
  const auto& place = result["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["region"]["startLine"], 12);
  EXPECT_EQ(place["artifactLocation"]["uri"], "file:///p/one%20side.cc");
  EXPECT_EQ(result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 17);
  ASSERT_EQ(result["codeFlows"][0]["threadFlows"].size(), 2u);
  // The outermost call comes first, the access last.
  const auto& steps = result["codeFlows"][0]["threadFlows"][1]["locations"];
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0]["location"]["physicalLocation"]["region"]["startLine"], 17);
  EXPECT_EQ(steps[1]["nestingLevel"], 1);
}

TEST(Sarif, DescribesEachRuleOnce) {
  const auto rules = sarif(kRaceLog + kInversionLog)["runs"][0]["tool"]["driver"]["rules"];
  ASSERT_EQ(rules.size(), 2u);
  for (const auto& rule : rules) {
    EXPECT_FALSE(rule["help"]["text"].get<std::string>().empty());
    EXPECT_FALSE(rule["help"]["markdown"].get<std::string>().empty());
  }
}

TEST(Sarif, KeepsACausesPrintWhenItsLinesMove) {
  auto moved = kRaceLog;
  moved.replace(moved.find("one side.cc:12"), 14, "one side.cc:99");
  const auto print = [](const std::string& log) {
    return sarif(log)["runs"][0]["results"][0]["partialFingerprints"]["racelabCause/v1"];
  };
  EXPECT_EQ(print(kRaceLog), print(moved));
  EXPECT_NE(print(kRaceLog), print(kInversionLog));
}

TEST(Sarif, HoldsManyRunsInOneLog) {
  SarifLog log;
  Told stated(kRaceLog);
  Told surprising(kRaceLog + kInversionLog);
  log.add(stated.reports, stated.causes, stated.context, {"note", "one/racy (as stated)."});
  log.add(surprising.reports, surprising.causes, surprising.context, {});
  log.add({.rule = "not-as-stated",
           .title = "Not as stated",
           .help = "Look again.",
           .message = "one/mutex: expected pass",
           .file = "fixes/one/mutex.h"},
          stated.sources);
  std::ostringstream out;
  log.write(out);
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(faults(json), "") << out.str();
  const auto& run = json["runs"][0];
  ASSERT_EQ(run["results"].size(), 4u);
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 3u);
  EXPECT_EQ(run["results"][0]["level"], "note");
  EXPECT_TRUE(run["results"][0]["message"]["text"].get<std::string>().starts_with("one/racy (as"));
  EXPECT_EQ(run["results"][1]["level"], "error");
  EXPECT_EQ(run["results"][1]["ruleIndex"], 0);
  EXPECT_EQ(run["results"][3]["ruleId"], "not-as-stated");
}

// Every form that a compiler prints, on what the format's own schema allows.
TEST(Sarif, IsValidForEveryKindThatIsKept) {
  namespace fs = std::filesystem;
  int files = 0;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(RACELAB_SOURCE_DIR) / "tests/report/data")) {
    if (entry.path().extension() != ".txt") continue;
    std::ifstream stream(entry.path());
    std::ostringstream text;
    text << stream.rdbuf();
    EXPECT_EQ(faults(sarif(text.str())), "") << entry.path();
    ++files;
  }
  EXPECT_GT(files, 80);
}

}  // namespace
}  // namespace lab::report
