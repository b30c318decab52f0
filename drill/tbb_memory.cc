// What oneTBB's shared library allocates for the containers of its headers. Its scalable allocator
// hands the memory of one thread on to another where nothing is instrumented, so that what two
// owners do one after the other would be reported as a race. Judged programs have it from malloc,
// which the tools follow. The linker's --wrap leads the program's calls here.

#include <cstddef>
#include <cstdlib>
#include <new>

namespace drill {

#define TBB "__wrap__ZN3tbb6detail2r1"

void* tbb_allocate(std::size_t bytes) asm(TBB "15allocate_memoryEm");
void* tbb_allocate(std::size_t bytes) {
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}

void tbb_deallocate(void* memory) asm(TBB "17deallocate_memoryEPv");
void tbb_deallocate(void* memory) { std::free(memory); }

void* tbb_allocate_aligned(std::size_t bytes) asm(TBB "22cache_aligned_allocateEm");
void* tbb_allocate_aligned(std::size_t bytes) {
  constexpr std::size_t kTwoCacheLines = 128;  // As the library does.
  void* memory = nullptr;
  if (posix_memalign(&memory, kTwoCacheLines, bytes) == 0) return memory;
  throw std::bad_alloc();
}

void tbb_deallocate_aligned(void* memory) asm(TBB "24cache_aligned_deallocateEPv");
void tbb_deallocate_aligned(void* memory) { std::free(memory); }

}  // namespace drill
