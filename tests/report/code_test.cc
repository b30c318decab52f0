#include "lab/report/code.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lab/report/utf8.h"

namespace lab::report {
namespace {

// What a learner's line accesses, by where clang's column points.
TEST(Code, TellsWhatAnAccessIsOn) {
  const auto at = [](const std::string& code, int column, bool reads = false) {
    const auto accessed = accessed_at(code, column, reads);
    return accessed ? (accessed->pointee ? "*" : "") + accessed->name : "";
  };
  EXPECT_EQ(at("totals.sum += i;", 12), "sum");
  EXPECT_EQ(at("slots_[head] = value;", 14), "slots_");
  EXPECT_EQ(at("*result_ = count_;", 10), "*result_");
  EXPECT_EQ(at("*result_ = count_;", 12, true), "count_");
  EXPECT_EQ(at("a = b;", 3, true), "");  // What of b, nobody knows.
  EXPECT_EQ(at("++n->refs;", 1), "refs");
  EXPECT_EQ(at("n->refs++;", 8), "refs");
  EXPECT_EQ(at("return a * b;", 12, true), "b");
  EXPECT_EQ(at("x = y * z;", 3), "x");
  EXPECT_EQ(at("records_.find(key);", 10, true), "records_");
  EXPECT_EQ(at("records_.find(key);", 1, true), "records_");
  EXPECT_EQ(at("node->next->value;", 13, true), "value");
  EXPECT_EQ(at("delete node;", 1), "*node");
  EXPECT_EQ(at("free(node);", 1), "*node");
  EXPECT_EQ(at("std::sleep_for(1);", 1), "");
  EXPECT_EQ(at("f(x);", 1), "");
  EXPECT_EQ(at("if (a > size(b))", 9, true), "");  // No "->".
  EXPECT_EQ(at("x *", 3), "");
  EXPECT_EQ(at("", 1), "");
  EXPECT_EQ(at("x", 99), "");
}

// Where gcc gives no column, a line's own writes are its assignments'.
TEST(Code, TellsWhatTheAssignmentsOfALineWrite) {
  const auto names = [](const std::string& code) {
    std::string all;
    for (const auto& one : assignments(code)) all += one.name + " ";
    return all;
  };
  EXPECT_EQ(names("  total += value;"), "total ");
  EXPECT_EQ(names("  histogram[value % 16] += 1;"), "histogram ");
  EXPECT_EQ(names("  ++count_;"), "count_ ");
  EXPECT_EQ(names("  a = b = c;"), "a b ");
  EXPECT_EQ(names("  a = next(b);"), "a ");
  EXPECT_EQ(names("  if (a == b && c <= d) ++a;"), "a ");
  EXPECT_EQ(names("  flags_ <<= 1; n->refs--; x >>= 2;"), "flags_ refs x ");
  EXPECT_EQ(names("  run([all = copy] { return all; });"), "");
  EXPECT_EQ(names("  done <= limit; a != b;"), "");
  EXPECT_EQ(names(""), "");
}

TEST(Code, KnowsDeclarations) {
  EXPECT_TRUE(declares("  std::queue<std::function<void()>> tasks_;", "tasks_"));
  EXPECT_TRUE(declares("static struct list list = {0};", "list"));
  EXPECT_FALSE(declares("struct list {", "list"));
  EXPECT_TRUE(declares("  unsigned taken : 1;", "taken"));
  EXPECT_FALSE(declares("  return count;", "count"));
  EXPECT_FALSE(declares("  total = count;", "count"));
  EXPECT_TRUE(declares("private: T data_{};", "data_"));
}

TEST(Code, FindsTheFunctionAroundALine) {
  const std::vector<std::string> lines = {"void add(int n)", "{",   "  if (n)", "  {",
                                          "    total = n;",  "  }", "}",        "int sum() {",
                                          "  return total;", "}"};
  EXPECT_EQ(function_around(lines, 5, 20), std::pair(1, 7));
  EXPECT_EQ(function_around(lines, 9, 20), std::pair(8, 10));
}

TEST(Utf8, ReplacesWhatIsNone) {
  EXPECT_TRUE(is_utf8("gr\xC3\xBCn"));
  EXPECT_FALSE(is_utf8("gr\xFCn"));
  EXPECT_EQ(valid_utf8("gr\xFCn\xE2\x82"), "gr\xEF\xBF\xBDn\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_FALSE(is_utf8("\xC0\x80"));          // Overlong.
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // A surrogate.
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // Past the last character.
  EXPECT_FALSE(is_utf8("\xEF\xBF\xBF"));      // No character.
}

}  // namespace
}  // namespace lab::report
