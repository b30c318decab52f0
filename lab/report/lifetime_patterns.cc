#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "lab/report/code.h"
#include "lab/report/ends.h"
#include "lab/report/names.h"
#include "lab/report/patterns.h"

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
    if (is_library(name) || frame.file.empty()) continue;
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
    return scope_of(short_name(frame.function)) == type;
  });
}

constexpr const char* kEndAfterUse =
    "Let nobody reach it any more, and join those who use it, before its owner ends it; or let "
    "them share ownership (std::shared_ptr).";

constexpr const char* kStartWhenBuilt =
    "Finish construction before any other thread can see the object: start its threads and "
    "register its callbacks in a start() that is called once it is whole, not in a constructor of "
    "a base.";

constexpr const char* kStopBeforeEnd =
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
  const auto* advice =
      escaped
          ? "Copy what is used while the container's lock is held, or hold that lock from where "
            "the element is found to its last use: no element outlives its place."
      : none ? "Hold one mutex around every use of the container, for as long as its elements are "
               "used."
      : shared ? "Hold the container's lock for as long as its elements are used."
               : "";
  const auto* scenario = escaped          ? "08_escaped_reference"
                         : none || shared ? "04_erase_while_reading"
                                          : "";
  patterns.push_back({"elements-moved", "Elements moved or erased while in use",
                      fmt::format("{} freed memory of a container inside {}, and {} {} it.",
                                  who(freer), container_call(freer), who(user), past_tense(user)),
                      advice, scenario, false, false, escaped});
}

}  // namespace

void find_lifetime_patterns(const Report& report, const Cause& cause, Sources& sources,
                            std::vector<Pattern>& patterns) {
  const auto& a = cause.first;
  const auto& b = cause.second;
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
    const auto type = scope_of(member);
    if (!vptr && !is_in_class(other, type) && !is_in_base(other, *side, type, sources)) continue;
    const bool ends = member.find("::~") != std::string::npos;
    const bool freed = kind_has(report, "use-after-free") || a.op == "free" || b.op == "free";
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
         : ends ? kStopBeforeEnd
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
