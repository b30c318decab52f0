#include "lab/view/picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lab::view {
namespace {

redis::Record record(std::uint32_t connection, std::uint64_t sequence, const std::string& key,
                     std::int64_t latency_us) {
  return {.connection = connection,
          .sequence = sequence,
          .command = "GET",
          .key = key,
          .request_bytes = 30,
          .response_bytes = 20'000'000,
          .latency_us = latency_us};
}

Picture picture() {
  Picture picture;
  picture.source = "the recorded session";
  picture.collector = "02_map_read_write/racy";
  picture.count = 3;
  picture.recent = {record(1, 1, "a", 40), record(2, 1, "b", 1500), record(1, 2, "c", 2'500'000)};
  picture.totals = {{.command = "GET",
                     .count = 3,
                     .errors = 0,
                     .bytes = 90,
                     .p50_us = 40,
                     .p95_us = 1500,
                     .p99_us = 2'500'000}};
  return picture;
}

std::vector<std::string> texts(const Picture& picture, std::size_t width = 120,
                               std::size_t height = 24) {
  std::vector<std::string> texts;
  for (const auto& line : lay_out(picture, width, height)) texts.push_back(line.text);
  return texts;
}

// The keys of the records shown, in their order.
std::string keys(const Picture& picture) {
  std::string keys;
  for (const auto& text : texts(picture)) {
    if (text.find(" GET          ") == std::string::npos) continue;
    keys += text[text.find("GET") + 13];
  }
  return keys;
}

bool has(const std::vector<std::string>& texts, const std::string& part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const auto& text) { return text.find(part) != std::string::npos; });
}

TEST(Picture, ShowsWhereRecordsComeFromAndWhichCollectorTakesThem) {
  const auto shown = texts(picture());
  EXPECT_EQ(shown[0], "racelab redis   the recorded session   3 records   0/s");
  EXPECT_EQ(shown[1], "collector 02_map_read_write/racy");
}

TEST(Picture, TotalsHavePercentiles) {
  EXPECT_TRUE(has(texts(picture()),
                  "GET                     3        0        90      40us    1.50ms     2.50s"));
}

TEST(Picture, RecordsComeNewestFirstUnlessSorted) {
  auto shown = picture();
  EXPECT_EQ(keys(shown), "cba");
  shown.order = Order::kConnection;
  EXPECT_EQ(keys(shown), "bca");
  shown.order = Order::kKey;
  EXPECT_EQ(keys(shown), "abc");
  shown.order = Order::kLatency;
  EXPECT_EQ(keys(shown), "cba");
  shown.is_reversed = true;
  EXPECT_EQ(keys(shown), "abc");
  shown.scroll = 2;
  EXPECT_EQ(keys(shown), "c");
}

TEST(Picture, KeysAreMadePrintable) {
  auto shown = picture();
  shown.recent = {record(1, 1, "a\x1b[31m\xff", 1)};
  EXPECT_TRUE(has(texts(shown), "a.[31m."));
}

TEST(Picture, ACauseIsShownWithItsLines) {
  auto shown = picture();
  report::Cause cause;
  cause.kind = "data race";
  cause.object = "records_";
  cause.first.op = "write";
  cause.first.function = "map_read_write::Collector::add(redis::Record const&)";
  cause.first.file = "/somewhere/scenarios/02_map_read_write/racy.h";
  cause.first.line = 18;
  cause.first.thread = "T1";
  cause.first.thread_name = "capture 1";
  shown.host = HostState{};
  shown.host->causes = {cause};
  shown.host->reports = 7;
  const auto lines = texts(shown);
  EXPECT_TRUE(has(lines, "ThreadSanitizer: 7 reports, 1 cause"));
  EXPECT_TRUE(
      has(lines,
          "capture 1    add()        wrote records_   02_map_read_write/racy.h:18   no lock held"));
}

TEST(Picture, FitsAnyScreen) {
  auto shown = picture();
  shown.host = HostState{};
  shown.host->trouble = "The collector crashed: SEGV.";
  for (std::size_t width = 0; width < 130; width += 7) {
    for (std::size_t height = 0; height < 30; ++height) {
      const auto lines = texts(shown, width, height);
      EXPECT_LE(lines.size(), height);
      for (const auto& line : lines) EXPECT_LE(line.size(), width);
    }
  }
}

}  // namespace
}  // namespace lab::view
