#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "lab/report/classes.h"
#include "lab/report/code.h"
#include "lab/report/ends.h"
#include "lab/report/identity.h"
#include "lab/report/names.h"
#include "lab/report/patterns.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

// "ns::Widget" of "ns::Widget::draw".
std::string scope_of(const std::string& name) {
  const auto end = name.rfind("::");
  return end == std::string::npos ? std::string() : name.substr(0, end);
}

// The constructor or destructor that a stack is in, innermost of those that stand in a file.
std::string lifetime_member(const Side& side) {
  for (const auto& frame : side.stack) {
    const auto name = short_name(frame.function);
    // A lambda of a constructor may run on another thread.
    if (is_library(name) || is_lambda(frame.function) || frame.file.empty()) continue;
    const bool destructor = !scope_of(name).empty() && bare_name(frame.function).starts_with('~');
    if (destructor || is_constructor(frame.function)) return name;
  }
  return {};
}

// "Poller" of "class DiskPoller : public Poller {".
bool is_base(std::string_view base, std::string_view type, std::string_view line) {
  const auto at = find_word(line, type);
  const auto colon = at == line.npos ? at : line.find(':', at);
  const bool head = find_word(line, "class") < at || find_word(line, "struct") < at;
  return head && colon != line.npos && line.substr(colon, 2) != "::" &&
         find_word(line, base, colon) != line.npos;
}

// Whether the side is in a member of a base of the class, by the head of the class in the file of
// who builds or ends it.
bool is_in_base(const Side& side, const Side& owner, const std::string& type, Sources& sources) {
  const auto bare = [](const std::string& name) {
    const auto at = name.rfind("::");
    return at == name.npos ? name : name.substr(at + 2);
  };
  const auto base = bare(scope_of(short_name(side.function)));
  if (base.empty() || !side.own) return false;
  const auto& lines = sources.lines(owner.file);
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return is_base(base, bare(type), code_of(line));
  });
}

// Whether any frame of the side is a member of the class.
bool is_in_class(const Side& side, const std::string& type) {
  return std::any_of(side.stack.begin(), side.stack.end(), [&](const Frame& frame) {
    const auto& function = frame.function;
    return scope_of(is_lambda(function) ? enclosing_function(function) : short_name(function)) ==
           type;
  });
}

// "sender_ before spans_", where a class declares a thread before the member that a side uses.
struct MemberOrder {
  std::string thread;
  std::string member;
};

// What a side may use of its class, by name.
std::vector<std::string> members_used(const Cause& cause, const Side& user, Sources& sources) {
  if (!cause.object.empty()) return {last_name(cause.object)};
  if (!user.own) return {};
  const auto code = code_of(sources.line(user.file, user.line).value_or(""));
  if (const auto accessed = accessed_at(code, user.column, user.op == "read")) {
    return {accessed->name};
  }
  std::vector<std::string> names;
  for (std::size_t at = 0; at < code.size();) {
    auto end = at;
    while (end < code.size() && is_word(code[end])) ++end;
    auto name = code.substr(at, end - at);
    if (is_member_name(name)) names.push_back(std::move(name));
    at = std::max(end, at + 1);
  }
  return names;
}

MemberOrder thread_declared_before(const Cause& cause, const Side& user, Sources& sources) {
  const auto members = members_used(cause, user, sources);
  if (members.empty()) return {};
  Classes classes(sources);
  for (const auto& file : related_files(cause, sources)) {
    std::string thread;  // The class's, so far.
    std::string type;
    const auto count = static_cast<int>(sources.lines(file).size());
    for (int line = 1; line <= count; ++line) {
      const auto code = code_of(sources.line(file, line).value_or(""));
      const auto at = std::min(code.find("std::thread "), code.find("std::jthread "));
      const auto member =
          std::find_if(members.begin(), members.end(), [&code](const std::string& name) {
            return find_word(code, name) != code.npos && declares(code, name);
          });
      const bool is_member = member != members.end();
      if (at == code.npos && !is_member) continue;
      const auto& around = classes.around(file, line);
      if (around.empty()) continue;
      if (is_member && !thread.empty() && around == type) return {thread, *member};
      if (at == code.npos || code.find('(') < at) continue;
      const auto begin = code.find(' ', at) + 1;
      auto end = begin;
      while (end < code.size() && is_word(code[end])) ++end;
      thread = code.substr(begin, end - begin);
      type = around;
    }
  }
  return {};
}

