#include "lab/report/joining.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "lab/report/code.h"
#include "lab/report/groups.h"
#include "lab/report/identity.h"
#include "lab/report/names.h"

namespace lab::report {
namespace {

// A log of thousands of reports at one place is compared with so many of them, no more.
constexpr std::size_t kComparedMax = 200;

bool is_race(const Report& report) { return !report.fatal && !report.accesses.empty(); }

std::string unordered(std::string a, std::string b) {
  if (b < a) std::swap(a, b);
  return a + "\n" + b;
}

using Number = std::size_t;
using ByKey = std::map<std::string, std::vector<Number>>;

class Joining {
 public:
  Joining(const std::vector<Report>& reports, const std::vector<Pair>& pairs, const Own& own,
          Sources& sources)
      : reports_(reports),
        pairs_(pairs),
        own_(own),
        sources_(sources),
        classes_(sources),
        groups_(reports.size()),
        evidence_(reports.size()) {}

  std::vector<std::size_t> join(const std::vector<std::string>& keys) {
    std::vector<Number> races;
    for (Number i = 0; i < reports_.size(); ++i) {
      if (is_mixed(reports_[i])) continue;  // One of its own.
      if (!is_race(reports_[i])) {
        join_other(i);
        continue;
      }
      evidence_[i] = evidence_of(reports_[i], pairs_[i], keys[i], own_, classes_, sources_);
      races.push_back(i);
      if (!evidence_[i].global.empty()) globals_[meeting(i)].insert(evidence_[i].global);
    }
    for (const auto i : races) join_race(i);
    for (const auto& [key, numbers] : meetings_) join_meeting(numbers);
    for (const auto& [key, numbers] : writers_) join_meeting(numbers);
    for (const auto& [key, numbers] : lines_) join_lines(numbers);
    for (const auto& [key, numbers] : shared_) join_evident(numbers);
    for (const auto& [key, numbers] : ends_) join_ends(numbers);
    for (const auto& [key, numbers] : globals_of_) join_global(numbers);
    join_published(races);
    join_handed_over(races);
    std::vector<std::size_t> roots;
    for (Number i = 0; i < reports_.size(); ++i) roots.push_back(groups_.root(i));
    return roots;
  }

 private:
  // The two functions that meet, where both are of own code; else the two places.
  std::string meeting(Number i) const {
    const auto& [a, b] = evidence_[i].own() ? evidence_[i].functions : evidence_[i].places;
    return (evidence_[i].own() ? "functions\n" : "places\n") + unordered(a, b);
  }

  // What both held in their functions: the lock that one side took is missing on the other,
  // whatever it is that they use under it.
  void join_region(Number i) {
    const auto& [first, second] = evidence_[i].locks;
    if (evidence_[i].freed || !evidence_[i].own() || (first.empty() && second.empty())) return;
    const auto& [a, b] = evidence_[i].functions;
    groups_.join(i, "region\n" + unordered(a + "\nwith " + first, b + "\nwith " + second));
  }

  void join_race(Number i) {
    const auto& one = evidence_[i];
    const auto global = one.global.empty() ? "" : "\n" + one.global;
    const auto met = meeting(i);
    const auto raced = globals_.find(met);
    const bool several = raced != globals_.end() && raced->second.size() > 1;
    meetings_[several ? met + global : met].push_back(i);
    lines_[unordered(site(pairs_[i].first), site(pairs_[i].second))].push_back(i);
    join_region(i);
    if (!global.empty()) globals_of_[global].push_back(i);
    // Who met an allocation may have come by a pointer to what was there before: the new block is
    // none of his.
    if (!one.block.way.empty() && !one.allocated) {
      shared_["block\n" + one.block.way].push_back(i);
    }
    if (!one.end.empty()) ends_[one.end].push_back(i);
    const bool members = global.empty() && one.in_class();
    if (members && !one.object.empty()) {
      groups_.join(
          i, fmt::format("object\n{} {}\n{}", one.pair.first.file, one.scopes[0], one.object));
    }
    for (std::size_t at = 0; at < 2; ++at) {
      const auto& side = at == 0 ? one.pair.first : one.pair.second;
      if (!side.own || (one.allocated && side.op != "read")) continue;
      shared_["place\n" + one.places[at] + global].push_back(i);
      // One writer, whatever the members it writes: they change together, and want one guard.
      const bool fresh = one.block.maker == one.functions[at] && !one.block.elements;
      const bool writes = side.op != "read" && side.op != "free" && !fresh;
      if (writes && (members || one.functions[0] == one.functions[1])) {
        writers_[one.functions[at] + "\nwith " + one.locks[at] + "\nagainst " + one.locks[1 - at] +
                 global]
            .push_back(i);
      }
    }
  }

