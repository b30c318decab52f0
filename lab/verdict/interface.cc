#include "lab/verdict/interface.h"

#include <fmt/core.h>

#include <regex>
#include <sstream>
#include <vector>

namespace lab::verdict {
namespace {

constexpr std::string_view kMark = "RACELAB: ";

struct Method {
  std::string result;
  std::string name;
  std::vector<std::string> parameters;  // Types.
  std::string declared;                 // "find(const std::string& key) const"
  bool constant = false;
};

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(" \n"));
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

// "const std::string& key" without the name; types are of a name and what follows it.
std::string type_of(const std::string& parameter) {
  static const std::regex named(R"(^(.*[\s&*>])(\w+)\s*(=.*)?$)");
  std::smatch match;
  const auto text = trimmed(parameter);
  return std::regex_match(text, match, named) ? trimmed(match[1]) : text;
}

std::vector<std::string> types_of(const std::string& parameters) {
  std::vector<std::string> types;
  std::string part;
  int depth = 0;
  for (const char c : parameters + ",") {
    depth += c == '<' || c == '(';
    depth -= c == '>' || c == ')';
    if (c != ',' || depth > 0) {
      part += c;
      continue;
    }
    if (!trimmed(part).empty()) types.push_back(type_of(part));
    part.clear();
  }
  return types;
}

// The collector's public part, as it stands in racy.h.
std::string public_part(const std::string& racy) {
  const auto begin = racy.find(" public:\n", racy.find("class Collector {"));
  if (begin == std::string::npos) return "";
  return racy.substr(begin, racy.find(" private:\n", begin) - begin);
}

std::vector<Method> methods_of(const std::string& racy) {
  static const std::regex declaration(
      R"(^  ((?:[\w:<>,]| (?=\S))+[&*]?) (\w+)\(((?:[^()]|\([^()]*\))*)\)( const)?(?: noexcept)?(?: \{.*|;)$)");
  std::vector<Method> methods;
  std::istringstream in(public_part(racy));
  for (std::string line; std::getline(in, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, declaration)) continue;
    const std::string result = match[1];
    if (result.starts_with("using") || result.starts_with("explicit") ||
        result.starts_with("friend") || result.starts_with("static")) {
      continue;
    }
    methods.push_back({.result = result,
                       .name = match[2],
                       .parameters = types_of(match[3]),
                       .declared = fmt::format("{}({}){}", match[2].str(), match[3].str(),
                                               match[4].matched ? " const" : ""),
                       .constant = match[4].matched});
  }
  return methods;
}

// Types of the collector's own are asked of the collector that is checked.
bool names_own_type(const std::string& type) {
  static const std::regex own(R"((^|[^:\w])(?!std\b|redis\b)[A-Z]\w*)");
  return std::regex_search(type, own);
}

std::string check_of(const Method& method) {
  std::string arguments;
  bool callable = !names_own_type(method.result) || method.result == "void";
  for (const auto& type : method.parameters) {
    callable = callable && !names_own_type(type);
    arguments += fmt::format("{}std::declval<{}>()", arguments.empty() ? "" : ", ", type);
  }
  const auto& name = method.name;
  std::string text =
      fmt::format("template <class T> concept Names_{0} = requires {{ &T::{0}; }};\n", name);
  if (!callable) {
    return text +
           fmt::format("static_assert(Names_{0}<Judged_>, \"{1}{0}() is missing: {2} {3}\");\n",
                       name, kMark, method.result, method.declared);
  }
  text += fmt::format(
      "template <class T> concept Calls_{0} = requires(T& t) {{ t.{0}({1}); }};\n"
      "static_assert(Names_{0}<Judged_> || Calls_{0}<Judged_>, \"{2}{0}() is missing: {3} {4}\");\n"
      "static_assert(Calls_{0}<Judged_>, \"{2}{0}() cannot be called as {4}\");\n",
      name, arguments, kMark, method.result, method.declared);
  if (method.constant) {
    text += fmt::format("static_assert(Calls_{0}<const Judged_>, \"{1}{0}() should be const\");\n",
                        name, kMark);
  }
  if (method.result != "void" && method.result != "auto") {
    text += fmt::format(
        "template <class T> concept Gives_{0} = requires(T& t) {{ {{ t.{0}({1}) }} -> "
        "std::convertible_to<{3}>; }};\n"
        "static_assert(Gives_{0}<Judged_>, \"{2}{0}() should return {3}\");\n",
        name, arguments, kMark, method.result);
  }
  return text;
}

}  // namespace

std::string interface_check(const std::string& racy, const std::string& space) {
  std::string text = fmt::format(
      "#include <concepts>\n#include <utility>\n#include \"collector.h\"\n"
      "#include \"redis/record.h\"\n"
      "namespace {0} {{\nclass Collector;\n"
      "template <class T> concept IsThere_ = requires {{ sizeof(T); }};\n"
      "static_assert(IsThere_<Collector>, \"{1}there is no class Collector in namespace {0}\");\n"
      "using Judged_ = Collector;\n",
      space, kMark);
  for (const auto& method : methods_of(racy)) text += check_of(method);
  static const std::regex wants_arguments(
      R"(\n  (explicit )?Collector\((?!const Collector)[^)=]+\))");
  if (!std::regex_search(racy, wants_arguments)) {
    text += fmt::format(
        "static_assert(std::default_initializable<Judged_>, "
        "\"{}a Collector should be made without arguments\");\n",
        kMark);
  }
  return text + "}\n";
}

std::string unmet_interface(std::string_view output) {
  for (std::size_t begin = 0; begin < output.size();) {
    const auto end = std::min(output.find('\n', begin), output.size());
    const auto line = output.substr(begin, end - begin);
    begin = end + 1;
    const auto error = line.find(" error: ");
    if (error == std::string_view::npos) continue;
    const auto at = line.find(kMark, error);
    if (at == std::string_view::npos) return "";
    auto sentence = line.substr(at + kMark.size());
    if (sentence.ends_with('"')) sentence.remove_suffix(1);
    return std::string(sentence);
  }
  return "";
}

}  // namespace lab::verdict
