#include "lab/course/course.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "lab/course/nearest.h"

namespace lab::course {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kFaultKinds = {{
    {"data race", "race"},
    {"use after free", "race"},
    {"lock order", "deadlock"},
    {"deadlock", "deadlock"},
    {"wrong result", "wrong_result"},
    {"crash", "crash"},
    {"timeout", "timeout"},
    {"gagged", "gagged"},
}};

constexpr std::array<std::string_view, 7> kRefusals = {
    "race", "deadlock", "wrong_result", "crash", "timeout", "compile_error", "gagged"};

std::string read(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> sorted(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> result;
  if (!fs::is_directory(folder)) return result;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == extension) result.push_back(entry.path());
  }
  std::sort(result.begin(), result.end());
  return result;
}

// A variant whose expected verdict is the first word of its "Refused:" line.
void read_refusal(Variant& variant, const fs::path& shown) {
  const auto line = machine_line(read(variant.header), "Refused");
  const auto colon = line.find(':');
  variant.expected = line.substr(0, colon);
  if (std::find(kRefusals.begin(), kRefusals.end(), variant.expected) == kRefusals.end() ||
      colon == std::string::npos) {
    throw std::runtime_error(shown.string() +
                             ": write '// Refused: race: why it looks right.' (or deadlock, "
                             "wrong_result, crash, timeout, gagged) in its opening comment");
  }
  variant.claim = line.substr(line.find_first_not_of(' ', colon + 1));
}

// The edge that a fix adds; what it costs may follow on the same line.
std::string happens_before(const std::string& source) {
  const auto line = machine_line(source, "Happens-before");
  return line.substr(0, line.find(" Costs:"));
}

void add_variants(Scenario& scenario, const fs::path& root, const fs::path& place, Kind kind) {
  for (const auto& header : sorted(root / place / scenario.id, ".h")) {
    Variant variant{.scenario = scenario.id,
                    .name = header.stem(),
                    .kind = kind,
                    .header = header,
                    .expected = "pass",
                    .claim = {}};
    if (kind == Kind::kWrongFix) read_refusal(variant, fs::relative(header, root));
    if (kind == Kind::kFix) variant.claim = happens_before(read(header));
    if (kind != Kind::kFix) variant.name = std::string(kind_name(kind)) + "." + variant.name;
    scenario.variants.push_back(std::move(variant));
  }
}

void read_readme(Scenario& scenario) {
  std::ifstream in(scenario.readme);
  std::string* hint = nullptr;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ") && scenario.title.empty()) scenario.title = line.substr(2);
    if (line.starts_with("## ")) {
      hint = nullptr;
      if (line.starts_with("## Hint ")) hint = &scenario.hints.emplace_back();
    } else if (hint && (!hint->empty() || !line.empty())) {
      *hint += line + "\n";
    }
  }
  for (auto& text : scenario.hints) text.erase(text.find_last_not_of('\n') + 1);
  if (scenario.title.empty()) scenario.title = scenario.id;
}

Scenario read_scenario(const fs::path& root, const fs::path& racy) {
  Scenario scenario;
  scenario.id = racy.parent_path().filename();
  scenario.readme = racy.parent_path() / "README.md";
  try {
    scenario.fault = parse_fault(machine_line(read(racy), "Fault"));
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error("scenarios/" + scenario.id + "/racy.h: " + error.what());
  }
  scenario.variants.push_back({.scenario = scenario.id,
                               .name = "racy",
                               .kind = Kind::kRacy,
                               .header = racy,
                               .expected = std::string(verdict_of(scenario.fault.kind)),
                               .claim = scenario.fault.text});
  add_variants(scenario, root, "fixes", Kind::kFix);
  add_variants(scenario, root, "tests/wrong_fixes", Kind::kWrongFix);
  add_variants(scenario, root, "tests/right_fixes", Kind::kRightFix);
  read_readme(scenario);
  return scenario;
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kRacy:
      return "racy";
    case Kind::kFix:
      return "fix";
    case Kind::kWrongFix:
      return "wrong_fix";
    case Kind::kRightFix:
      return "right_fix";
    case Kind::kAttempt:
      return "attempt";
  }
  return "";
}

