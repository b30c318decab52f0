#include "lab/workshop/screen.h"

#include <gtest/gtest.h>

#include <numeric>

namespace lab::workshop {
namespace {

constexpr const char* kRed = "\033[31m";
constexpr const char* kPlain = "\033[0m";

TEST(Screen, WidthCountsCharactersNotBytesNorColours) {
  EXPECT_EQ(width_of("abc"), 3);
  EXPECT_EQ(width_of("a\xc3\xbc"
                     "c"),
            3);
  EXPECT_EQ(width_of(std::string(kRed) + "abc" + kPlain), 3);
  EXPECT_EQ(width_of("\xff\xfe"), 2);
  EXPECT_EQ(width_of(""), 0);
}

TEST(Screen, FoldsAndCarriesColoursOn) {
  EXPECT_EQ(folded("abcdef", 4), (std::vector<std::string>{"abcd", "ef"}));
  EXPECT_EQ(folded("", 4), std::vector<std::string>{""});
  const auto lines = folded(std::string(kRed) + "abcdef" + kPlain, 4);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], std::string(kRed) + "abcd" + kPlain);
  EXPECT_EQ(lines[1], std::string(kRed) + "ef" + kPlain);
  EXPECT_EQ(folded("\xc3\xbc\xc3\xbc\xc3\xbc", 2).size(), 2u);
}

TEST(Screen, FoldsAtWordsWhenAsked) {
  EXPECT_EQ(folded("one two three", 8, true), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(folded("one two thr", 9, true), (std::vector<std::string>{"one two", "thr"}));
  EXPECT_EQ(folded(std::string(50, 'x'), 40, true).size(), 2u);
}

TEST(Screen, KeepsACaretBelowWhatItPointsAt) {
  const std::string before(90, 'a');
  const auto lines = fit_code({"a.h:3:91: error: no", "   12 | " + before + "wrong;",
                               "      | " + std::string(90, ' ') + "^~~~~", "other " + before},
                              60);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "a.h:3:91: error: no");
  EXPECT_EQ(lines[3], "other " + before);
  EXPECT_EQ(width_of(lines[1]), 60);
  EXPECT_TRUE(lines[1].starts_with("   12 | …a")) << lines[1];
  EXPECT_LE(width_of(lines[2]), 60);
  // "…" is three bytes for one column.
  EXPECT_EQ(lines[1].substr(lines[2].find('^') + 2, 6), "wrong;") << lines[1];
}

TEST(Screen, ShowsTheWordsBehindACaretWhole) {
  const std::string before(60, 'x');
  const auto lines = fit_code({"   12 | " + before + "records_ and what stands behind it",
                               "      | " + std::string(60, ' ') + "^^^^^^^^ declared here"},
                              80);
  EXPECT_TRUE(lines[1].ends_with("^^^^^^^^ declared here")) << lines[1];
  EXPECT_LE(width_of(lines[1]), 80);
  EXPECT_EQ(lines[0].find("records_") - std::string("…").size() + 1, lines[1].find("^^^^^^^^"));
}

TEST(Screen, CutsALineOfSourceAtItsEndWhereNothingPointsAtIt) {
  const auto line = "\033[31m       18 | " + std::string(100, 'x') + kPlain;
  const auto cut = fit_code({line}, 40).front();
  EXPECT_EQ(width_of(cut), 40);
  EXPECT_NE(cut.find("18 | xxx"), std::string::npos);
  EXPECT_NE(cut.find("…"), std::string::npos);
  EXPECT_TRUE(cut.ends_with(kPlain));
}

TEST(Screen, LeavesAloneWhatFitsOrIsNoSource) {
  const std::vector<std::string> lines = {"   12 | short",       "      | ^",       "a | b", "",
                                          std::string(200, '|'), "| table | cell |"};
  EXPECT_EQ(fit_code(lines, 80), lines);
}

TEST(Screen, WhatIsFoldedStandsAsFarInAsItsLine) {
  Page page{{}, {"  one two three"}, {}};
  int from = 0;
  const auto lines = laid_out(page, {4, 10}, from);
  EXPECT_EQ(lines[0], "  one two");
  EXPECT_EQ(lines[1], "  three");
}

TEST(Screen, HarmlessTextMovesNoCursor) {
  EXPECT_EQ(harmless("a\033[2Jb\033]0;title\ac\033Pq\033\\d\r\be\n"), "abcde\n");
  EXPECT_EQ(harmless("a\tb"), "a       b");
  EXPECT_EQ(harmless("\033"), "");
  EXPECT_EQ(harmless("\033["), "");
  EXPECT_EQ(harmless("x\033]no end"), "x");
}

TEST(Screen, EndsOfALineKeepApart) {
  EXPECT_EQ(ends("left", "right", 14), "left     right");
  EXPECT_EQ(width_of(ends(std::string(100, 'a'), "right", 80)), 80);
}

TEST(Screen, EverySizeGivesJustSoManyLines) {
  Page page{{"top", "second", "third", ""}, {}, {"rule", "keys", "more keys"}};
  for (int i = 0; i < 100; ++i) page.body.push_back(std::string(static_cast<std::size_t>(i), 'x'));
  for (int rows = 1; rows < 60; ++rows) {
    for (const int columns : {1, 2, 10, 80, 200}) {
      int from = 1'000'000;
      const auto lines = laid_out(page, {rows, columns}, from);
      EXPECT_EQ(lines.size(), static_cast<std::size_t>(rows));
      for (const auto& line : lines) EXPECT_LE(width_of(line), std::max(columns, 2));
    }
  }
}

TEST(Screen, ScrollingStaysInBounds) {
  Page page{{"top"}, {}, {"keys"}};
  for (int i = 0; i < 30; ++i) page.body.push_back("line " + std::to_string(i));
  int from = -5;
  EXPECT_EQ(laid_out(page, {12, 80}, from)[1], "line 0");
  EXPECT_EQ(from, 0);
  from = 1000;
  const auto last = laid_out(page, {12, 80}, from);
  EXPECT_EQ(from, 20);
  EXPECT_EQ(last.back(), "keys");
}

}  // namespace
}  // namespace lab::workshop
