#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

// What the guide says of files must be what the files say:
//   <!-- from PATH -->   the fenced block that follows is quoted from PATH, in order and line by
//                        line; a line "…" stands for lines left out.
// And every link in it leads somewhere.

namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

const fs::path kRoot = RACELAB_SOURCE_DIR;

Lines lines_of(const fs::path& file) {
  std::ifstream in(file);
  Lines lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<fs::path> pages() {
  std::vector<fs::path> pages = {kRoot / "README.md", kRoot / "CONTRIBUTING.md"};
  for (const char* folder : {"docs", "scenarios"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.path().extension() == ".md") pages.push_back(entry.path());
    }
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

struct Quote {
  fs::path page;
  std::string source;
  std::vector<Lines> parts;  // Between the lines left out.
};

std::vector<Quote> quotes_of(const fs::path& page) {
  static const std::regex marker(R"(<!-- from (\S+) -->)");
  std::vector<Quote> quotes;
  bool inside = false;
  bool wanted = false;
  for (const auto& line : lines_of(page)) {
    std::smatch match;
    if (std::regex_match(line, match, marker)) {
      quotes.push_back({page, match[1], {{}}});
      wanted = true;
    } else if (line.starts_with("```")) {
      inside = wanted && !inside;
      wanted = inside;
    } else if (inside && line == "…") {
      quotes.back().parts.emplace_back();
    } else if (inside) {
      quotes.back().parts.back().push_back(line);
    }
  }
  return quotes;
}

// Empty when the parts stand in `text` one after another, each a run of lines; else the first line
// of the part that does not.
std::string not_found(const Quote& quote, const Lines& text) {
  auto from = text.begin();
  for (const auto& part : quote.parts) {
    if (part.empty()) continue;
    const auto found = std::search(from, text.end(), part.begin(), part.end());
    if (found == text.end()) return part.front();
    from = found + static_cast<std::ptrdiff_t>(part.size());
  }
  return "";
}

TEST(Docs, QuotesAreWhatTheirFilesSay) {
  int quotes = 0;
  for (const auto& page : pages()) {
    for (const auto& quote : quotes_of(page)) {
      ++quotes;
      const auto text = lines_of(kRoot / quote.source);
      ASSERT_FALSE(text.empty()) << page << " quotes " << quote.source << ", which is not there";
      EXPECT_EQ(not_found(quote, text), "") << page << " quotes " << quote.source;
    }
  }
  EXPECT_GE(quotes, 5) << "the guide quotes nothing: is the marker right?";
}

TEST(Docs, AQuoteThatDriftedIsNoticed) {
  const Lines text = {"one", "two", "three"};
  EXPECT_EQ(not_found({{}, "", {{"one"}, {"three"}}}, text), "");
  EXPECT_EQ(not_found({{}, "", {{"one", "three"}}}, text), "one");
  EXPECT_EQ(not_found({{}, "", {{"three"}, {"one"}}}, text), "one");
}

TEST(Docs, LinksLeadSomewhere) {
  static const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
  int links = 0;
  for (const auto& page : pages()) {
    std::ifstream in(page);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
      const auto target = (*at)[1].str();
      if (target.find("://") != std::string::npos) continue;
      ++links;
      EXPECT_TRUE(fs::exists(page.parent_path() / target)) << page << " links to " << target;
    }
  }
  EXPECT_GE(links, 50);
}

TEST(Docs, EveryPageCanBeReachedFromTheGuide) {
  std::ifstream in(kRoot / "docs" / "README.md");
  const std::string guide(std::istreambuf_iterator<char>(in), {});
  for (const auto& entry : fs::directory_iterator(kRoot / "docs")) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".md" || name == "README.md") continue;
    EXPECT_NE(guide.find("(" + name + ")"), std::string::npos)
        << "docs/README.md leaves out " << name;
  }
}

TEST(Docs, EveryScenarioIsInAChapterAndInTheReadme) {
  for (const char* page : {"README.md", "docs/chapters.md"}) {
    std::ifstream in(kRoot / page);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    for (const auto& entry : fs::directory_iterator(kRoot / "scenarios")) {
      const auto id = entry.path().filename().string();
      EXPECT_NE(text.find("scenarios/" + id + "/README.md"), std::string::npos)
          << page << " leaves out " << id;
    }
  }
}

}  // namespace
