#include "lab/verdict/gag.h"

#include <array>
#include <fstream>
#include <regex>
#include <sstream>

namespace lab::verdict {
namespace {

// The source with comments and literals made blank. Raw strings are left: a word in them costs
// nothing but a wrong refusal that its reason explains.
std::string bare(const std::string& source) {
  static const std::regex noise(R"(//[^\n]*|/\*[^]*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')");
  return std::regex_replace(source, noise, " ");
}

struct Trick {
  const char* pattern;
  const char* what;
};

constexpr std::array<Trick, 6> kTricks = {{
    {R"(\bno_sanitize\w*)", "hides code from the detector"},
    {R"(\bdisable_sanitizer_instrumentation\b)", "hides code from the detector"},
    {R"(\b(__tsan_\w+|__sanitizer_\w+|Annotate\w+))", "speaks to the detector's runtime"},
    {R"(\b(asm|__asm|__asm__)\b)", "hides accesses in assembler"},
    {R"(#\s*(define|undef)\s+(EXPECT_\w+|ASSERT_\w+|TEST\w*|FAIL|ADD_FAILURE|concurrently)\b)",
     "redefines what the contract is written in"},
    {R"(#\s*pragma\s+(clang\s+attribute|GCC\s+optimize|GCC\s+push_options))",
     "changes how it is compiled"},
}};

}  // namespace

std::string how_it_gags(const std::string& source) {
  const auto text = bare(source);
  for (const auto& trick : kTricks) {
    std::smatch match;
    if (std::regex_search(text, match, std::regex(trick.pattern))) {
      return "it uses " + match[0].str() + ", which " + trick.what;
    }
  }
  return "";
}

std::string how_it_gags(const std::filesystem::path& header) {
  std::ifstream in(header);
  std::ostringstream text;
  text << in.rdbuf();
  return how_it_gags(text.str());
}

}  // namespace lab::verdict
