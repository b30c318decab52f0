#include "drill/explore/story_names.h"

#include <algorithm>
#include <tuple>

namespace drill::explore {

std::string thread_name(int slot) { return slot == 0 ? "main" : "T" + std::to_string(slot); }

namespace {

constexpr int kSizeMax = 4096;  // Of one access, so many bytes are looked at.

bool is_access(const StepRecord& step) {
  return step.op == OpKind::kRead || step.op == OpKind::kWrite;
}

std::string fallback_name(ObjectKind kind, int number) {
  static constexpr const char* kNames[] = {"",       "thread", "mutex",   "lock",      "condition",
                                           "atomic", "once",   "barrier", "semaphore", "fence"};
  if (kind == ObjectKind::kNone) return "";
  return std::string(kNames[static_cast<std::size_t>(kind)]) + " " + std::to_string(number);
}

// A thread is known by its slot, which its address gives away.
std::string thread_at(Address address) {
  return thread_name(static_cast<int>(reinterpret_cast<const Thread*>(address) - threads.data()));
}

}  // namespace

StoryNames::StoryNames(const Report& report, const std::function<Call(const StepRecord&)>& call_of)
    : report_(report), cell_of_(static_cast<std::size_t>(report.step_count), -1) {
  name_objects(call_of);
  find_shared(call_of);
}

void StoryNames::name_objects(const std::function<Call(const StepRecord&)>& call_of) {
  std::map<std::pair<ObjectKind, int>, std::vector<std::string>> seen;
  std::map<std::tuple<std::string, int, std::string, OpKind>, std::string> known;
  for (int i = 0; i < report_.step_count; ++i) {
    const StepRecord& step = report_.steps[i];
    if (step.object_kind == ObjectKind::kNone) continue;
    const Call call = call_of(step);
    const auto [name, is_new] =
        known.try_emplace({call.own.file, call.own.line, call.callee.function, step.op});
    if (is_new) name->second = name_in_source(call, step.op);
    if (!name->second.empty()) seen[{step.object_kind, step.object}].push_back(name->second);
  }
  std::map<std::string, int> bearers;
  for (const auto& [object, names] : seen) {
    objects_[object] = common_name(names);
    ++bearers[objects_[object]];
  }
  std::map<std::string, int> numbered;
  for (auto& [object, name] : objects_) {
    if (name.empty() || bearers[name] == 1) continue;
    const int number = ++numbered[name];
    name += " #" + std::to_string(number);
  }
}

std::string StoryNames::of(ObjectKind kind, int number, Address address) const {
  if (kind == ObjectKind::kThread) return thread_at(address);
  const auto found = objects_.find({kind, number});
  return found != objects_.end() && !found->second.empty() ? found->second
                                                           : fallback_name(kind, number);
}

std::string StoryNames::of_step(int at) const {
  const StepRecord& step = report_.steps[at];
  if (!is_access(step)) return of(step.object_kind, step.object, step.address);
  const int cell = cell_of_[static_cast<std::size_t>(at)];
  return cell < 0 ? std::string() : cell_names_[static_cast<std::size_t>(cell)];
}

// Memory that is given back and handed out again is another cell. What the main thread does while
// it is alone is shared with nobody.
std::vector<StoryNames::Cell> StoryNames::cells() const {
  std::vector<Cell> all;
  std::map<Address, std::size_t> current;
  int alive = 0;
  for (int i = 0; i < report_.step_count; ++i) {
    const StepRecord& step = report_.steps[i];
    if (!step.blocked) alive += (step.op == OpKind::kCreate) - (step.op == OpKind::kExit);
    if (!is_access(step) || alive <= 0) continue;
    const int size = std::min(step.size, kSizeMax);
    const Address end = (step.address + static_cast<Address>(size) + 7) >> 3;
    for (Address at = step.address >> 3; at < end; ++at) {
      const auto [found, is_new] = current.try_emplace(at, all.size());
      if (is_new) all.emplace_back();
      Cell& cell = all[found->second];
      cell.several = cell.several || (cell.slot >= 0 && cell.slot != step.slot);
      cell.slot = step.slot;
      cell.written = cell.written || step.op == OpKind::kWrite;
      cell.accesses.push_back(i);
      if (step.frees) current.erase(at);
    }
  }
  return all;
}

void StoryNames::find_shared(const std::function<Call(const StepRecord&)>& call_of) {
  for (const Cell& cell : cells()) {
    if (!cell.several || !cell.written) continue;
    std::vector<Frame> places;
    for (const int at : cell.accesses) {
      Frame own = call_of(report_.steps[at]).own;
      if (own.line == 0) continue;
      if (cell_of_[static_cast<std::size_t>(at)] < 0) {
        cell_of_[static_cast<std::size_t>(at)] = static_cast<int>(cell_names_.size());
      }
      places.push_back(std::move(own));
    }
    cell_names_.push_back(name_of_accessed(places));
  }
}

}  // namespace drill::explore