// Whether the side is in what the compiler does before the body of the constructor, or behind that
// of the destructor: its line, if it names the member at all, declares it.
bool is_outside_of_body(const Side& side, const std::string& function, const std::string& member,
                        Sources& sources) {
  if (side.frame == 0 || short_name(side.function) != function) return false;
  const auto code = code_of(sources.line(side.file, side.line).value_or(""));
  return find_word(code, member) == code.npos || declares(code, member);
}

// Whether a destructor that the side is in itself goes on to join: what it does before is no end.
bool joins_after(const Side& side, Sources& sources) {
  constexpr int kReach = 60;
  if (side.frame != 0 || !side.own || !bare_name(side.function).starts_with('~')) return false;
  const auto last = function_around(sources.lines(side.file), side.line, kReach).second;
  for (int line = side.line; line <= last; ++line) {
    auto code = code_of(sources.line(side.file, line).value_or(""));
    const auto column = static_cast<std::size_t>(std::max(side.column, 0));
    if (line == side.line) code.erase(0, std::min(column, code.size()));
    if (code.find("join(") != code.npos) return true;
  }
  return false;
}

// What of a function's own a side uses, by name: no parameter, nothing that is a reference or a
// pointer. Empty where the source does not tell.
std::string own_local(const Side& side, Sources& sources) {
  constexpr int kReach = 100;
  const auto line = sources.line(side.file, side.line);
  if (!side.own || side.frame != 0 || !line) return {};
  const auto code = code_of(*line);
  auto accessed = accessed_at(code, side.column, side.op == "read");
  if (!accessed && side.column == 0 && side.op == "write") {
    const auto written = assignments(code);
    if (written.size() == 1) accessed = written[0];
  }
  if (!accessed || (accessed->pointee && !accessed->element) || accessed->reached) return {};
  const auto first =
      std::max(function_around(sources.lines(side.file), side.line, kReach).first, 1);
  for (int i = first + 1; i <= side.line; ++i) {
    const auto text = code_of(sources.line(side.file, i).value_or(""));
    const auto at = find_word(text, accessed->name);
    if (at == text.npos || !declares(text, accessed->name)) continue;
    const auto before = trim(std::string_view(text).substr(0, at));
    const bool leads = before.ends_with('&') || before.ends_with('*') || before.ends_with("auto") ||
                       find_word(before, "static") != before.npos ||
                       find_word(before, "extern") != before.npos;
    return leads ? std::string() : accessed->name;
  }
  return {};
}

// Whether the name occurs in its function in no way that could give its address away.
bool stays_inside(const Side& side, const std::string& name, Sources& sources) {
  constexpr int kReach = 100;
  const auto [first, last] = function_around(sources.lines(side.file), side.line, kReach);
  for (int i = std::max(first, 1) + 1; i <= last; ++i) {
    const auto code = code_of(sources.line(side.file, i).value_or(""));
    if (code.find("[&") != code.npos) return false;
    for (auto at = find_word(code, name); at != code.npos; at = find_word(code, name, at + 1)) {
      const auto before = trim(std::string_view(code).substr(0, at));
      const auto behind = trim(std::string_view(code).substr(at + name.size()));
      const bool indexed = behind.starts_with('[');
      const bool taken = before.ends_with('&') && !before.ends_with("&&");
      const bool called = behind.starts_with('.') || behind.starts_with("->");
      const bool passed = !indexed && (behind.starts_with(')') || behind.starts_with(','));
      const bool decays = !indexed && before.ends_with('=') && !before.ends_with("==");
      if (taken || called || passed || decays) return false;
    }
  }
  return true;
}

