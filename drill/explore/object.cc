#include "drill/explore/object.h"

#include <algorithm>

#include "drill/explore/findings.h"

namespace drill::explore {
namespace {

// Open addressing; an entry of an earlier schedule is free, so that nothing need be cleared
// between schedules.
constexpr std::size_t kObjectsMax = std::size_t{1} << 14;
Object objects[kObjectsMax];
std::array<int, 16> used_of_kind{};
std::size_t used = 0;
std::uint32_t current_session = 0;

std::size_t place(Address address) {
  return (address >> 2) * 0x9E3779B97F4A7C15U >> 40 & (kObjectsMax - 1);
}

// Where the object at `address` is or would be.
Object& seek(Address address) {
  std::size_t at = place(address);
  while (objects[at].session == current_session && objects[at].address != address) {
    at = (at + 1) & (kObjectsMax - 1);
  }
  return objects[at];
}

void renew(Object& object, Address address, ObjectKind kind) {
  object.address = address;
  object.kind = kind;
  object.session = current_session;
  object.owner = -1;
  object.depth = object.tokens = object.version = 0;
  object.readers = object.waiters = 0;
  object.wakeups.clear();
  object.number = ++used_of_kind[static_cast<std::size_t>(kind)];
  object.released.clear();
  object.released_by_readers.clear();
}

void link(Object& one, Object* other) {
  if (other == nullptr || other->kind != ObjectKind::kAtomic) return;
  auto& known = one.overlaps;
  if (std::find(known.begin(), known.end(), other) != known.end()) return;
  known.push_back(other);
  other->overlaps.push_back(&one);
}

void find_overlaps(Object& object) {
  constexpr std::uint32_t kWidest = 16;
  for (std::uint32_t offset = 1; offset < kWidest; ++offset) {
    if (offset < object.size) link(object, find_object(object.address + offset));
    Object* before = find_object(object.address - offset);
    if (before != nullptr && before->size > offset) link(object, before);
  }
}

}  // namespace

Object& object_at(Address address, ObjectKind kind) {
  Object& object = seek(address);
  if (object.session != current_session) {
    if (used == kObjectsMax / 2) {
      conclude(Outcome::kUnsupported, "a schedule uses more synchronisation objects than fit");
    }
    object.index = static_cast<int>(used++);
    object.overlaps.clear();
    object.size = 0;
    renew(object, address, kind);
  } else if (object.kind != kind) {
    renew(object, address, kind);
  }
  return object;
}

Object& atomic_at(Address address, std::uint32_t size) {
  Object& object = object_at(address, ObjectKind::kAtomic);
  if (object.size >= size) return object;
  const PassThrough pass_through;
  object.size = size;
  find_overlaps(object);
  return object;
}

Object* find_object(Address address) {
  Object& object = seek(address);
  return object.session == current_session && object.kind != ObjectKind::kNone ? &object : nullptr;
}

void forget_object(Address address) {
  // The entry stays, since others may have been placed beyond it.
  if (Object* object = find_object(address)) object->kind = ObjectKind::kNone;
}

void begin_objects(std::uint32_t session) {
  current_session = session;
  used = 0;
  used_of_kind.fill(0);
}

int objects_used() { return static_cast<int>(used); }
int objects_of(ObjectKind kind) { return used_of_kind[static_cast<std::size_t>(kind)]; }

}  // namespace drill::explore