  // Where two functions meet under the same locks, or one writes: on one object, on other members
  // of the same memory, and on what the one object leads to.
  void join_meeting(const std::vector<Number>& numbers) {
    std::set<std::string> objects;
    for (const auto i : numbers) objects.insert(evidence_[i].object);
    objects.erase("");
    const bool single = objects.size() <= 1;
    join_where(numbers, [&](const Evidence& a, const Evidence& b) {
      if (is_same_object(a, b)) return true;
      if (!is_same_locking(a, b)) return false;
      if (are_members(a, b)) return true;
      if (a.object.empty() == b.object.empty()) {
        return a.object.empty() && are_alike(a, b) && !are_other_ends(a, b);
      }
      const auto& named = a.object.empty() ? b : a;
      const auto& other = a.object.empty() ? a : b;
      return made_by(named, other) || (single && leads_to(named, other) && !are_other_ends(a, b));
    });
  }

  // Of one piece of memory; on a stack there are many, which their names tell apart.
  static bool are_members(const Evidence& a, const Evidence& b) {
    if (a.memory != b.memory) return false;
    if (a.memory.empty()) {  // The report does not say: of one class, as its functions show.
      return a.member && b.member && a.in_class() && b.in_class() && a.scopes[0] == b.scopes[0];
    }
    const bool named = !a.object.empty() && !b.object.empty();
    return !named || !a.memory.starts_with("stack") || (a.member && b.member);
  }

  static bool share_place(const Evidence& a, const Evidence& b) {
    return a.places[0] == b.places[0] || a.places[1] == b.places[1] || a.places[0] == b.places[1] ||
           a.places[1] == b.places[0];
  }

  // Neither is named: one place, or nothing that tells them apart.
  static bool are_alike(const Evidence& a, const Evidence& b) {
    if (are_other_blocks(a, b) || (a.ended != b.ended && are_apart(a, b))) return false;
    return share_place(a, b) || a.memory.empty() || b.memory.empty();
  }

  // A container's own memory, which it made where it is used: "names_.push_back(name)".
  static bool made_by(const Evidence& container, const Evidence& contents) {
    const auto& way = contents.block.way;
    return contents.block.elements && (way.find(container.places[0] + "\n") != way.npos ||
                                       way.find(container.places[1] + "\n") != way.npos);
  }

  // Whether what has no name may be what the named one leads to: an object that ends, to who points
  // to it; elements, to their container.
  static bool leads_to(const Evidence& named, const Evidence& other) {
    if (other.ended) {
      return named.freed || named.writes_pointer ||
             (share_place(named, other) && !are_apart(named, other));
    }
    if (other.block.way.empty()) return may_be_same_memory(named, other);
    return other.block.elements && share_place(named, other);
  }

  // Two who free through one function, a pool's, and are met at two places by two uses.
  static bool are_other_ends(const Evidence& a, const Evidence& b) {
    if (!a.freed || !b.freed || a.in_class() || b.in_class()) return false;
    return a.end != b.end && a.places != b.places && a.ends == b.ends && a.ends < 2 &&
           a.places[1 - a.ends] != b.places[1 - b.ends];
  }

  // One ends an object, in as many steps as it has bases and members, and another is still in it.
  void join_ends(const std::vector<Number>& numbers) {
    for (Number n = 1; n < numbers.size() && n < kComparedMax; ++n) {
      for (Number m = 0; m < n; ++m) {
        const auto& [one, its_function] = user(numbers[m]);
        const auto& [other, others_function] = user(numbers[n]);
        if (passes(*one, others_function) || passes(*other, its_function)) {
          groups_.unite(numbers[m], numbers[n]);
        }
      }
    }
  }

