#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/report/causes.h"
#include "lab/report/code.h"
#include "lab/report/ends.h"
#include "lab/report/identity.h"
#include "lab/report/names.h"
#include "lab/report/side_code.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

constexpr std::array<std::string_view, 60> kNoObjects = {
    "auto",      "bool",     "break",     "case",   "catch",    "char",    "class",    "const",
    "constexpr", "delete",   "do",        "double", "else",     "enum",    "explicit", "extern",
    "false",     "float",    "for",       "friend", "goto",     "if",      "inline",   "int",
    "long",      "mutable",  "namespace", "new",    "noexcept", "nullptr", "operator", "override",
    "private",   "public",   "return",    "short",  "signed",   "sizeof",  "static",   "std",
    "struct",    "switch",   "template",  "this",   "throw",    "true",    "try",      "typedef",
    "typename",  "union",    "unsigned",  "using",  "virtual",  "void",    "volatile", "while",
    "size_t",    "uint64_t", "int64_t",   "string"};

// Names in a line that could be what is accessed: not called, not qualifying, not keywords.
std::vector<std::string> candidates(const std::string& code) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < code.size();) {
    if (!is_word(code[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    while (at < code.size() && is_word(code[at])) ++at;
    const auto name = code.substr(begin, at - begin);
    auto after = at;
    while (after < code.size() && code[after] == ' ') ++after;
    const auto rest = std::string_view(code).substr(after);
    const bool keyword = std::find(kNoObjects.begin(), kNoObjects.end(), name) != kNoObjects.end();
    const bool called = rest.starts_with('(') || rest.starts_with("::");
    // "Record record", "Table<int> table": a type stands before the name that it declares.
    const bool type = !rest.empty() && (after > at ? is_word(rest[0]) : rest[0] == '<');
    // "make_shared<Routes>(…)"
    const bool argument =
        begin > 0 && code[begin - 1] == '<' && !rest.empty() && (rest[0] == '>' || rest[0] == ',');
    if (!is_digit(name[0]) && !keyword && !called && !type && !argument) names.push_back(name);
  }
  return names;
}

// What a guard on the same line takes is not what is accessed.
bool is_lock(const std::string& name) {
  return name.find("mutex") != std::string::npos || name.find("lock") != std::string::npos ||
         name.find("guard") != std::string::npos;
}

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// "struct Session : Base { int id = 1; … }": a class's head names types.
void blank_class_head(std::string& code) {
  const auto head = trim(code);
  constexpr std::array<std::string_view, 4> kHeads = {"struct ", "class ", "union ", "template"};
  const auto open = code.find('{');
  if (open == code.npos || std::none_of(kHeads.begin(), kHeads.end(),
                                        [&](auto word) { return head.starts_with(word); })) {
    return;
  }
  std::fill(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(open), ' ');
}

// What a side's access may be on.
struct Accessing {
  std::string code;  // The statement where the column is known, which gcc's is not.
  std::vector<std::string> names;
  std::optional<Accessed> accessed;  // Where the column tells.
  std::vector<Accessed> written;     // Where it does not: what the side may have written itself.
};

// What each of several lambdas of a line names: which of them a side is, nothing tells.
Accessing accessing_any(const std::vector<std::string>& bodies) {
  Accessing any;
  any.names = candidates(bodies[0]);
  for (const auto& body : bodies) {
    const auto names = candidates(body);
    std::erase_if(any.names, [&](const std::string& name) {
      return std::find(names.begin(), names.end(), name) == names.end();
    });
    any.code += body;
  }
  return any;
}

Accessing accessing(const Side& side, Sources& sources) {
  const auto line = side.own ? sources.line(side.file, side.line) : std::nullopt;
  if (!line) return {};
  auto code = code_of(*line);
  const auto parameters = parameters_of(code);
  const auto accessed = accessed_at(code, side.column, side.op == "read");
  auto part = code_of_side(side, *line);
  if (part.ambiguous) return accessing_any(lambda_bodies(code));
  code = std::move(part.code);
  blank_class_head(code);
  // Where gcc gives no column, a write that is no callee's is one of the line's assignments.
  const bool own_write = side.column == 0 && side.frame == 0 && side.op == "write";
  auto written = own_write ? assignments(code) : std::vector<Accessed>();
  auto names = candidates(code);
  std::erase_if(names, [&](const std::string& name) {
    return std::find(parameters.begin(), parameters.end(), name) != parameters.end();
  });
  return {std::move(code), std::move(names), accessed, std::move(written)};
}

// Whether the name is a parameter or a variable of the function that the side is in.
bool is_local(const Side& side, const std::string& name, Sources& sources) {
  constexpr int kReach = 60;
  const auto& lines = sources.lines(side.file);
  const auto first = function_around(lines, side.line, kReach).first;
  for (int number = std::max(first, 1); number <= side.line; ++number) {
    const auto code = code_of(sources.line(side.file, number).value_or(""));
    const auto parameters = parameters_of(code);
    if (std::find(parameters.begin(), parameters.end(), name) != parameters.end()) return true;
    if (number > first && declares(code, name)) return true;
    for (auto at = code.find("for ("); at != code.npos; at = code.find("for (", at + 1)) {
      const auto range = std::string_view(code).substr(at, code.find(" : ", at) - at);
      if (code.find(" : ", at) != code.npos && find_word(range, name) != range.npos) return true;
    }
  }
  return false;
}

// "int" of "for (int i = 0; …", where that is what stands before the name.
std::string_view type_before(std::string_view code, std::size_t at) {
  const auto before = trim(code.substr(0, at));
  auto begin = before.size();
  while (begin > 0 && is_word(before[begin - 1])) --begin;
  return before.substr(begin);
}

// Whether what stands behind a name gives it a place in a container: " = routes.find(key);"
bool makes_iterator(std::string_view behind) {
  constexpr std::array<std::string_view, 7> kCalls = {
      ".find(", ".begin(", ".emplace(", ".try_emplace(", ".insert(", ".lower_bound(", ".erase("};
  return trim(behind).starts_with('=') && std::any_of(kCalls.begin(), kCalls.end(), [&](auto call) {
           return behind.find(call) != behind.npos;
         });
}

// Whether the name is that of a number, or of an iterator, among the variables and parameters of
// the function, or, with `outer`, of the function around a lambda.
bool is_number(const Side& side, const std::string& name, bool outer, Sources& sources) {
  constexpr int kReach = 60;
  constexpr std::array<std::string_view, 22> kTypes = {
      "int",       "unsigned", "long",      "short",    "char",     "bool",
      "float",     "double",   "size_t",    "int8_t",   "int16_t",  "int32_t",
      "int64_t",   "uint8_t",  "uint16_t",  "uint32_t", "uint64_t", "ssize_t",
      "ptrdiff_t", "intptr_t", "uintptr_t", "time_t"};
  const auto& lines = sources.lines(side.file);
  if (!side.own || is_reached(name, code_of(sources.line(side.file, side.line).value_or("")))) {
    return false;
  }
  auto first = function_around(lines, side.line, kReach).first;
  if (outer && is_lambda(side.function) && first > 1) {
    first = function_around(lines, first - 1, kReach).first;
  }
  for (int line = side.line; line >= std::max(1, first); --line) {
    const auto code = code_of(sources.line(side.file, line).value_or(""));
    for (auto at = find_word(code, name); at != code.npos; at = find_word(code, name, at + 1)) {
      const auto type = type_before(code, at);
      if (std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end()) return true;
      if (type == "auto") return makes_iterator(std::string_view(code).substr(at + name.size()));
    }
  }
  return false;
}

// Whether the lambda stands in the function that the other side is in.
bool stands_in(const Side& lambda, const Side& other, Sources& sources) {
  constexpr int kReach = 200;
  if (!is_lambda(lambda.function) || lambda.file != other.file) return false;
  const auto [first, last] = function_around(sources.lines(other.file), other.line, kReach);
  return first < lambda.line && lambda.line < last;
}

// Whether both sides mean the same by a name. What two functions call `item` is each its own where
// one of them declares it; what lambdas of one function name, they share with it.
bool is_shared(const Pair& pair, const std::string& name, bool reached, Sources& sources) {
  if (reached || is_member_name(name)) return true;
  const auto& a = pair.first;
  const auto& b = pair.second;
  if (is_same_function(a, b, sources)) return true;
  return (!is_local(a, name, sources) || stands_in(b, a, sources)) &&
         (!is_local(b, name, sources) || stands_in(a, b, sources));
}

// Whether what follows a name is a call on it: ".push_back(".
bool is_called_on(std::string_view rest) {
  rest.remove_prefix(rest.starts_with('.') ? 1 : 2);
  std::size_t at = 0;
  while (at < rest.size() && is_word(rest[at])) ++at;
  return at < rest.size() && rest[at] == '(';
}

// "looks" of "found->second.looks": what a name leads to is accessed, not what led to it.
bool leads_on(const std::string& name, const std::string& code) {
  for (auto at = find_word(code, name); at != code.npos; at = find_word(code, name, at + 1)) {
    const auto rest = std::string_view(code).substr(at + name.size());
    if (!rest.starts_with('.') && !rest.starts_with("->")) return false;
    if (is_called_on(rest)) return false;
  }
  return true;
}

// Whether the line names it for what it points to alone: "data->size = 1; data->send();".
bool only_followed(const std::string& name, const std::string& code) {
  auto at = find_word(code, name);
  if (at == code.npos) return false;
  for (; at != code.npos; at = find_word(code, name, at + 1)) {
    if (!std::string_view(code).substr(at + name.size()).starts_with("->")) return false;
  }
  return true;
}

// Whether the line names it only to follow it: "*latest = 1", not "a *b" or "latest = next".
bool follows(const std::string& name, const std::string& code) {
  bool any = false;
  for (auto at = find_word(code, name); at != code.npos; at = find_word(code, name, at + 1)) {
    any = true;
    if (at == 0 || code[at - 1] != '*' || !is_dereferenced(code, at)) return false;
  }
  return any;
}

// The name of what a pointer leads to, where that is all that both lines use of it.
std::string pointee(const std::string& name, const std::string& a, const std::string& b) {
  return follows(name, a) && follows(name, b) ? "*" + name : name;
}

// "slot<double>()::t" of "double& slot<double>()::t": the demangler puts what a function returns
// before the function's statics. Of a lambda's static, the last name alone.
std::string name_of_global(std::string name) {
  for (auto tag = name.find("[abi:"); tag != name.npos; tag = name.find("[abi:", tag)) {
    name.erase(tag, name.find(']', tag) - tag + (name.find(']', tag) == name.npos ? 0 : 1));
  }
  if (name.find(" for ") != name.npos) return name;  // "guard variable for", "vtable for".
  // "stats (.0)", "stats.0", "stats.llvm.12": what the optimiser made of one.
  name.resize(std::min(name.find(" (."), name.size()));
  for (auto dot = name.rfind('.'); dot != name.npos && dot + 1 < name.size();
       dot = name.rfind('.')) {
    const auto rest = std::string_view(name).substr(dot + 1);
    if (rest != "llvm" && !std::all_of(rest.begin(), rest.end(), is_digit)) break;
    name.resize(dot);
  }
  if (name.find("::$_") != name.npos || name.find("lambda") != name.npos) {
    const auto last = name.rfind("::");
    return last == name.npos ? name : name.substr(last + 2);
  }
  int depth = 0;
  for (auto i = name.size(); i-- > 0;) {
    if (name[i] == '>' || name[i] == ')') ++depth;
    if (name[i] == '<' || name[i] == '(') --depth;
    const bool type = name[i] == ' ' && depth == 0;
    if (type && !std::string_view(name).substr(i).starts_with(" const")) return name.substr(i + 1);
  }
  return name;
}

bool names(const Accessing& side, const std::string& name) {
  return std::find(side.names.begin(), side.names.end(), name) != side.names.end();
}

// Of the assignments of a line, the only one to what the other side names.
void settle(Accessing& side, const Accessing& other) {
  if (side.accessed || side.written.empty()) return;
  const auto concerns = [&](const Accessed& one) {
    return side.written.size() == 1 || names(other, one.name);
  };
  const auto found = std::find_if(side.written.begin(), side.written.end(), concerns);
  if (found == side.written.end()) return;
  const bool single = std::all_of(found, side.written.end(), [&](const Accessed& one) {
    return one.name == found->name || !concerns(one);
  });
  if (single) side.accessed = *found;
}

std::pair<Accessing, Accessing> accessing(const Pair& pair, Sources& sources) {
  auto first = accessing(pair.first, sources);
  auto second = accessing(pair.second, sources);
  settle(first, second);
  settle(second, first);
  return {std::move(first), std::move(second)};
}

// What one side calls something of, and the other reaches an element of, as in
// "for (auto& one : all) one = 1;"
std::string container_of(const Pair& pair, const Accessing& a, const Accessing& b,
                         Sources& sources) {
  for (const auto* side : {&a, &b}) {
    const auto& other = side == &a ? b : a;
    const auto& on = *side->accessed;
    if (on.called && !on.pointee && names(other, on.name) &&
        is_shared(pair, on.name, on.reached, sources)) {
      return on.name;
    }
  }
  return {};
}

// Whether the side's line made the very block that it writes: "instance_ = new Logger". It is the
// block's, then, and not the name's.
bool creates(const Side& side, const Report& report) {
  // A library's call is on what the line names, whatever it allocates: "names_.assign(…)".
  const auto* called = side.frame > 0 ? &side.stack[side.frame - 1] : nullptr;
  if (called && called->file.find("/c++/") != std::string::npos) return false;
  return std::any_of(report.locations.begin(), report.locations.end(), [&](const auto& location) {
    return location.kind == "heap" &&
           std::any_of(location.stack.begin(), location.stack.end(), [&](const Frame& frame) {
             return frame.file == side.file && frame.line == side.line;
           });
  });
}

// What both sides access, where the column of one or both tells.
std::string agreed(const Pair& pair, const Accessing& a, const Accessing& b, Sources& sources) {
  const auto& known = a.accessed ? *a.accessed : *b.accessed;
  bool follows_both = known.pointee;
  if (a.accessed && b.accessed) {
    if (a.accessed->name != b.accessed->name) return container_of(pair, a, b, sources);
    const bool same = a.accessed->pointee == b.accessed->pointee;
    const bool element = a.accessed->element || b.accessed->element;
    if (!same && !element) return {};
    follows_both = a.accessed->pointee && b.accessed->pointee;
  } else {
    const auto& other = a.accessed ? b : a;
    if (!names(other, known.name)) return {};
    follows_both = follows_both && follows(known.name, other.code);
  }
  const bool reached = known.reached || (b.accessed && b.accessed->reached);
  if (is_lock(known.name) || !is_shared(pair, known.name, reached, sources)) return {};
  return (follows_both ? "*" : "") + known.name;
}

// What both lines name, where no column tells.
std::string named_by_both(const Pair& pair, const Accessing& a, const Accessing& b,
                          Sources& sources) {
  std::vector<std::string> common;
  for (const auto& name : a.names) {
    const bool both = std::find(b.names.begin(), b.names.end(), name) != b.names.end();
    if (both && !is_lock(name)) add_new(common, name);
  }
  // A pointer that both lines follow is not what they race on.
  std::erase_if(common, [&](const std::string& name) {
    return only_followed(name, a.code) && only_followed(name, b.code);
  });
  std::vector<std::string> members;
  std::copy_if(common.begin(), common.end(), std::back_inserter(members), is_member_name);
  if (members.size() == 1) return pointee(members[0], a.code, b.code);
  if (!members.empty()) return {};  // Which of them, the lines do not tell.
  if (common.size() > 1) {
    std::erase_if(common, [&](const std::string& name) {
      return leads_on(name, a.code) && leads_on(name, b.code);
    });
  }
  std::erase_if(common, [&](const std::string& name) {
    return !is_shared(pair, name, is_reached(name, a.code) && is_reached(name, b.code), sources);
  });
  return common.size() == 1 ? pointee(common[0], a.code, b.code) : "";
}

// "cache_" of "delete cache_", where the other line names it, too: what it leads to is freed.
std::string find_deleted(const Pair& pair, Sources& sources) {
  for (const auto* side : {&pair.first, &pair.second}) {
    if (side->op != "free" || !side->own) continue;
    const auto& other = side == &pair.first ? pair.second : pair.first;
    const auto code = code_of(sources.line(side->file, side->line).value_or(""));
    const auto at = find_word(code, "delete");
    if (at == code.npos) continue;
    const auto begin = code.find_first_not_of(" []", at + 6);
    auto end = begin;
    while (end < code.size() && is_word(code[end])) ++end;
    const auto name = begin == code.npos ? std::string() : code.substr(begin, end - begin);
    const auto used = code_of(sources.line(other.file, other.line).value_or(""));
    if (!name.empty() && name != "this" && other.own && find_word(used, name) != used.npos &&
        is_shared(pair, name, false, sources)) {
      return name;
    }
  }
  return {};
}

// Whether the memory cannot be that of the name: a number of a function's own is on no heap, and on
// no other thread's stack.
bool is_elsewhere(const Pair& pair, const Report& report, const std::string& name,
                  Sources& sources) {
  for (const auto& location : report.locations) {
    if (location.kind != "heap" && location.kind != "stack") continue;
    const bool heap = location.kind == "heap";
    for (const auto* side : {&pair.first, &pair.second}) {
      if ((heap || side->thread != location.thread) && is_number(*side, name, heap, sources)) {
        return true;
      }
    }
  }
  return false;
}

// What both lines name, and else what the writing one does.
std::string find_named(const Pair& pair, const Report& report, Sources& sources) {
  const auto [first, second] = accessing(pair, sources);
  const bool freed = pair.first.op == "free" || pair.second.op == "free" ||
                     report.kind.find("use-after-free") != std::string::npos;
  if (first.accessed || second.accessed) {
    const auto object = agreed(pair, first, second, sources);
    if (!object.empty()) return object;
  } else {
    const auto object = named_by_both(pair, first, second, sources);
    if (!object.empty()) return object;
  }
  // The other side may reach it through a reference or an iterator: then the only member on a line
  // that writes is it. What a line reads may as well come through a parameter, and what a line
  // frees belongs to what it names, no more.
  if (freed || (first.accessed && second.accessed && is_member_name(first.accessed->name) &&
                is_member_name(second.accessed->name))) {
    return {};
  }
  if (creates(pair.first, report) || creates(pair.second, report)) return {};
  for (const auto* side : {&pair.first, &pair.second}) {
    if (side->op == "read") continue;
    const auto& at = side == &pair.first ? first : second;
    std::vector<std::string> members;
    if (at.accessed) {
      if (is_member_name(at.accessed->name)) members.push_back(at.accessed->name);
    } else {
      for (const auto& name : at.names) {
        if (is_member_name(name) && !is_lock(name) && !only_followed(name, at.code)) {
          add_new(members, name);
        }
      }
    }
    if (members.size() == 1) return pointee(members[0], at.code, at.code);
  }
  return {};
}

}  // namespace

std::string find_object_key(const Pair& pair, const Report& report, const std::string& object,
                            Sources& sources) {
  if (!object.empty() || report.accesses.empty() || report.fatal) return object;
  const auto [first, second] = accessing(pair, sources);
  const bool same =
      first.accessed && second.accessed && first.accessed->name == second.accessed->name;
  return same ? "each its own " + first.accessed->name : "";
}

std::string find_object(const Pair& pair, const Report& report, Sources& sources) {
  for (const auto& location : report.locations) {
    if (location.kind == "global" && !location.name.empty()) {
      return name_of_global(location.name);
    }
    if (location.kind == "fd") return {};  // No memory; describe_location() names it.
  }
  if (report.accesses.empty() || report.fatal || is_mixed(report)) return {};
  // The pointer to an object's virtual functions has no name.
  if (report.kind.find("vptr") != std::string::npos) return {};
  const auto deleted = find_deleted(pair, sources);
  if (!deleted.empty()) return "*" + deleted;
  // Who frees an object names on his line whatever he likes.
  const auto* freer = pair.first.op == "free" ? &pair.first : &pair.second;
  if (freer->op == "free" && !frees_contents(*freer) && pair.first.column == 0) return {};
  const auto object = find_named(pair, report, sources);
  if (object.empty() || is_member_name(object)) return object;
  return is_elsewhere(pair, report, object, sources) ? std::string() : object;
}

}  // namespace lab::report
