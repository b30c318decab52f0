#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <pugixml.hpp>
#include <regex>
#include <sstream>

#include "lab/measure/matrix.h"
#include "lab/verdict/process.h"

namespace lab::measure {
namespace {

// What a program says of its version, the first thing in it that looks like one.
std::string version_of(const std::string& program) {
  static const std::regex number(R"(\d+\.\d+(\.\d+)?)");
  const auto outcome =
      verdict::run({.arguments = {program, "--version"}}, {.time = std::chrono::seconds(20)});
  std::smatch match;
  if (!outcome.started || outcome.exit_code != 0) return "";
  return std::regex_search(outcome.output, match, number) ? match[0].str() : "unknown version";
}

Tool tool(const char* id, const char* name, const std::string& program, const char* package) {
  Tool result{.id = id, .name = name, .version = version_of(program), .once = false, .missing = {}};
  if (result.version.empty()) {
    result.missing = fmt::format("apt-get install --no-install-recommends {}", package);
  }
  return result;
}

// "map_read_write::Collector::find(std::string const&) const" -> "find"; an inlined function's name
// comes bare.
std::string bare(std::string name) {
  name = name.substr(0, name.find('('));
  const auto scope = name.rfind("::");
  return scope == std::string::npos ? name : name.substr(scope + 2);
}

}  // namespace

std::vector<Tool> find_tools() {
  std::vector<Tool> tools = {
      tool("assertions", "assertions under load", "clang++-19", "clang-19"),
      tool("tsan_clang", "TSan, clang", "clang++-19", "clang-19 libclang-rt-19-dev"),
      tool("tsan_gcc", "TSan, g++", "g++-12", "g++"),
      tool("helgrind", "Helgrind", "valgrind", "valgrind"),
      tool("drd", "DRD", "valgrind", "valgrind"),
      tool("explorer", "explorer", "clang++-19", "clang-19"),
      tool("thread_safety", "-Wthread-safety", "clang++-19", "clang-19"),
      tool("clang_tidy", "clang-tidy", "clang-tidy-19", "clang-tidy-19")};
  for (auto& each : tools) each.once = each.id == "thread_safety" || each.id == "clang_tidy";
  return tools;
}

bool valgrind_flagged(const std::string& xml, const std::filesystem::path& file,
                      const std::vector<std::string>& functions) {
  pugi::xml_document document;
  // What a process that was ended wrote is not whole; the errors up to there are read all the same.
  document.load_buffer(xml.data(), xml.size());
  const auto is_here = [&](const pugi::xml_node& frame) {
    const std::filesystem::path place =
        std::filesystem::path(frame.child_value("dir")) / frame.child_value("file");
    return place.filename() == file.filename() &&
           place.parent_path().filename() == file.parent_path().filename();
  };
  const auto is_named = [&](const pugi::xml_node& frame) {
    const auto name = bare(frame.child_value("fn"));
    return functions.empty() ||
           std::any_of(functions.begin(), functions.end(), [&name](const auto& function) {
             return name == function || (function == "lambda" && name.find("operator") == 0);
           });
  };
  for (const auto& error : document.select_nodes("//error")) {
    // The first stack is the access's own; others say where its memory comes from, say.
    for (const auto& frame : error.node().child("stack").children("frame")) {
      if (is_here(frame) && is_named(frame)) return true;
    }
  }
  return false;
}

bool diagnosed(const std::string& output, const std::filesystem::path& file) {
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    if (line.find(": warning: ") == std::string::npos &&
        line.find(": error: ") == std::string::npos) {
      continue;
    }
    if (line.starts_with(file.string() + ":")) return true;
  }
  return false;
}

}  // namespace lab::measure