  // Who uses what the other side ends.
  std::pair<const Side*, std::string> user(Number i) const {
    const auto& one = evidence_[i];
    return one.ends == 0 ? std::pair(&one.pair.second, one.functions[1])
                         : std::pair(&one.pair.first, one.functions[0]);
  }

  // Where the two lines are the same, whoever came to them.
  void join_lines(const std::vector<Number>& numbers) {
    join_where(numbers, [](const Evidence& a, const Evidence& b) {
      const bool apart = a.ended != b.ended && are_apart(a, b) && !(a.ended ? b : a).writes_pointer;
      // A global by its name, and its elements by the member's.
      const bool contents = (!a.global.empty() && a.pair.first.frame > 0 && b.block.elements) ||
                            (!b.global.empty() && b.pair.first.frame > 0 && a.block.elements);
      if (a.global.empty() != b.global.empty()) return contents;
      return a.global == b.global && !are_other_objects(a, b) && !are_other_blocks(a, b) && !apart;
    });
  }

  void join_global(const std::vector<Number>& numbers) { join_where(numbers, is_same_object); }

  static bool are_other_objects(const Evidence& a, const Evidence& b) {
    return !a.object.empty() && !b.object.empty() && a.object != b.object;
  }

  // Where one place or one allocation is all that they share.
  void join_evident(const std::vector<Number>& numbers) {
    join_where(numbers, [](const Evidence& a, const Evidence& b) {
      return is_same_object(a, b) || (is_same_memory(a, b) && !are_other_objects(a, b));
    });
  }

  template <class IsOne>
  void join_where(const std::vector<Number>& numbers, IsOne is_one) {
    std::vector<Number> compared;
    for (const auto i : numbers) {
      bool is_new = true;
      for (const auto other : compared) {
        if (other == i || !is_one(evidence_[other], evidence_[i])) continue;
        groups_.unite(other, i);
        is_new = is_new && (evidence_[other].object != evidence_[i].object ||
                            evidence_[other].memory != evidence_[i].memory ||
                            !is_same_memory(evidence_[other], evidence_[i]) ||
                            !is_same_locking(evidence_[other], evidence_[i]));
      }
      if (is_new && compared.size() < kComparedMax) compared.push_back(i);
    }
  }

  // The functions on the stack of the side, one of evidence_.
  const std::set<std::string>& functions_of(const Side& side) {
    const auto [known, is_new] = stacks_.try_emplace(&side);
    for (auto i = side.frame; is_new && i < side.stack.size(); ++i) {
      if (!own_.owns(side.stack[i])) continue;
      known->second.insert(identity(frame_alone(side, i), classes_, sources_));
    }
    return known->second;
  }

  bool passes(const Side& side, const std::string& function) {
    return functions_of(side).contains(function);
  }

  // A function makes something, and hands out a pointer to it: a reader who is not ordered after
  // it races on the pointer, and then on what it leads to.
  void join_published(const std::vector<Number>& races) {
    ByKey writers;  // By function, callers included: those that may be on such a pointer.
    for (const auto i : races) {
      const auto& one = evidence_[i];
      if (one.freed || !one.writes_pointer || one.pair.second.op != "read") continue;
      for (const auto& function : functions_of(one.pair.first)) writers[function].push_back(i);
    }
    for (const auto i : races) {
      const auto& one = evidence_[i];
      if (one.freed || one.pair.first.op != "write" || one.block.way.empty()) continue;
      join_made(i, writers);
    }
  }

  // Of what the report is on, how it was made, and so who may have handed it out.
  void join_made(Number i, const ByKey& writers) {
    for (const auto& location : reports_[i].locations) {
      if (location.kind != "heap") continue;
      const auto made = find_side("allocate", location.stack, own_, sources_);
      for (auto frame = made.frame; made.own && frame < made.stack.size(); ++frame) {
        if (!own_.owns(made.stack[frame])) continue;
        const auto maker = frame_alone(made, frame);
        const auto known = writers.find(identity(maker, classes_, sources_));
        if (known != writers.end()) join_made(i, maker, known->second);
      }
    }
  }

