#include "drill/explore/story.h"

#include <algorithm>
#include <map>

#include "drill/explore/object_names.h"
#include "drill/explore/symbols.h"
#include "drill/explore/verdict.h"

namespace drill::explore {
namespace {

using Json = nlohmann::json;

std::string thread_name(int slot) { return slot == 0 ? "main" : "T" + std::to_string(slot); }

class Story {
 public:
  explicit Story(const Report& report) : report_(report), frames_(symbolize(addresses())) {
    for (int i = 0; i < report.step_count; ++i) note_object(report.steps[i]);
  }

  Json tell() const {
    Json story{{"message", message()}, {"sides", Json::array()}, {"steps", Json::array()}};
    for (int i = 0; i < report_.side_count; ++i) story["sides"].push_back(side(report_.sides[i]));
    for (int i = 0; i < report_.step_count; ++i) story["steps"].push_back(step(report_.steps[i]));
    return story;
  }

 private:
  std::vector<Address> addresses() const {
    std::vector<Address> all;
    for (int i = 0; i < report_.side_count; ++i) {
      const SideRecord& side = report_.sides[i];
      all.insert(all.end(), side.frames, side.frames + side.frame_count);
    }
    for (int i = 0; i < report_.step_count; ++i) {
      const StepRecord& step = report_.steps[i];
      all.insert(all.end(), step.frames, step.frames + step.frame_count);
    }
    return all;
  }

  std::vector<Frame> stack(const Address* frames, int count) const {
    std::vector<Frame> result;
    for (int i = 0; i < count; ++i) {
      const auto found = frames_.find(frames[i]);
      if (found == frames_.end()) continue;
      result.insert(result.end(), found->second.begin(), found->second.end());
    }
    return result;
  }

  // The innermost frame in the user's own code, or none.
  Frame own_frame(const Address* frames, int count) const {
    const auto all = stack(frames, count);
    const auto own = std::find_if(all.begin(), all.end(), is_users);
    return own == all.end() ? Frame{} : *own;
  }

  void note_object(const StepRecord& step) {
    auto& name = names_[{step.object_kind, step.object}];
    if (!name.empty() || step.object_kind == ObjectKind::kNone) return;
    name = name_in_source(own_frame(step.frames, step.frame_count), step.op);
  }

  std::string object_name(ObjectKind kind, int number) const {
    const auto found = names_.find({kind, number});
    if (found != names_.end() && !found->second.empty()) return found->second;
    return fallback_name(kind, number);
  }

  // A thread is known by its slot, which its address gives away.
  static std::string fallback_name(ObjectKind kind, int number) {
    static constexpr const char* kNames[] = {"",          "thread", "mutex", "lock",
                                             "condition", "atomic", "once",  "barrier",
                                             "semaphore", "fence"};
    if (kind == ObjectKind::kNone) return "";
    return std::string(kNames[static_cast<std::size_t>(kind)]) + " " + std::to_string(number);
  }

  static std::string thread_at(Address address) {
    return thread_name(static_cast<int>(reinterpret_cast<const Thread*>(address) - threads.data()));
  }

  std::string object_of(ObjectKind kind, int number, Address address) const {
    return kind == ObjectKind::kThread ? thread_at(address) : object_name(kind, number);
  }

  Json step(const StepRecord& step) const {
    const Frame own = own_frame(step.frames, step.frame_count);
    return {
        {"thread", thread_name(step.slot)},
        {"op", step.timed_out ? std::string(name_of(step.op)) + " (timed out)" : name_of(step.op)},
        {"object", object_of(step.object_kind, step.object, step.address)},
        {"file", own.file},
        {"line", own.line},
        {"function", own.function}};
  }

  std::string operation(const SideRecord& side) const {
    if (side.access == 0) return name_of(side.op);
    if (side.frees) return "free";
    return std::string(side.atomic ? "atomic " : "") + (side.write ? "write" : "read");
  }

  Json side(const SideRecord& side) const {
    const Frame own = own_frame(side.frames, side.frame_count);
    Json frames = Json::array();
    for (const Frame& frame : stack(side.frames, side.frame_count)) {
      frames.push_back({{"function", frame.function}, {"file", frame.file}, {"line", frame.line}});
    }
    Json locks = Json::array();
    for (int i = 0; i < side.lock_count; ++i) {
      const LockRecord& lock = side.locks[i];
      locks.push_back(object_of(lock.kind, lock.number, lock.address));
    }
    Json json{{"op", operation(side)},
              {"function", own.function},
              {"file", own.file},
              {"line", own.line},
              {"thread", thread_name(side.slot)},
              {"mutexes", std::move(locks)},
              {"frames", std::move(frames)}};
    if (side.object_kind != ObjectKind::kNone) {
      json["object"] = object_of(side.object_kind, side.object, side.address);
      json["holder"] = side.holder < 0 ? "" : thread_name(side.holder);
    }
    return json;
  }

  std::string message() const {
    if (report_.message[0] != '\0') return report_.message;
    switch (report_.outcome) {
      case Outcome::kRace:
        return "data race: nothing orders these two accesses";
      case Outcome::kUseAfterFree:
        return "use after free";
      case Outcome::kDeadlock:
        return deadlock_message();
      case Outcome::kLivelock:
        return "threads run without end, and nobody has changed anything for " +
               std::to_string(limits.steps / 2) + " steps";
      case Outcome::kTooLong:
        return "still running after " + std::to_string(limits.steps) + " steps";
      default:
        return "";
    }
  }

  std::string deadlock_message() const {
    std::string text = "no thread can run:";
    for (int i = 0; i < report_.side_count; ++i) {
      const SideRecord& side = report_.sides[i];
      const auto object = object_of(side.object_kind, side.object, side.address);
      text += std::string(i == 0 ? " " : "; ") + thread_name(side.slot);
      if (side.object_kind == ObjectKind::kThread) {
        text += " waits for the end of " + object;
      } else {
        text += " waits for " + object;
        if (side.holder >= 0) text += ", which " + thread_name(side.holder) + " holds";
        if (side.op == OpKind::kWakeUp || side.op == OpKind::kFutexWakeUp) {
          text += ", which nobody notifies";
        }
      }
    }
    return text;
  }

  const Report& report_;
  std::map<Address, std::vector<Frame>> frames_;
  std::map<std::pair<ObjectKind, int>, std::string> names_;
};

}  // namespace

nlohmann::json tell(const Report& report) { return Story(report).tell(); }

}  // namespace drill::explore