// The memory is, by now, a variable that nobody else can reach: the other side's address is that of
// another one, of a function that has returned.
void find_stale_local(const Report& report, const Cause& cause, Sources& sources,
                      std::vector<Pattern>& patterns) {
  if (report.locations.empty() || report.locations[0].kind != "stack") return;
  for (const auto* side : {&cause.first, &cause.second}) {
    const auto& other = side == &cause.first ? cause.second : cause.first;
    if (side->thread != report.locations[0].thread || other.thread == side->thread) continue;
    const auto name = own_local(*side, sources);
    if (name.empty() || !other.own || !stays_inside(*side, name, sources)) continue;
    const auto used = code_of(sources.line(other.file, other.line).value_or(""));
    if (find_word(used, name) != used.npos) continue;
    patterns.push_back(
        {"stale-local", "A variable that is gone",
         fmt::format("The memory is {}, a variable of {} that it hands to nobody. {} has the "
                     "address of another one, which was there before: of a block that has ended or "
                     "a function that has returned.",
                     name, function_label(*side), who(other)),
         fmt::format("Let what {} is given live as long as it does: join it before the function "
                     "that owns the variable returns, or give it a copy, or a std::shared_ptr.",
                     which_thread(other)),
         "15_captured_by_reference", false, false, true});
    return;
  }
}

// "Slot& mine = slots.back();"
struct Reference {
  std::string container;
  int line = 0;
};

// A reference to an element, declared above, that the side's line uses.
Reference reference_to_element(const Side& side, Sources& sources) {
  constexpr int kAbove = 40;
  constexpr std::array<std::string_view, 4> kElements = {".back()", ".front()", "[", ".at("};
  const auto line = sources.line(side.file, side.line);
  if (!side.own || !line) return {};
  const auto used = code_of(*line);
  for (int i = side.line; i > std::max(0, side.line - kAbove); --i) {
    const auto code = code_of(sources.line(side.file, i).value_or(""));
    const auto amp = code.find("& ");
    const auto equals = code.find(" = ", amp == code.npos ? 0 : amp);
    if (amp == code.npos || equals == code.npos) continue;
    const std::string name(trim(std::string_view(code).substr(amp + 1, equals - amp - 1)));
    const auto from = trim(std::string_view(code).substr(equals + 3));
    std::size_t end = 0;
    while (end < from.size() && is_word(from[end])) ++end;
    const bool element = std::any_of(kElements.begin(), kElements.end(), [&](auto call) {
      return end > 0 && from.substr(end).starts_with(call);
    });
    if (element && !name.empty() && find_word(used, name) != used.npos) {
      return {std::string(from.substr(0, end)), i};
    }
  }
  return {};
}

// Whether a container is a vector, by its declaration in the file: elements of others stay.
bool is_vector(const std::string& container, const std::string& file, Sources& sources) {
  const auto& lines = sources.lines(file);
  return std::any_of(lines.begin(), lines.end(), [&container](const std::string& line) {
    const auto code = code_of(line);
    return find_word(code, container) != code.npos && code.find("vector<") != code.npos;
  });
}

// The line near another that adds to the container, below it if there is one; 0 where there is
// none.
int line_that_grows(const std::string& container, const std::string& file, int near,
                    Sources& sources) {
  constexpr int kReach = 60;
  constexpr std::array<std::string_view, 5> kGrows = {".push_back(", ".emplace_back(", ".resize(",
                                                      ".insert(", ".emplace("};
  int found = 0;
  for (int i = std::max(1, near - kReach); i < near + kReach && found <= near; ++i) {
    const auto code = code_of(sources.line(file, i).value_or(""));
    const auto at = find_word(code, container);
    if (at == code.npos) continue;
    const auto behind = std::string_view(code).substr(at + container.size());
    const bool grows = std::any_of(kGrows.begin(), kGrows.end(),
                                   [&](auto call) { return behind.starts_with(call); });
    if (grows) found = i;
  }
  return found;
}