  void join_made(Number i, const Side& maker, const std::vector<Number>& writers) {
    std::vector<Number> fitting;
    for (Number n = 0; n < std::min(writers.size(), kComparedMax); ++n) {
      if (publishes(writers[n], i)) fitting.push_back(writers[n]);
    }
    // "pointer = new Thing": it is this one. Else the function must have handed out one thing only.
    const auto on_line = std::find_if(fitting.begin(), fitting.end(), [&](Number writer) {
      return evidence_[writer].places[0] == site(maker);
    });
    if (on_line != fitting.end()) fitting = {*on_line};
    // Who follows a pointer reads it on the same line, as often as not.
    const auto on_reading = [&](Number writer) {
      return evidence_[writer].places[1] == evidence_[i].places[1];
    };
    if (std::any_of(fitting.begin(), fitting.end(), on_reading)) {
      std::erase_if(fitting, [&](Number writer) { return !on_reading(writer); });
    }
    const bool single = std::all_of(fitting.begin(), fitting.end(), [&](Number writer) {
      return writer == fitting[0] || is_same_object(evidence_[writer], evidence_[fitting[0]]);
    });
    if (!single) return;
    for (const auto writer : fitting) groups_.unite(writer, i);
    // It is the new block, then, that was met.
    const auto others = shared_.find("block\n" + evidence_[i].block.way);
    if (!fitting.empty() && evidence_[i].allocated && others != shared_.end()) {
      groups_.unite(others->second.front(), i);
    }
  }

  // Whether who reads the pointer of the one is who reads the memory of the other, and the maker
  // held for both what he held, or made it before he took his lock.
  bool publishes(Number writer, Number made) {
    const auto& pointer = evidence_[writer];
    const auto& memory = evidence_[made];
    const bool held = memory.locks[0].empty() || memory.locks[0] == pointer.locks[0];
    if (writer == made || !held || is_same_memory(pointer, memory)) return false;
    if (pointer.block.way == memory.block.way) return false;
    // What leads to a container's elements is the container, which writes that itself.
    if (memory.block.elements &&
        (pointer.pair.first.frame == 0 || are_other_objects(pointer, memory) ||
         !(made_by(pointer, memory) || pointer.places[1] == memory.places[1]))) {
      return false;
    }
    if (passes(memory.pair.first, pointer.functions[0])) {
      return passes(pointer.pair.second, memory.functions[1]) ||
             passes(memory.pair.second, pointer.functions[1]) ||
             (pointer.functions[1] == memory.functions[1] && !memory.functions[1].empty()) ||
             gives_out(pointer, memory) || pointer.places[0] == memory.places[0];
    }
    // Made by who calls the one that hands it out, and reached where the pointer is read.
    const bool reached = is_same_call(pointer.pair.second, memory.pair.second) ||
                         (memory.block.elements && pointer.places[1] == memory.places[1] &&
                          pointer.locks[1] == memory.locks[1]);
    return reached && passes(pointer.pair.first, memory.functions[0]);
  }

  // Whether one function makes the thing and gives it out, and who asked it for that uses it:
  // "Registry::instance().add(user)".
  bool gives_out(const Evidence& pointer, const Evidence& memory) {
    const auto& asked = pointer.pair.second;
    if (!asked.own || pointer.functions[0] != pointer.functions[1]) return false;
    for (auto i = asked.frame + 1; i < asked.stack.size(); ++i) {
      if (!own_.owns(asked.stack[i])) continue;
      return passes(memory.pair.second, identity(frame_alone(asked, i), classes_, sources_));
    }
    return false;
  }

  // Whether both are in one call of the library: "return name_;", which copies a string's pointer
  // and then its characters.
  static bool is_same_call(const Side& a, const Side& b) {
    if (!a.own || !b.own || a.frame == 0 || b.frame == 0) return false;
    return site(a) == site(b) && a.column == b.column &&
           a.stack[a.frame - 1].function == b.stack[b.frame - 1].function;
  }

