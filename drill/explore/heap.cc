#include "drill/explore/heap.h"

#include <errno.h>
#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "drill/explore/next.h"
#include "drill/explore/scheduler.h"
#include "drill/explore/shadow.h"

// The C library's own, under names that nobody interposes.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace drill::explore {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::size_t kChunksInArena = 32;
constexpr std::size_t kArena = kChunk * kChunksInArena;
constexpr std::size_t kBlockMax = kChunk / 4;  // Larger ones come from the C library.
constexpr std::size_t kCheckedMax = 4096;      // Of a freed block, so many bytes are looked at.

struct Header {
  std::uint32_t size;
  std::uint32_t offset;  // From the chunk's start to the block.
};

// Blocks of a chunk that have not been freed. One that outlives its schedule keeps its chunk from
// being used again.
struct Chunk {
  std::uint32_t live = 0;
};

struct Arena {
  std::size_t chunk = 0;  // In use.
  std::size_t used = 0;   // Bytes of it.
  std::array<Chunk, kChunksInArena> chunks;
};

std::array<Arena, kThreadsMax> arenas;

// Where nothing else is, and the same in each process: programs may look at addresses.
char* const kPlace = reinterpret_cast<char*>(0x1000'0000'0000);

char* reserve() {
  void* memory = mmap(kPlace, kArena * kThreadsMax, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<char*>(memory);
}

char* base = nullptr;

bool is_ours(const void* memory) {
  const auto* at = static_cast<const char*>(memory);
  return base != nullptr && at >= base && at < base + kArena * kThreadsMax;
}

bool move_on(Arena& arena) {
  for (std::size_t tried = 0; tried < kChunksInArena; ++tried) {
    arena.chunk = (arena.chunk + 1) % kChunksInArena;
    arena.used = 0;
    if (arena.chunks[arena.chunk].live == 0) return true;
  }
  return false;
}

void* allocate(Thread& thread, std::size_t size, std::size_t alignment) {
  if (base == nullptr || size > kBlockMax || alignment > 4096) return nullptr;
  auto& arena = arenas[static_cast<std::size_t>(thread.slot)];
  const auto place = [&] {
    return (arena.used + sizeof(Header) + alignment - 1) & ~(alignment - 1);
  };
  if (place() + size > kChunk && !move_on(arena)) return nullptr;
  const std::size_t offset = place();
  arena.used = offset + size;
  ++arena.chunks[arena.chunk].live;
  char* block =
      base + static_cast<std::size_t>(thread.slot) * kArena + arena.chunk * kChunk + offset;
  new (block - sizeof(Header))
      Header{static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(offset)};
  return block;
}

Header& header_of(void* memory) { return reinterpret_cast<Header*>(memory)[-1]; }

void give_back(void* memory, Address pc) {
  if (self != nullptr) {
    check(*self, {.address = reinterpret_cast<Address>(memory),
                  .size = std::clamp<std::size_t>(header_of(memory).size, 1, kCheckedMax),
                  .write = true,
                  .frees = true,
                  .pc = pc});
  }
  const auto at = static_cast<std::size_t>(static_cast<char*>(memory) - base);
  --arenas[at / kArena].chunks[at % kArena / kChunk].live;
}

void* resize(void* memory, std::size_t size, Address pc) {
  const std::size_t old = header_of(memory).size;
  void* grown = std::malloc(size);
  if (grown == nullptr) return nullptr;
  std::memcpy(grown, memory, std::min(old, size));
  give_back(memory, pc);
  return grown;
}

}  // namespace

void begin_heap() {
  if (base == nullptr) base = reserve();
  for (Arena& arena : arenas) {
    if (arena.used == 0) continue;
    // With nothing left alive the same chunk is used again from its start.
    if (arena.chunks[arena.chunk].live == 0 || !move_on(arena)) arena.used = 0;
  }
}

bool on_heap(std::uintptr_t address) { return is_ours(reinterpret_cast<const void*>(address)); }

}  // namespace drill::explore

using drill::explore::allocate;
using drill::explore::is_ours;
using drill::explore::self;

extern "C" {

void* malloc(std::size_t size) noexcept {
  void* memory = self == nullptr ? nullptr : allocate(*self, size, 16);
  return memory != nullptr ? memory : __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) noexcept {
  std::size_t total = 0;
  if (self == nullptr || __builtin_mul_overflow(count, size, &total)) {
    return __libc_calloc(count, size);
  }
  void* memory = allocate(*self, total, 16);
  return memory != nullptr ? std::memset(memory, 0, total) : __libc_calloc(count, size);
}

void free(void* memory) noexcept {
  if (!is_ours(memory)) return __libc_free(memory);
  drill::explore::give_back(memory, RACELAB_CALLER);
}

void* realloc(void* memory, std::size_t size) noexcept {
  if (memory == nullptr) return malloc(size);
  if (!is_ours(memory)) return __libc_realloc(memory, size);
  return drill::explore::resize(memory, size, RACELAB_CALLER);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  void* memory =
      self == nullptr ? nullptr : allocate(*self, size, std::max<std::size_t>(alignment, 16));
  return memory != nullptr ? memory : __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  *memory = memalign(alignment, size);
  return *memory != nullptr ? 0 : ENOMEM;
}

std::size_t malloc_usable_size(void* memory) noexcept {
  if (!is_ours(memory)) return RACELAB_NEXT(malloc_usable_size)(memory);
  return drill::explore::header_of(memory).size;
}

}  // extern "C"
