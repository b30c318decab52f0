#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/report/classes.h"
#include "lab/report/code.h"
#include "lab/report/explain.h"
#include "lab/report/names.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr std::size_t kFilesMax = 64;

// "account.h" of `#include "account.h"`.
std::string_view included(std::string_view line) {
  line = trim(line);
  if (!skip(line, "#")) return {};
  line = trim(line);
  if (!skip(line, "include")) return {};
  line = trim(line);
  return skip(line, "\"") ? take_until(line, "\"") : std::string_view();
}

struct Declaration {
  std::string file;
  int line = 0;
  std::string text;
  std::string scope;  // The class that it stands in; empty outside of classes.
};

// "Account" of "bank::Account::deposit".
std::string class_of(const Side& side) {
  auto name =
      is_lambda(side.function) ? enclosing_function(side.function) : short_name(side.function);
  const auto end = name.rfind("::");
  if (end == name.npos) return {};
  name.resize(end);
  name.resize(std::min(name.find('<'), name.size()));
  const auto begin = name.rfind("::");
  return begin == name.npos ? name : name.substr(begin + 2);
}

// The one that passes; nothing when none does, or several.
template <class Passes>
const Declaration* only(const std::vector<Declaration>& all, Passes passes) {
  const Declaration* found = nullptr;
  for (const auto& one : all) {
    if (!passes(one)) continue;
    if (found) return nullptr;
    found = &one;
  }
  return found;
}

bool is_indented(const Declaration& one) {
  return one.text.starts_with(' ') || one.text.starts_with('\t');
}

// Which of several declarations of a name is meant.
const Declaration* choose(const std::vector<Declaration>& all, const Report& report,
                          const Cause& cause, const std::string& object) {
  const auto parties = cause.parties();
  const bool global = std::any_of(
      report.locations.begin(), report.locations.end(),
      [](const Location& location) { return location.kind == "global" && !location.name.empty(); });
  if (object.find(")::") != object.npos) {
    return only(all, [](const Declaration& one) {
      return find_word(one.text, "static") != one.text.npos && is_indented(one);
    });
  }
  if (global && object.find("::") == object.npos) {
    if (const auto* one = only(all, [](const auto& some) { return some.scope.empty(); }))
      return one;
    return only(all, [](const Declaration& one) { return !is_indented(one); });
  }
  if (all.size() == 1) return &all.front();
  std::set<std::string> classes;
  for (const auto* side : parties) classes.insert(class_of(*side));
  classes.erase("");
  const auto* of_class =
      only(all, [&](const Declaration& one) { return classes.contains(one.scope); });
  if (of_class || is_member_name(object)) return of_class;
  // A variable of the function: the nearest one above.
  const Declaration* nearest = nullptr;
  for (const auto& one : all) {
    const bool above = std::any_of(parties.begin(), parties.end(), [&](const Side* side) {
      return one.scope.empty() && side->file == one.file && one.line < side->line;
    });
    if (above && (!nearest || one.line > nearest->line)) nearest = &one;
  }
  return nearest;
}

}  // namespace

std::string last_name(const std::string& object) {
  const auto end = object.rfind("::");
  return end == object.npos ? object : object.substr(end + 2);
}

std::vector<std::string> related_files(const Cause& cause, Sources& sources) {
  std::vector<std::string> files;
  const auto add = [&](const std::string& file) {
    const bool known = std::find(files.begin(), files.end(), file) != files.end();
    if (!file.empty() && !known && files.size() < kFilesMax) files.push_back(file);
  };
  for (const auto* side : cause.parties()) {
    if (side->own) add(side->file);
  }
  const auto direct = files;
  for (const auto& file : direct) {
    const auto folder = std::filesystem::path(file).parent_path();
    const auto lines = sources.lines(file);  // A copy: more files are read meanwhile.
    for (const auto& line : lines) {
      const std::string name(included(line));
      if (name.empty()) continue;
      const auto beside = (folder / name).lexically_normal().string();
      add(sources.lines(beside).empty() ? name : beside);
    }
  }
  return files;
}

std::optional<Marked> find_declaration(const Report& report, const Cause& cause, Sources& sources) {
  const auto object = cause.object.substr(cause.object.starts_with('*') ? 1 : 0);
  if (object.empty()) return std::nullopt;
  const auto name = last_name(object);
  Classes classes(sources);
  std::vector<Declaration> all;
  for (const auto& file : related_files(cause, sources)) {
    const auto lines = sources.lines(file);  // A copy: more files may be read meanwhile.
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (find_word(lines[i], name) == std::string::npos || !declares(lines[i], name)) continue;
      const auto line = static_cast<int>(i) + 1;
      all.push_back({file, line, lines[i], classes.around(file, line)});
    }
  }
  const auto* meant = choose(all, report, cause, object);
  if (!meant) return std::nullopt;
  Marked marked;
  marked.file = meant->file;
  marked.line = meant->line;
  marked.text = meant->text;
  marked.begin = find_word(meant->text, name);
  for (auto at = marked.begin; at != std::string::npos; at = find_word(meant->text, name, at + 1)) {
    // "struct list list": the name, not the type before it.
    const auto behind = trim(std::string_view(meant->text).substr(at + name.size()));
    if (behind.empty() || !is_word(behind[0])) {
      marked.begin = at;
      break;
    }
  }
  marked.size = name.size();
  marked.label = "declared here";
  return marked;
}

}  // namespace lab::report
