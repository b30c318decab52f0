#include "drill/explore/shadow.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <vector>

#include "drill/explore/findings.h"
#include "drill/explore/trace.h"

namespace drill::explore {
namespace {

// One access that a later one may race with. Passed by value, to stay in registers: to store it in
// parts and copy it as a whole would stall each time.
struct Seen {
  std::uint32_t clock;   // The thread's own time when it was made.
  std::uint32_t access;  // Its number in the thread.
  std::uint8_t slot;
  std::uint8_t bytes;  // Bit a byte of the cell.
  bool write, atomic, frees;
};

// What is remembered of eight bytes. Accesses that a newer one stands in for are forgotten (see
// supersedes), so that few remain: a chain of accesses in happens-before order leaves one.
struct Cell {
  static constexpr int kInline = 3;
  std::uint32_t session = 0;  // Of an earlier schedule: it counts as empty.
  std::uint8_t count = 0;
  Seen seen[kInline];
  std::vector<Seen>* more = nullptr;  // Beyond those; kept for reuse.
};

constexpr int kCellsInPage = 512;  // Of 4,096 bytes of memory.
struct Page {
  Address number = 0;
  Cell* cells = nullptr;
};

// Pages of memory that have ever been accessed, by open addressing; a page stays for the process.
constexpr std::size_t kPagesMax = std::size_t{1} << 16;
Page pages[kPagesMax];
std::size_t pages_used = 0;
// Those looked up last: a thread goes to and fro between its stack, the heap and its globals. The
// stacks lie at like distances, so that the low bits of a page's number do not tell them apart.
constexpr std::size_t kRecent = 256;
std::array<Page, kRecent> recent{};

Cell* new_cells() {
  constexpr std::size_t kSize = kCellsInPage * sizeof(Cell);
  void* memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED || ++pages_used > kPagesMax / 2) {
    conclude(Outcome::kUnsupported, "the test touches more memory than the explorer can watch");
  }
  return static_cast<Cell*>(memory);
}

Cell& cell_of(Address address) {
  const Address number = address >> 12;
  Page& page = recent[number * 0x9E3779B97F4A7C15U >> 56];
  if (page.number != number) {
    std::size_t at = number * 0x9E3779B97F4A7C15U >> 48 & (kPagesMax - 1);
    while (pages[at].cells != nullptr && pages[at].number != number)
      at = (at + 1) & (kPagesMax - 1);
    if (pages[at].cells == nullptr) pages[at] = {number, new_cells()};
    page = pages[at];
  }
  return page.cells[address >> 3 & (kCellsInPage - 1)];
}

void complete_side(SideRecord& side, Seen seen) {
  side.access = seen.access;
  side.write = seen.write;
  side.atomic = seen.atomic;
  side.frees = seen.frees;
}

[[noreturn]] void conclude_race(Thread& thread, Seen now, Seen then, const Access& access) {
  report->side_count = 2;
  SideRecord& first = report->sides[0];
  // A replay has looked out for the earlier access and left its stack at the end of the sides.
  SideRecord& found = report->sides[Report::kSidesMax - 1];
  if (found.access == then.access && found.slot == then.slot) first = found;
  first.slot = then.slot;
  complete_side(first, then);
  SideRecord& second = report->sides[1];
  note_standing(thread);
  describe(second, thread, access.pc);
  complete_side(second, now);
  first.address = second.address = access.address;
  first.size = second.size = static_cast<std::uint8_t>(std::min<std::size_t>(access.size, 255));
  const bool gone = then.frees && then.clock <= thread.clock[then.slot];
  conclude(gone || now.frees || then.frees ? Outcome::kUseAfterFree : Outcome::kRace, "");
}

bool conflict(Seen now, Seen then) {
  return (now.bytes & then.bytes) != 0 && (now.write || then.write) && !(now.atomic && then.atomic);
}

// Whatever races with `then` from now on races with `now` as well, so `then` can be forgotten.
// It is ordered before `now`. (FastTrack, section 3; here a byte set at a time.)
bool supersedes(Seen now, Seen then) {
  return (then.bytes & ~now.bytes) == 0 && (now.write || !then.write) &&
         (!now.atomic || then.atomic) && !then.frees;
}

[[gnu::noinline]] void remember_beyond(Cell& cell, Seen now) {
  const PassThrough pass_through;
  if (cell.more == nullptr) cell.more = new std::vector<Seen>;
  if (cell.count == Cell::kInline) cell.more->clear();
  cell.more->push_back(now);
  ++cell.count;
}

void remember(Cell& cell, Seen now) {
  if (cell.count >= Cell::kInline) return remember_beyond(cell, now);
  cell.seen[cell.count++] = now;
}

Seen& seen_at(Cell& cell, int at) {
  return at < Cell::kInline ? cell.seen[at]
                            : (*cell.more)[static_cast<std::size_t>(at - Cell::kInline)];
}

// The access that was made last, once more, as in a loop: no clock has moved since.
bool is_repeated(Cell& cell, Seen now) {
  Seen& then = cell.seen[0];
  if (cell.session != session() || cell.count != 1 || then.clock != now.clock ||
      then.slot != now.slot || then.bytes != now.bytes || then.write != now.write ||
      then.atomic != now.atomic || then.frees || now.frees) {
    return false;
  }
  then.access = now.access;
  return true;
}

void check_cell(Thread& thread, Cell& cell, Seen now, const Access& access) {
  if (cell.session != session()) {
    cell.session = session();
    cell.count = 0;
  }
  int kept = 0;
  for (int i = 0; i < cell.count; ++i) {
    const Seen then = seen_at(cell, i);
    const bool ordered = then.slot == thread.slot || then.clock <= thread.clock[then.slot];
    if (!ordered && conflict(now, then)) conclude_race(thread, now, then, access);
    if (then.frees && (now.bytes & then.bytes) != 0) conclude_race(thread, now, then, access);
    if (ordered && supersedes(now, then)) continue;
    if (kept != i) seen_at(cell, kept) = then;
    ++kept;
  }
  if (kept > Cell::kInline) cell.more->resize(static_cast<std::size_t>(kept - Cell::kInline));
  cell.count = static_cast<std::uint8_t>(kept);
  // An access that an earlier one of the same thread and time stands in for adds nothing.
  for (int i = 0; i < kept; ++i) {
    const Seen then = seen_at(cell, i);
    if (then.slot == now.slot && then.clock == now.clock && supersedes(then, now)) return;
  }
  remember(cell, now);
}

}  // namespace

void check(Thread& thread, const Access& access) {
  ++thread.accesses;
  if (tracing) {
    watch_access(thread, access.pc);
    if (!access.atomic) record_access(thread, access);
  }
  Seen now{.clock = thread.clock[thread.slot],
           .access = thread.accesses,
           .slot = static_cast<std::uint8_t>(thread.slot),
           .bytes = 0,
           .write = access.write,
           .atomic = access.atomic,
           .frees = access.frees};
  const Address end = access.address + access.size;
  for (Address at = access.address; at < end;) {
    const Address next = std::min<Address>((at | 7) + 1, end);
    now.bytes = static_cast<std::uint8_t>((0xFFU >> (8 - (next - at))) << (at & 7));
    Cell& cell = cell_of(at);
    if (!is_repeated(cell, now)) check_cell(thread, cell, now, access);
    at = next;
  }
}

}  // namespace drill::explore
