#include "drill/explore/story.h"

#include <algorithm>
#include <map>
#include <set>

#include "drill/explore/object_names.h"
#include "drill/explore/story_names.h"
#include "drill/explore/symbols.h"
#include "drill/explore/verdict.h"

namespace drill::explore {
namespace {

using Json = nlohmann::json;

// Of a schedule that does not end, the beginning and the end are told.
constexpr int kStepsFirst = 500;
constexpr int kStepsLast = 1500;

bool is_access(const StepRecord& step) {
  return step.op == OpKind::kRead || step.op == OpKind::kWrite;
}

class Story {
 public:
  explicit Story(const Report& report)
      : report_(report),
        frames_(symbolize(addresses())),
        names_(report,
               [this](const StepRecord& step) { return call_at(step.frames, step.frame_count); }) {}

  Json tell() const {
    Json story{{"message", message()}, {"sides", Json::array()}, {"steps", Json::array()}};
    if (lost_wake_up()) story["kind"] = "lost wake-up";
    for (int i = 0; i < report_.side_count; ++i) story["sides"].push_back(side(report_.sides[i]));
    std::set<std::string> line;  // What has been told of one line's accesses to one thing.
    for (int i = 0; i < report_.step_count; ++i) {
      if (i == kStepsFirst && report_.step_count > kStepsFirst + kStepsLast) {
        i = report_.step_count - kStepsLast;
      }
      const StepRecord& now = report_.steps[i];
      if (is_access(now) && !names_.is_shared(i)) continue;
      Json told = step(i);
      if (!is_access(now) || (!line.empty() && story["steps"].back()["line"] != told["line"])) {
        line.clear();
      }
      if (is_access(now) && !line.insert(told.dump()).second) continue;
      story["steps"].push_back(std::move(told));
    }
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

  // The innermost frame that the user has written, or none, and what it calls.
  Call call_at(const Address* frames, int count) const {
    const auto all = stack(frames, count);
    auto own = std::find_if(all.begin(), all.end(), is_users);
    if (own == all.end()) return {};
    const auto written = std::find_if(
        own, all.end(), [](const Frame& frame) { return is_users(frame) && !is_compilers(frame); });
    // What the compiler's function does, the line that it stands for does.
    if (written != all.end() && written != own) return {*written, {}};
    return {*own, own == all.begin() ? Frame{} : *std::prev(own)};
  }

  Json step(int at) const {
    const StepRecord& step = report_.steps[at];
    const auto [own, callee] = call_at(step.frames, step.frame_count);
    std::string op = name_of(step.op);
    if (step.timed_out) op += " (timed out)";
    if (step.woken_by_none) op += " (by itself)";
    if (step.frees) op = "free";
    Json json{{"thread", thread_name(step.slot)},
              {"op", op},
              {"object", names_.of_step(at)},
              {"file", own.file},
              {"line", own.line},
              {"function", own.function}};
    if (step.blocked) json["blocked"] = true;
    if (step.preempts) json["preempts"] = true;
    // Part of something larger that the line calls.
    if (!callee.function.empty() && !is_direct({own, callee}, step.op)) {
      json["within"] = callee.function;
    }
    return json;
  }

  std::string operation(const SideRecord& side) const {
    if (side.crashes) return "ends the program";
    if (side.access == 0) return name_of(side.op);
    if (side.frees) return "free";
    return std::string(side.atomic ? "atomic " : "") + (side.write ? "write" : "read");
  }

  // Where the thread took a lock that it still holds.
  Json taken_at(const SideRecord& side, const LockRecord& lock) const {
    for (int i = report_.step_count; i-- > 0;) {
      const StepRecord& step = report_.steps[i];
      const bool takes = step.op >= OpKind::kLock && step.op <= OpKind::kTimedWriteLock &&
                         step.op != OpKind::kUnlock && !step.blocked;
      if (!takes || step.slot != side.slot || step.address != lock.address) continue;
      const Frame own = call_at(step.frames, step.frame_count).own;
      return {{"file", own.file}, {"line", own.line}};
    }
    return {{"file", ""}, {"line", 0}};
  }

  Json side(const SideRecord& side) const {
    const Frame own = call_at(side.frames, side.frame_count).own;
    Json frames = Json::array();
    for (const Frame& frame : stack(side.frames, side.frame_count)) {
      frames.push_back({{"function", frame.function}, {"file", frame.file}, {"line", frame.line}});
    }
    Json mutexes = Json::array();
    Json locks = Json::array();
    for (int i = 0; i < side.lock_count; ++i) {
      const LockRecord& lock = side.locks[i];
      mutexes.push_back(names_.of(lock.kind, lock.number, lock.address));
      locks.push_back(taken_at(side, lock));
      locks.back().update({{"name", mutexes.back()}, {"shared", !lock.write}});
    }
    Json json{{"op", operation(side)},
              {"function", own.function},
              {"file", own.file},
              {"line", own.line},
              {"thread", thread_name(side.slot)},
              {"mutexes", std::move(mutexes)},
              {"locks", std::move(locks)},
              {"frames", std::move(frames)}};
    if (side.object_kind != ObjectKind::kNone) {
      json["object"] = names_.of(side.object_kind, side.object, side.address);
      json["holder"] = side.holder < 0 ? "" : thread_name(side.holder);
      if (side.holder_has_ended) json["holder_has_ended"] = true;
    }
    if (side.access != 0) json["object"] = accessed();
    return json;
  }

  // What both accesses of a race are to.
  std::string accessed() const {
    std::vector<Frame> places;
    for (int i = 0; i < report_.side_count; ++i) {
      const SideRecord& side = report_.sides[i];
      const Frame own = call_at(side.frames, side.frame_count).own;
      if (side.access != 0 && own.line > 0) places.push_back(own);
    }
    return name_of_accessed(places);
  }

  std::string message() const {
    if (report_.message[0] != '\0') return report_.message;
    switch (report_.outcome) {
      case Outcome::kRace:
        return "data race: nothing orders these two accesses";
      case Outcome::kUseAfterFree:
        return "use after free";
      case Outcome::kDeadlock:
      case Outcome::kStandstill:
        return deadlock_message();
      case Outcome::kLivelock:
        return "threads run on, and nobody has changed anything for " +
               std::to_string(limits.steps / 2) + " steps";
      case Outcome::kTooLong:
        return "still running after " + std::to_string(limits.steps) + " steps";
      default:
        return "";
    }
  }

  // Somebody waits to be notified who has been, too early: nobody waited then.
  bool lost_wake_up() const {
    if (report_.outcome != Outcome::kDeadlock || test_has_ended()) return false;
    return std::any_of(report_.sides, report_.sides + report_.side_count,
                       [this](const SideRecord& side) {
                         return side.op == OpKind::kWakeUp && was_notified(side.address);
                       });
  }

  // It waits for threads that it has left running.
  bool test_has_ended() const {
    return std::any_of(report_.sides, report_.sides + report_.side_count,
                       [](const SideRecord& side) { return side.op == OpKind::kExit; });
  }

  // Since the drill began: what the test does alone wakes nobody, and is not meant to.
  bool was_notified(Address condition) const {
    const auto end = report_.steps + report_.step_count;
    const auto began =
        std::find_if(report_.steps, end, [](const StepRecord& step) { return step.slot != 0; });
    return std::any_of(began, end, [condition](const StepRecord& step) {
      const bool notifies = step.op == OpKind::kSignal || step.op == OpKind::kBroadcast;
      return notifies && step.address == condition;
    });
  }

  std::string deadlock_message() const {
    std::string text = "no thread can run";
    if (report_.standstill_s > 0) text += " for " + std::to_string(report_.standstill_s) + " s";
    text += ":";
    for (int i = 0; i < report_.side_count; ++i) {
      const SideRecord& side = report_.sides[i];
      const auto object = names_.of(side.object_kind, side.object, side.address);
      text += std::string(i == 0 ? " " : "; ") + thread_name(side.slot);
      if (side.op == OpKind::kExit) {
        text += " has ended the test";
      } else if (side.object_kind == ObjectKind::kThread) {
        text += " waits for the end of " + object;
      } else if (side.op == OpKind::kSleep) {
        text += " sleeps";
      } else {
        text += " waits for " + object;
        if (side.holder >= 0) {
          text += ", which " + thread_name(side.holder) +
                  (side.holder_has_ended ? " never gave back" : " holds");
        }
        if (side.op == OpKind::kWakeUp || side.op == OpKind::kFutexWakeUp) {
          text += was_notified(side.address) ? ", which was notified before"
                                             : ", which nobody notifies";
        }
      }
    }
    return text;
  }

  const Report& report_;
  std::map<Address, std::vector<Frame>> frames_;
  StoryNames names_;
};

}  // namespace

nlohmann::json tell(const Report& report) { return Story(report).tell(); }

}  // namespace drill::explore