  // Users take an object from a container and give it back: where those who do that are not
  // ordered, neither are its users. Unless others use it, who never took it.
  void join_handed_over(const std::vector<Number>& races) {
    std::map<std::pair<Number, Number>, std::size_t> handed;  // Of a container's cause to another.
    std::map<Number, std::size_t> sizes;
    for (const auto i : races) ++sizes[groups_.root(i)];
    std::vector<Number> containers;
    for (const auto i : races) {
      const auto& one = evidence_[i];
      if (one.in_class() && !one.freed && containers.size() < kComparedMax) containers.push_back(i);
    }
    for (const auto i : races) {
      const auto& used = evidence_[i];
      const auto type = used.block.made_type();
      if (type.empty() || used.freed || used.in_class() || !used.locks[0].empty() ||
          !used.locks[1].empty()) {
        continue;
      }
      std::set<Number> by;
      for (const auto container : containers) {
        if (hands_over(evidence_[container], used, type)) by.insert(groups_.root(container));
      }
      for (const auto container : by) ++handed[{container, groups_.root(i)}];
    }
    for (const auto& [causes, count] : handed) {
      if (count == sizes[causes.second]) groups_.unite(causes.first, causes.second);
    }
  }

  bool hands_over(const Evidence& container, const Evidence& used, const std::string& type) {
    const auto holds = [&](const Side& side) {
      if (side.frame == 0) return false;
      const auto& call = side.stack[side.frame - 1].function;
      const auto at = find_word(call, type);
      return call.starts_with("std::") && at != call.npos && at > 0 && call[at - 1] == '<';
    };
    const auto& [a, b] = used.functions;
    const auto& first = container.pair.first;
    const auto& second = container.pair.second;
    return holds(first) && holds(second) &&
           ((passes(first, a) && passes(second, b)) || (passes(first, b) && passes(second, a)));
  }

  // Reports of locks: the same functions lock in the same two orders, or misuse at the same place.
  void join_other(Number i) {
    const auto& report = reports_[i];
    const auto& first = pairs_[i].first;
    const auto& second = pairs_[i].second;
    if (!report.edges.empty()) {
      // Lambdas of one function have no names to tell them by.
      const bool named = !is_lambda(first.function) && !is_lambda(second.function);
      const auto order = named ? unordered(identity(first, classes_, sources_),
                                           identity(second, classes_, sources_))
                               : unordered(site(first), site(second));
      groups_.join(i, "order\n" + order);
      return;
    }
    groups_.join(i, report.kind + "\n" + site(first));
    // To unlock a mutex that is gone is to unlock one that nobody holds, too.
    if (report.mutexes.size() == 1 && report.mutexes[0].address != 0) {
      groups_.join(i, fmt::format("mutex {:#x}\n{}", report.mutexes[0].address, site(first)));
    }
  }

  const std::vector<Report>& reports_;
  const std::vector<Pair>& pairs_;
  const Own& own_;
  Sources& sources_;
  Classes classes_;
  Groups groups_;
  std::vector<Evidence> evidence_;                        // Of races.
  std::map<const Side*, std::set<std::string>> stacks_;   // The functions on each of its stacks.
  std::map<std::string, std::set<std::string>> globals_;  // That two functions meet on.
  ByKey meetings_;                                        // Where the same two functions meet.
  ByKey lines_;                                           // Where the same two lines meet.
  ByKey ends_;                                            // Where one way ends what they are on.
  ByKey globals_of_;                                      // On one global.
  ByKey writers_;                                         // What one function writes.
  ByKey shared_;  // Where one place, or one allocation, is the same.
};

}  // namespace

std::vector<std::size_t> join_reports(const std::vector<Report>& reports,
                                      const std::vector<Pair>& pairs,
                                      const std::vector<std::string>& keys, const Own& own,
                                      Sources& sources) {
  return Joining(reports, pairs, own, sources).join(keys);
}

}  // namespace lab::report
