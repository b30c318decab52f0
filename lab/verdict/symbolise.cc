#include "lab/verdict/symbolise.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

#include "lab/report/symbols.h"
#include "lab/scratch.h"
#include "lab/verdict/process.h"

namespace lab::verdict {
namespace {

constexpr std::size_t kPlacesMax = 5000;  // Beyond them frames stay bare.
// Says nothing without names, and clang's runtime leaves it out.
constexpr std::string_view kNameless = "  Location is global '<null>'";
constexpr std::string_view kBare = " <null> <null> (";

// "(/path/to/module+0x1234)" of a bare frame.
std::string place_of(std::string_view line) {
  const auto at = line.find(kBare);
  if (!line.starts_with("    #") || at == std::string_view::npos) return "";
  const auto start = at + kBare.size();
  const auto end = line.find(')', start);
  return std::string(line.substr(start, end == std::string_view::npos ? end : end - start));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string symbolizer() {
  for (const char* place : {"/usr/bin/llvm-symbolizer-19", "/usr/bin/llvm-symbolizer"}) {
    if (access(place, X_OK) == 0) return place;
  }
  return "";
}

struct Name {
  std::string function;
  std::string position;  // "file:line:column"
};
using Names = std::map<std::string, std::vector<Name>>;  // By place; innermost first.

Name name_of(const nlohmann::json& symbol, bool columns) {
  Name name{symbol.value("FunctionName", ""), symbol.value("FileName", "")};
  const int line = symbol.value("Line", 0);
  const int column = symbol.value("Column", 0);
  if (line > 0) name.position += fmt::format(":{}", line);
  if (line > 0 && column > 0 && columns) name.position += fmt::format(":{}", column);
  return name;
}

// Of the symboliser's answers, one a line, in the order asked.
Names names_in(const std::string& output, const std::vector<std::string>& places) {
  Names names;
  std::map<std::string, bool> by_clang;  // By module.
  std::istringstream in(output);
  std::size_t next = 0;
  for (std::string line; next < places.size() && std::getline(in, line);) {
    const auto answer = nlohmann::json::parse(line, nullptr, false);
    if (!answer.is_object()) continue;
    const auto& place = places[next++];
    const auto module = place.substr(0, place.rfind('+'));
    const auto [known, is_new] = by_clang.try_emplace(module, false);
    if (is_new) known->second = report::compiled_by_clang(module);
    auto& here = names[place];
    for (const auto& symbol : answer.value("Symbol", nlohmann::json::array())) {
      if (auto name = name_of(symbol, known->second); !name.function.empty())
        here.push_back(std::move(name));
    }
  }
  return names;
}

Names look_up(const std::vector<std::string>& places) {
  const auto program = symbolizer();
  if (program.empty()) return {};
  const Scratch scratch("places");
  const auto file = scratch.file("asked").string();
  {
    std::ofstream out(file);
    for (const auto& place : places) {
      const auto plus = place.rfind('+');
      out << '"' << place.substr(0, plus) << "\" " << place.substr(plus + 1) << '\n';
    }
  }
  const auto answered =
      run({.arguments = {"sh", "-c", program + " --output-style=JSON <\"$1\"", "sh", file}},
          {.time = std::chrono::seconds(60), .output_bytes = std::size_t{64} << 20});
  return names_in(answered.output, places);
}

// The frames of one stack, told from their places.
class Stack {
 public:
  explicit Stack(const Names& names) : names_(names) {}

  std::string frames(const std::string& line, const std::string& place) {
    if (line.starts_with("    #0 ")) begin();
    if (below_main_) return "";
    const auto found = names_.find(place);
    const auto module = place.substr(place.rfind('/') + 1);
    if (found == names_.end() || found->second.empty()) {
      return fmt::format("    #{} <null> <null> ({})\n", next_++, module);
    }
    std::string text;
    for (const auto& name : found->second) {
      if (name.function == "__tsan_thread_start_func") {
        below_main_ = true;
        break;
      }
      text += fmt::format("    #{} {} {} ({})\n", next_++, name.function,
                          name.position.empty() ? "<null>" : name.position, module);
      below_main_ = name.function == "main";
    }
    return text;
  }

 private:
  void begin() {
    next_ = 0;
    below_main_ = false;
  }

  const Names& names_;
  int next_ = 0;
  bool below_main_ = false;
};

}  // namespace

std::string symbolised(const std::string& text) {
  if (text.find(kBare) == std::string::npos) return text;
  const auto lines = lines_of(text);
  std::vector<std::string> places;
  Names seen;
  for (const auto& line : lines) {
    const auto place = place_of(line);
    if (place.empty() || place.rfind('+') == std::string::npos) continue;
    if (places.size() < kPlacesMax && seen.try_emplace(place).second) places.push_back(place);
  }
  const auto names = look_up(places);
  Stack stack(names);
  std::string result;
  for (const auto& line : lines) {
    if (line.starts_with(kNameless)) continue;
    const auto place = place_of(line);
    result += place.empty() ? line + "\n" : stack.frames(line, place);
  }
  return result;
}

}  // namespace lab::verdict