std::string_view verdict_of(std::string_view fault_kind) {
  for (const auto& [kind, verdict] : kFaultKinds) {
    if (kind == fault_kind) return verdict;
  }
  return "";
}

std::string machine_line(std::string_view source, std::string_view key) {
  const std::string opening = "// " + std::string(key) + ":";
  std::istringstream in{std::string(source)};
  std::string result;
  bool inside = false;
  for (std::string line; std::getline(in, line) && line.starts_with("//");) {
    if (line.starts_with(opening)) {
      inside = true;
      result = line.substr(opening.size());
    } else if (inside) {
      static const std::regex another("// [A-Z][a-z-]*:.*");
      if (line == "//" || std::regex_match(line, another)) break;
      result += line.substr(2);
    }
  }
  result.erase(0, result.find_first_not_of(' '));
  return result;
}

Fault parse_fault(std::string_view sentence) {
  static const std::regex whole(
      R"(([a-z ]+?)(?:: (?:(\w+) in )?([\w~]+)\(\) against (?:(\w+) in )?([\w~]+)\(\)(?:, on (\w+))?(?:[,;:] .*)?|: .*)?\.?)");
  Fault fault{.text = std::string(sentence), .kind = {}, .first = {}, .second = {}, .field = {}};
  std::smatch match;
  if (!std::regex_match(fault.text, match, whole) || verdict_of(match[1].str()).empty()) {
    throw std::invalid_argument(
        "write '// Fault: data race: write in add() against read in find(), on records_.' in its "
        "opening comment (kinds: data race, use after free, lock order, deadlock, wrong result, "
        "crash, timeout)");
  }
  fault.kind = match[1];
  fault.first = {match[2], match[3]};
  fault.second = {match[4], match[5]};
  fault.field = match[6];
  return fault;
}

Course::Course(const fs::path& root) {
  std::vector<fs::path> folders;
  if (fs::is_directory(root / "scenarios")) {
    for (const auto& entry : fs::directory_iterator(root / "scenarios")) {
      if (fs::exists(entry.path() / "racy.h")) folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) {
    scenarios_.push_back(read_scenario(root, folder / "racy.h"));
  }
  if (scenarios_.empty()) {
    throw std::runtime_error("no scenario in " + (root / "scenarios").string());
  }
}

std::string Course::no_such_scenario(std::string_view text,
                                     const std::vector<const Scenario*>& found) const {
  std::vector<std::string> names;
  if (found.empty()) {
    for (const auto& scenario : scenarios_) names.push_back(scenario.id);
  } else {
    for (const auto* scenario : found) names.push_back(scenario->id);
  }
  std::string message = found.empty() ? "no scenario '" : "more than one scenario matches '";
  message += std::string(text) + "'; ";
  const auto near = found.empty() ? nearest(text, names) : std::vector<std::string>();
  message += !found.empty() ? "say which:" : near.empty() ? "there are:" : "the nearest:";
  for (const auto& name : near.empty() ? names : near) message += "\n  " + name;
  return message;
}

const Scenario& Course::scenario(std::string_view text) const {
  std::vector<const Scenario*> found;
  for (const auto& scenario : scenarios_) {
    if (scenario.id == text) return scenario;
    const auto number = scenario.id.substr(0, scenario.id.find('_'));
    const bool same_number = number == text || number == "0" + std::string(text);
    if (same_number) return scenario;
    if (!text.empty() && scenario.id.find(text) != std::string::npos) found.push_back(&scenario);
  }
  if (found.size() == 1) return *found.front();
  throw std::invalid_argument(no_such_scenario(text, found));
}

std::vector<Variant> Course::select(std::string_view text) const {
  std::vector<Variant> result;
  if (text.empty()) {
    for (const auto& each : scenarios_) {
      result.insert(result.end(), each.variants.begin(), each.variants.end());
    }
    return result;
  }
  const auto slash = text.find('/');
  const auto& one = scenario(text.substr(0, slash));
  if (slash == std::string_view::npos) return one.variants;
  const auto name = text.substr(slash + 1);
  for (const auto& variant : one.variants) {
    if (variant.name == name) return {variant};
  }
  std::string message = one.id + " has no variant '" + std::string(name) + "'; it has:";
  for (const auto& variant : one.variants) message += "\n  " + variant.path();
  throw std::invalid_argument(message);
}

}  // namespace lab::course