// A reference to an element of a container that goes on growing.
void find_element_reference(const Report& report, const Cause& cause, Sources& sources,
                            std::vector<Pattern>& patterns) {
  if (report.locations.empty() || report.locations[0].kind != "heap") return;
  for (const auto* side : {&cause.first, &cause.second}) {
    const auto& other = side == &cause.first ? cause.second : cause.first;
    const auto reference = reference_to_element(*side, sources);
    if (reference.container.empty() || other.frame == 0) continue;
    if (!is_vector(reference.container, side->file, sources)) continue;
    auto grows = *side;
    grows.line = line_that_grows(reference.container, side->file, reference.line, sources);
    if (grows.line == 0) continue;
    patterns.push_back(
        {"element-reference", "A reference into what grows",
         fmt::format("{} uses a reference to an element of {}, which grows at {}: its elements may "
                     "move then, and the reference leads to where one was.",
                     who(*side), reference.container, place_label(grows)),
         fmt::format("Let {0} have all its elements before any other thread gets a reference to "
                     "one; or take a std::deque or std::list, whose elements stay.",
                     reference.container),
         "08_escaped_reference", false, false, true});
    return;
  }
}

constexpr const char* kEndAfterUse =
    "Let nobody reach it any more, and join those who use it, before its owner ends it; or let "
    "them share ownership (std::shared_ptr).";

constexpr const char* kStartWhenBuilt =
    "Finish construction before any other thread can see the object: start its threads and "
    "register its callbacks in a start() that is called once it is whole, not in a constructor of "
    "a base.";

constexpr const char* kStopBeforeEnd =
    "Stop and join the threads before the destructor begins. If the object does not own them, "
    "share "
    "ownership of it with them.";

// Where a destructor has begun, those of the classes derived from its own have ended.
constexpr const char* kStopBeforeBase =
    "Stop and join the threads before the destructor begins, in a stop() of the most derived "
    "class. If the object does not own them, share ownership of it with them.";

// "condition variable" of "pthread_cond_destroy": what a call of the system ends. Mutexes have
// kinds of reports of their own.
std::string destroyed_by(const Side& side) {
  if (side.stack.empty()) return {};
  const auto name = bare_name(side.stack[0].function);
  if (!name.ends_with("_destroy") || name.find("mutex") != std::string::npos) return {};
  return name.find("cond") != std::string::npos ? "condition variable" : "object";
}

void find_destroyed(const Cause& cause, std::vector<Pattern>& patterns) {
  for (const auto* side : {&cause.first, &cause.second}) {
    const auto what = destroyed_by(*side);
    const auto& other = side == &cause.first ? cause.second : cause.first;
    if (what.empty() || other.stack.empty()) continue;
    patterns.push_back(
        {"destroyed-in-use", "Destroyed while in use",
         fmt::format("{} destroyed the {} that {} uses in {}, and nothing says that "
                     "it had done with it.",
                     who(*side), what, who(other), bare_name(other.stack[0].function)),
         kEndAfterUse, "16_late_callback", false, false});
    return;
  }
}

// `escaped`: the user reaches an element by a pointer or a reference, where no container is named.
void find_moved_elements(const Side& freer, const Side& user, bool escaped,
                         std::vector<Pattern>& patterns) {
  const bool none = freer.mutexes.empty() && user.mutexes.empty();
  const bool shared = share_a_lock(freer, user);
  // Who uses the elements holds the lock: it is missing where they are freed.
  const bool only_user = !user.mutexes.empty() && freer.mutexes.empty();
  const auto* advice =
      only_user ? ""
      : none ? "Hold one mutex around every use of the container, for as long as its elements are "
               "used."
      : escaped
          ? "Copy what is used while the container's lock is held, or hold that lock from where "
            "the element is found to its last use: no element outlives its place."
      : shared ? "Hold the container's lock for as long as its elements are used."
               : "";
  const auto* scenario = only_user        ? ""
                         : escaped        ? "08_escaped_reference"
                         : none || shared ? "04_erase_while_reading"
                                          : "";
  patterns.push_back({"elements-moved", "Elements moved or erased while in use",
                      fmt::format("{} freed memory of a container inside {}, and {} {} it.",
                                  who(freer), container_call(freer), who(user), past_tense(user)),
                      advice, scenario, false, false, escaped && !only_user});
}

}  // namespace

