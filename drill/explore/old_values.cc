#include "drill/explore/old_values.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "drill/explore/scheduler.h"

namespace drill::explore {
namespace {

// Of one atomic: the last values, latest last.
struct History {
  static constexpr int kValuesMax = 5;
  std::array<OldValue, kValuesMax> values;
  int count = 0;
  std::size_t size = 0;  // Of each, in bytes.

  // Else what is there was written otherwise: an object made anew, whose past counts no more.
  bool goes_on_from(const void* value, std::size_t bytes) {
    if (count > 0 && (bytes != size || std::memcmp(latest().bytes, value, bytes) != 0)) count = 0;
    return count > 0;
  }
  OldValue& latest() { return values[static_cast<std::size_t>(count - 1)]; }
  OldValue& add() {
    if (count == kValuesMax) {
      std::rotate(values.begin(), values.begin() + 1, values.end());
      --count;
    }
    OldValue& value = values[static_cast<std::size_t>(count++)];
    value.released.clear();
    value.read_by.clear();
    return value;
  }
};

std::vector<std::unique_ptr<History>> histories;  // Those in use first; used again.
std::size_t in_use = 0;
std::vector<int> history_of;  // By the object's index; -1: it has none.

History* find(const Object& object) {
  const auto index = static_cast<std::size_t>(object.index);
  if (index >= history_of.size() || history_of[index] < 0) return nullptr;
  return histories[static_cast<std::size_t>(history_of[index])].get();
}

History& make(const Object& object) {
  const PassThrough pass_through;
  const auto index = static_cast<std::size_t>(object.index);
  if (index >= history_of.size()) history_of.resize(index + 1, -1);
  if (in_use == histories.size()) histories.push_back(std::make_unique<History>());
  history_of[index] = static_cast<int>(in_use);
  History& history = *histories[in_use++];
  history.count = 0;
  return history;
}

bool happens_before(int slot, std::uint32_t time, const Thread& thread) {
  return slot < 0 || slot == thread.slot || time <= thread.clock[slot];
}

bool is_known_to(const OldValue& value, const Thread& thread) {
  if (happens_before(value.slot, value.time, thread)) return true;
  for (int slot = 0; slot < slots_in_use; ++slot) {
    const auto read = value.read_by[slot];
    if (read != 0 && happens_before(slot, read, thread)) return true;
  }
  return false;
}

// A sequentially consistent fence.
struct Fence {
  int slot;
  std::uint32_t time;  // Its thread's clock.
  std::uint32_t step;
};
std::vector<Fence> fences;

bool is_fenced_off(const OldValue& value, const Thread& thread, bool sequential) {
  if (sequential && value.sequential) return true;
  return std::any_of(fences.begin(), fences.end(), [&](const Fence& fence) {
    return fence.step >= value.step &&
           (sequential || happens_before(fence.slot, fence.time, thread));
  });
}

}  // namespace

void note_stored(Object& object, const Thread& thread, const void* before, const void* after,
                 std::size_t size, bool sequential) {
  History* history = find(object);
  if (history == nullptr) history = &make(object);
  if (!history->goes_on_from(before, size)) {
    history->size = size;
    OldValue& first = history->add();
    std::memcpy(first.bytes, before, size);
    first.slot = -1;
    first.time = first.step = 0;
    first.sequential = false;
  }
  history->latest().released = object.released;
  OldValue& stored = history->add();
  std::memcpy(stored.bytes, after, size);
  stored.slot = thread.slot;
  stored.time = thread.clock[thread.slot];
  stored.step = step();
  stored.sequential = sequential;
}

void note_latest_read(const Object& object, const Thread& thread, bool sequential) {
  History* history = find(object);
  if (history != nullptr && history->count > 0) note_read(history->latest(), thread, sequential);
}

OldValue* older_than(const void* latest, const Object& object, const Thread& thread,
                     std::size_t size, bool sequential) {
  History* history = find(object);
  if (history == nullptr || !history->goes_on_from(latest, size)) return nullptr;
  if (!object.overlaps.empty()) return nullptr;
  OldValue* oldest = nullptr;
  for (int i = history->count; i-- > 1;) {
    const OldValue& newer = history->values[static_cast<std::size_t>(i)];
    if (is_known_to(newer, thread) || is_fenced_off(newer, thread, sequential)) break;
    OldValue& older = history->values[static_cast<std::size_t>(i - 1)];
    if (std::memcmp(older.bytes, latest, size) != 0) oldest = &older;
  }
  return oldest;
}

void note_read(OldValue& value, const Thread& thread, bool sequential) {
  value.sequential |= sequential;
  if (value.read_by[thread.slot] == 0) {
    value.read_by.set(thread.slot, thread.clock[thread.slot]);
  }
}

void note_fence(const Thread& thread) {
  const PassThrough pass_through;
  fences.push_back({thread.slot, thread.clock[thread.slot], step()});
}

void begin_old_values() {
  fences.clear();
  in_use = 0;
  history_of.clear();
}

}  // namespace drill::explore
