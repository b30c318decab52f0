#include "lab/verdict/gag.h"

#include <gtest/gtest.h>

namespace lab::verdict {
namespace {

std::string of(const std::string& source) { return how_it_gags(source); }

TEST(Gag, SeesAttributesThatHideCode) {
  EXPECT_NE(of("__attribute__((no_sanitize(\"thread\"))) void add();"), "");
  EXPECT_NE(of("[[clang::no_sanitize(\"thread\")]] void add();"), "");
  EXPECT_NE(of("__attribute__((no_sanitize_thread)) void add();"), "");
  EXPECT_NE(of("[[clang::disable_sanitizer_instrumentation]] void add();"), "");
}

TEST(Gag, SeesCallsToTheRuntimeAndRedefinedTests) {
  EXPECT_NE(of("extern \"C\" void __tsan_acquire(void*);"), "");
  EXPECT_NE(of("AnnotateIgnoreReadsBegin(__FILE__, __LINE__);"), "");
  EXPECT_NE(of("asm volatile(\"movl $1, (%0)\" :: \"r\"(p));"), "");
  EXPECT_NE(of("# define  EXPECT_EQ(a, b)"), "");
}

TEST(Gag, LeavesHonestCodeAlone) {
  EXPECT_EQ(of("// no_sanitize would hide it.\nstd::mutex mutex_;\n"), "");
  EXPECT_EQ(of("/* asm */ const char* text = \"__tsan_read8\";"), "");
  EXPECT_EQ(of("#define GUARDED_BY(x)\n#pragma once\nint assembly;"), "");
  EXPECT_EQ(of("char quote = '\"'; int x; // \" no_sanitize"), "");
}

}  // namespace
}  // namespace lab::verdict