void find_lifetime_patterns(const Report& report, const Cause& cause, Sources& sources,
                            std::vector<Pattern>& patterns) {
  const auto& a = cause.first;
  const auto& b = cause.second;
  find_stale_local(report, cause, sources, patterns);
  find_element_reference(report, cause, sources, patterns);
  const bool moved = (a.op == "free" && frees_elements(a)) || (b.op == "free" && frees_elements(b));
  if (moved) {
    const auto& user = a.op == "free" ? b : a;
    const bool escaped = user.frame == 0 && user.own && cause.object.empty();
    find_moved_elements(a.op == "free" ? a : b, user, escaped, patterns);
  } else if (a.op == "free" || kind_has(report, "use-after-free")) {
    const auto& user = a.op == "free" ? b : a;
    const auto& freer = a.op == "free" ? a : b;
    patterns.push_back({"use-after-free", "Use after free",
                        fmt::format("{} {} the memory; {} {} it, and nothing orders the two.",
                                    who(freer), past_tense(freer), who(user), past_tense(user)),
                        kind_has(report, "use-after-free") ? "" : kEndAfterUse, "16_late_callback",
                        false, false});
  } else if (b.op == "free") {
    patterns.push_back({"freed-in-use", "Freed while in use",
                        fmt::format("{} freed the memory that {} {}, and nothing says that it had "
                                    "done with it.",
                                    who(b), who(a), past_tense(a)),
                        kEndAfterUse, "16_late_callback", false, false});
  }
  const bool told = std::any_of(patterns.begin(), patterns.end(),
                                [](const Pattern& one) { return one.says_all; });
  for (const auto* side : {&a, &b}) {
    const auto member = told ? std::string() : lifetime_member(*side);
    const auto& other = side == &a ? b : a;
    // The raced object is that one for certain on a vptr, and where the other side is its member
    // too.
    if (member.empty() || !lifetime_member(other).empty()) continue;
    const bool vptr = kind_has(report, "vptr");
    if (!vptr && joins_after(*side, sources)) continue;
    const auto type = scope_of(member);
    if (!vptr && !is_in_class(other, type) && !is_in_base(other, *side, type, sources)) continue;
    const bool ends = member.find("::~") != std::string::npos;
    const auto order = thread_declared_before(cause, other, sources);
    if (!order.thread.empty() && is_outside_of_body(*side, member, order.member, sources)) {
      patterns.push_back(
          {"member-order", ends ? "Object already being destroyed" : "Object still being built",
           fmt::format("{} is in {}() while {} uses the object. Members come to be in the order in "
                       "which the class declares them, and end in reverse: {} stands before {}.",
                       which_thread(*side), member, who(other), order.thread, order.member),
           fmt::format("Declare {} last, so that it begins when all that its thread uses is there, "
                       "and has ended before any of that does.",
                       order.thread),
           "16_late_callback", false, false, true});
      break;
    }
    // What the destructor frees itself is told of by that.
    const bool freed = side->op == "free" || (other.op != "free" && kind_has(report, "use-after-"));
    patterns.push_back(
        {ends ? "already-destroyed" : "still-constructed",
         ends ? "Object already being destroyed" : "Object still being built",
         fmt::format("{} is in {}() while {} uses the object.{}", which_thread(*side), member,
                     who(other),
                     !vptr  ? ""
                     : ends ? " What is written is the pointer to its table of virtual functions: "
                              "from here on calls reach those of a base."
                            : " What is written is the pointer to its table of virtual functions: "
                              "until then calls reach those of a base."),
         freed  ? ""
         : ends ? (vptr ? kStopBeforeBase : kStopBeforeEnd)
                : kStartWhenBuilt,
         "16_late_callback", false, false, !freed});
    break;
  }
  for (const auto& location : report.locations) {
    if (location.kind != "stack" || location.thread == "main thread") continue;
    const auto owner =
        std::find_if(report.threads.begin(), report.threads.end(),
                     [&](const Thread& thread) { return thread.id == location.thread; });
    if (owner == report.threads.end() || owner->state != "finished") continue;
    patterns.push_back(
        {"use-after-return", "Use after return",
         fmt::format("The memory is on the stack of {}, which has finished: its variables "
                     "are gone.",
                     location.thread),
         "Keep the thread that owns the variable until its users are joined, or let "
         "them share ownership.",
         "15_captured_by_reference"});
  }
  find_destroyed(cause, patterns);
}

}  // namespace lab::report
