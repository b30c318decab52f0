#include "lab/report/patterns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "lab/report/code.h"
#include "lab/report/ends.h"
#include "lab/report/explain.h"
#include "lab/report/identity.h"
#include "lab/report/names.h"
#include "lab/report/side_code.h"
#include "lab/report/text.h"

namespace lab::report {
namespace {

// How far from an access its function is searched for an atomic that should have ordered it.
constexpr int kNeighbourhood = 12;

bool is_race(const Report& report) { return report.accesses.size() > 1 && !report.fatal; }

// A frame of the runtime's tells who was called by a signal.
void find_signal_handler(const Cause& cause, std::vector<Pattern>& patterns) {
  for (const auto* side : {&cause.first, &cause.second}) {
    const bool called = std::any_of(side->stack.begin(), side->stack.end(), [](const Frame& frame) {
      return bare_name(frame.function) == "CallUserSignalHandler";
    });
    if (!called) continue;
    patterns.push_back(
        {"signal-handler", "Shared with a signal handler",
         fmt::format("{} was called by a signal. A handler may interrupt who holds a "
                     "lock: it must take none.",
                     who(*side)),
         "Make it a lock-free std::atomic, or let the handler write to an eventfd or "
         "a pipe and do the work outside.",
         "", false, true});
    return;
  }
}

// Names in the function around a side that stand in a relaxed operation of one of these calls:
// "ready_" of "ready_.store(true, std::memory_order_relaxed)".
std::set<std::string> relaxed_names(const Side& side, std::initializer_list<std::string_view> calls,
                                    Sources& sources) {
  std::set<std::string> names;
  if (!side.own) return names;
  const auto [first, last] = function_around(sources.lines(side.file), side.line, kNeighbourhood);
  for (int line = first; line <= last; ++line) {
    const auto text = sources.line(side.file, line);
    if (!text || text->find("memory_order_relaxed") == std::string::npos) continue;
    for (const std::string_view call : calls) {
      const auto at = text->find(call);
      if (at == std::string::npos) continue;
      auto begin = at;
      while (begin > 0 && is_word((*text)[begin - 1])) --begin;
      if (begin < at) names.insert(text->substr(begin, at - begin));
    }
  }
  return names;
}

// Whether what the side loads of the atomic decides what it does before its access: the load, or a
// variable that takes its value, is asked, followed or an index. A number that is only told decides
// nothing.
bool decides(const Side& side, const std::string& name, Sources& sources) {
  const auto first = function_around(sources.lines(side.file), side.line, kNeighbourhood).first;
  const auto asks = [](const std::string& code, const std::string& value) {
    const auto at = find_word(code, value);
    if (at == code.npos) return false;
    const auto behind = std::string_view(code).substr(at + value.size());
    const auto before = trim(std::string_view(code).substr(0, at));
    return find_word(condition_of(code), value) != std::string::npos || behind.starts_with("->") ||
           before.ends_with('*') || before.ends_with('[') || before.find('[') != before.npos;
  };
  std::vector<std::string> values = {name};
  for (int line = std::max(first, 1); line <= side.line; ++line) {
    const auto code = code_of(sources.line(side.file, line).value_or(""));
    if (std::any_of(values.begin(), values.end(), [&](auto& one) { return asks(code, one); })) {
      return true;
    }
    const auto equals = code.find('=');
    const auto at = find_word(code, name);
    if (at == code.npos || equals == code.npos || equals > at) continue;
    auto end = equals;
    while (end > 0 && code[end - 1] == ' ') --end;
    auto begin = end;
    while (begin > 0 && is_word(code[begin - 1])) --begin;
    if (begin < end) values.push_back(code.substr(begin, end - begin));
  }
  return false;
}

// What the one function stores and the other loads.
std::set<std::string> relaxed_between(const Side& from, const Side& to, Sources& sources) {
  const auto stored = relaxed_names(from, {".store(", ".exchange(", ".compare_exchange"}, sources);
  const auto loaded = relaxed_names(to, {".load(", ".exchange(", ".compare_exchange"}, sources);
  std::set<std::string> both;
  std::set_intersection(stored.begin(), stored.end(), loaded.begin(), loaded.end(),
                        std::inserter(both, both.end()));
  std::erase_if(both, [&](const std::string& name) { return !decides(to, name, sources); });
  return both;
}

// Whoever drops the last reference frees what others have used: a relaxed atomic does not order the
// two.
void find_relaxed_count(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns) {
  for (const auto* side : {&cause.first, &cause.second}) {
    if (side->op != "free") continue;
    const auto& other = side == &cause.first ? cause.second : cause.first;
    const auto counts = relaxed_names(*side, {".fetch_sub("}, sources);
    const auto dropped = relaxed_names(other, {".fetch_sub("}, sources);
    if (counts.empty() || counts != dropped) continue;
    patterns.push_back(
        {"relaxed-count", "References counted with a relaxed atomic",
         fmt::format("{} drops a reference with std::memory_order_relaxed, and frees what it "
                     "counted. That is ordered after no use by those who dropped theirs before.",
                     who(*side)),
         fmt::format("Drop a reference with {}.fetch_sub(1, std::memory_order_acq_rel), or let "
                     "std::shared_ptr count.",
                     *counts.begin()),
         "13_relaxed_publish", false, false, true});
    return;
  }
}

// Whether it was an allocation or a lock: no access of the program's own.
bool is_by_runtime(const Side& side) {
  return is_allocation(side) ||
         (!side.stack.empty() && bare_name(side.stack[0].function).starts_with("pthread_"));
}

void find_atomic_patterns(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns) {
  const auto& a = cause.first;
  const auto& b = cause.second;
  const bool lifetime = std::any_of(patterns.begin(), patterns.end(), is_of_lifetime);
  const bool by_runtime = is_by_runtime(a) || is_by_runtime(b);
  if (a.atomic != b.atomic && a.op != "free" && b.op != "free" && !lifetime && !by_runtime) {
    const auto& plain = a.atomic ? b : a;
    patterns.push_back(
        {"mixed-atomic", "Atomic on one side only",
         fmt::format("{} uses the memory as plain data, the other side as an atomic. Both "
                     "sides have to.",
                     who(plain)),
         "", "01_lost_count"});
  }
  if (a.op == "free" || b.op == "free") return find_relaxed_count(cause, sources, patterns);
  auto names = relaxed_between(a, b, sources);
  // What the writer waits for before it writes again orders the other way.
  names.merge(relaxed_between(b, a, sources));
  if (names.empty()) return;
  const bool one = names.size() == 1;
  const auto name = fmt::format("{}", fmt::join(names, " and "));
  patterns.push_back(
      {"relaxed-publish", "Published through a relaxed atomic",
       fmt::format("Both functions use {} with std::memory_order_relaxed. A relaxed "
                   "atomic hands over its own value and nothing that was written before it.",
                   name),
       fmt::format("Store {} with memory_order_release and load {} with memory_order_acquire.",
                   name, one ? "it" : "them"),
       "13_relaxed_publish"});
}

// A bit-field that the line declares and the statement names.
std::string declared_bit_field(const std::string& line, std::string_view statement) {
  if (line.find("case ") != line.npos || line.find('?') != line.npos) return {};
  for (auto at = line.find(':'); at != line.npos; at = line.find(':', at + 1)) {
    const auto name_end = line.find_last_not_of(' ', at == 0 ? 0 : at - 1);
    const auto width = trim(std::string_view(line).substr(at + 1));
    if (width.empty() || !is_digit(width[0]) || name_end == line.npos) continue;
    auto begin = name_end + 1;
    while (begin > 0 && is_word(line[begin - 1])) --begin;
    auto type = begin;  // A name, and its type before it.
    while (type > 0 && is_space(line[type - 1])) --type;
    auto name = line.substr(begin, name_end + 1 - begin);
    const bool typed = type > 0 && type < begin && is_word(line[type - 1]);
    if (!name.empty() && typed && find_word(statement, name) != statement.npos) return name;
  }
  return {};
}

// The bit-field that the side's statement names: "open" where the file says "unsigned open : 1;".
std::string bit_field(const Side& side, const std::vector<std::string>& files, Sources& sources) {
  const auto line = side.own ? sources.line(side.file, side.line) : std::nullopt;
  if (!line) return {};
  const auto [statement, ambiguous] = code_of_side(side, *line);
  if (ambiguous) return {};
  std::string names;  // Several where no column tells which.
  for (const auto& file : files) {
    for (const auto& declaration : sources.lines(file)) {
      const auto name = declared_bit_field(declaration, statement);
      if (!name.empty()) names += (names.empty() ? "" : " or ") + name;
    }
  }
  return names;
}

void find_bit_fields(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns) {
  const auto files = related_files(cause, sources);
  const auto a = bit_field(cause.first, files, sources);
  const auto b = bit_field(cause.second, files, sources);
  if (a.empty() || b.empty()) return;
  patterns.push_back(
      {"bit-fields", "Bit-fields share their memory",
       a == b ? fmt::format("{} is a bit-field: to write it is to read and write all of the unit "
                            "that it is part of.",
                            a)
              : fmt::format("{} and {} are bit-fields: neighbours are one memory location, and to "
                            "write one is to read and write the other.",
                            a, b),
       "Give what other threads use a member of its own that is no bit-field, or hold one mutex "
       "around all the fields of the unit.",
       "", false, false});
}

// Whether a lambda's line names what raced as a variable: no member of anything, its own class's
// included.
bool names_captured(const Report& report, const Cause& cause, Sources& sources) {
  const auto name = cause.object.substr(cause.object.starts_with('*') ? 1 : 0);
  if (name.empty() || is_member_name(name)) return false;
  if (const auto declaration = find_declaration(report, cause, sources)) {
    constexpr int kReach = 400;
    const auto& lines = sources.lines(declaration->file);
    const auto head = function_around(lines, declaration->line, kReach).first;
    const auto text = sources.line(declaration->file, head).value_or("");
    const bool of_class = find_word(text, "class") != text.npos ||
                          find_word(text, "struct") != text.npos ||
                          find_word(text, "union") != text.npos;
    if (of_class && text.find('(') == text.npos) return false;
  }
  const auto parties = cause.parties();
  return std::any_of(parties.begin(), parties.end(), [&](const Side* side) {
    if (!side->own || !is_lambda(side->function)) return false;
    const auto code = code_of(sources.line(side->file, side->line).value_or(""));
    const auto at = find_word(code, name);
    return at != code.npos && (at == 0 || !is_selector(code, at - 1));
  });
}

// Whether the lambda that a side is in is given to a thread that is detached at once.
bool is_detached(const Cause& cause, Sources& sources) {
  constexpr int kReach = 60;
  const auto parties = cause.parties();
  return std::any_of(parties.begin(), parties.end(), [&](const Side* side) {
    if (!side->own || !is_lambda(side->function)) return false;
    const auto& lines = sources.lines(side->file);
    const auto [first, last] = function_around(lines, side->line, kReach);
    const auto text = [&](int line) {
      return code_of(sources.line(side->file, line).value_or(""));
    };
    return text(first).find("thread") != std::string::npos &&
           text(last).find("detach()") != std::string::npos;
  });
}

// "static char text[32];": one for all who call the function.
bool find_static_local(const Report& report, const Cause& cause, Sources& sources,
                       std::vector<Pattern>& patterns) {
  if (cause.object.find(")::") == std::string::npos) return false;
  const auto declaration = find_declaration(report, cause, sources);
  if (!declaration || find_word(declaration->text, "static") == std::string::npos) return false;
  const auto behind =
      std::string_view(declaration->text).substr(declaration->begin + declaration->size);
  if (!trim(behind).starts_with('[')) return false;
  patterns.push_back(
      {"static-buffer", "A static buffer that all callers share",
       fmt::format(
           "{} is static in its function: each call writes the one that earlier callers may "
           "still read.",
           cause.object),
       fmt::format("Return a value (std::string, std::array) or let the caller bring the buffer. "
                   "Where neither can be, make {} thread_local: a lock in the function does not "
                   "cover who reads what it returns.",
                   last_name(cause.object)),
       "08_escaped_reference", false, false});
  return true;
}

// Two threads at one line that indexes: each is to have a part of its own.
void find_overlap(const Cause& cause, Sources& sources, std::vector<Pattern>& patterns) {
  const auto& a = cause.first;
  const auto& b = cause.second;
  if (site(a) != site(b) || !a.own || a.frame != 0 || b.frame != 0 || a.thread == b.thread) return;
  if (!a.mutexes.empty() || !b.mutexes.empty() || a.atomic || b.atomic) return;
  const auto code = code_of(sources.line(a.file, a.line).value_or(""));
  auto accessed = accessed_at(code, a.column, a.op == "read");
  if (const auto written = assignments(code); a.column == 0 && written.size() == 1) {
    accessed = written[0];
  }
  if (!accessed || !accessed->element) return;
  const auto open = code.find('[', accessed->begin);
  if (open == code.npos || open + 1 >= code.size() || is_digit(code[open + 1])) return;
  patterns.push_back(
      {"overlapping-parts", "Two threads at one element",
       fmt::format("Both threads are at {}, and met on the same memory of {}.", place_label(a),
                   accessed->name),
       fmt::format(
           "If each thread is to have a part of {} of its own, mend where the parts begin and "
           "end: they overlap. If not:",
           accessed->name),
       "", true, true});
}

void find_shape_patterns(const Report& report, const Cause& cause, Sources& sources,
                         std::vector<Pattern>& patterns) {
  for (const auto& location : report.locations) {
    if (location.kind != "fd") continue;
    patterns.push_back(
        {"fd-race", "File descriptor shared",
         fmt::format("File descriptor {} was closed, or given away, while another thread used "
                     "it. Its number may name another file by then.",
                     location.name),
         "Let one thread own the descriptor, and join its users before it is closed.", ""});
  }
  find_bit_fields(cause, sources, patterns);
  if (!find_static_local(report, cause, sources, patterns)) {
    find_overlap(cause, sources, patterns);
  }
  for (const auto& location : report.locations) {
    if (location.kind != "tls") continue;
    const auto owner = location.thread == "main thread" ? "the main thread" : location.thread;
    patterns.push_back({"thread-local-shared", "A thread-local variable of another thread",
                        fmt::format("The memory is thread-local to {0}: another thread reached it "
                                    "through a pointer or a reference. It is gone when {0} ends.",
                                    owner),
                        "Hand over a copy; what is shared must not be thread_local.", ""});
  }
  for (const auto& location : report.locations) {
    if (location.kind != "stack" || !names_captured(report, cause, sources)) continue;
    patterns.push_back(
        {"shared-local", "A local variable shared with a lambda",
         fmt::format("{} is on the stack of {}; a lambda that runs on another thread reaches it by "
                     "reference or pointer.",
                     cause.object,
                     location.thread == "main thread" ? "the main thread" : location.thread),
         is_detached(cause, sources)
             ? "The thread is detached: nothing keeps the variable until it ends. Join it before "
               "the function returns; or let it own what it uses, a copy or a std::shared_ptr."
             : "Capture a copy, or hand the result back through a future.",
         "15_captured_by_reference"});
    break;
  }
}

// The mutexes that the function of a side takes before its line, in order, by the words in the
// brackets of its guards.
std::vector<std::string> taken_before(const Side& side, Sources& sources) {
  constexpr int kReach = 60;
  std::vector<std::string> taken;
  if (!side.own) return taken;
  const auto first = function_around(sources.lines(side.file), side.line, kReach).first;
  for (int line = std::max(first, 1); line <= side.line; ++line) {
    const auto code = code_of(sources.line(side.file, line).value_or(""));
    const auto close = code.rfind(')');
    const auto open = close == code.npos ? close : code.rfind('(', close);
    if (!takes_lock(code) || open == code.npos) continue;
    taken.emplace_back(trim(std::string_view(code).substr(open + 1, close - open - 1)));
  }
  return taken;
}

// A lock that all of a cycle's functions take before the two that the cycle is of.
void find_gate(const Report& report, const Cause& cause, Sources& sources,
               std::vector<Pattern>& patterns) {
  if (report.edges.size() != 2) return;
  const auto one = taken_before(cause.first, sources);
  const auto other = taken_before(cause.second, sources);
  if (one.size() < 3 || other.size() < 3 || one[0].empty() || one[0] != other[0]) return;
  patterns.push_back(
      {"gate", "A lock around both",
       fmt::format("Both functions take {} before the two. If that is one and the same mutex, they "
                   "never stand between the two at the same time, and cannot deadlock: "
                   "ThreadSanitizer looks at two mutexes at a time, and reports the order all the "
                   "same.",
                   one[0]),
       fmt::format("If {} is one mutex for all of them, suppress the report "
                   "(deadlock:{}); if not:",
                   one[0], function_label(cause.first)),
       "09_lock_order"});
}

}  // namespace

std::vector<Pattern> find_patterns(const Report& report, const Cause& cause, const Own& own,
                                   Sources& sources) {
  std::vector<Pattern> patterns;
  if (kind_has(report, "double lock") || kind_has(report, "read lock of a write locked")) {
    patterns.push_back(
        {"double-lock", "The same lock taken twice",
         fmt::format("{} took a lock that is held already.", function_label(cause.first)), "",
         "10_callback_under_lock"});
  }
  if (report.edges.size() > 2) {
    patterns.push_back(
        {"long-cycle", fmt::format("A circle of {} mutexes", report.edges.size()),
         fmt::format("No two of these {} places contradict each other: only all of them together "
                     "close the circle.",
                     report.edges.size()),
         "", "09_lock_order"});
  }
  find_gate(report, cause, sources, patterns);
  if (!is_race(report) || is_mixed(report)) return patterns;
  // What says most comes first: the first pattern with a scenario is the one to read up on.
  find_condition(cause, sources, patterns);
  find_lifetime_patterns(report, cause, sources, patterns);
  find_signal_handler(cause, patterns);
  find_atomic_patterns(cause, sources, patterns);
  find_double_checked(cause, sources, patterns);
  find_first_use(cause, sources, patterns);
  find_idioms(report, cause, sources, patterns);
  find_lock_patterns(report, cause, own, sources, patterns);
  find_shape_patterns(report, cause, sources, patterns);
  find_sleep(report, cause, own, sources, patterns);
  for (auto& pattern : patterns) {
    if (pattern.text.starts_with("the ")) pattern.text[0] = 'T';
  }
  return patterns;
}

}  // namespace lab::report
