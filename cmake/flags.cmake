# Flags that every target of the project shares, and those of the sanitized ones.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_package(Threads REQUIRED)
find_program(RACELAB_MOLD mold)
if(RACELAB_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# What waits for others, or runs once: compiled in little more than half the time. A verdict
# takes as long as before.
add_library(racelab_unoptimized INTERFACE)
target_compile_options(racelab_unoptimized INTERFACE $<$<CONFIG:RelWithDebInfo>:-O0>)

# Code of our own: warnings are errors.
add_library(racelab_warnings INTERFACE)
target_compile_options(racelab_warnings INTERFACE -Wall -Wextra -Wpedantic -Werror)
# Sources include by their path from the root: "redis/record.h".
target_include_directories(racelab_warnings INTERFACE "${PROJECT_SOURCE_DIR}")

# The flags of judged code. Whole stacks want frame pointers and no sibling calls; -O1 keeps the
# accesses that -O2 would remove.
add_library(racelab_judged INTERFACE)
if(RACELAB_SANITIZER)
  target_compile_options(racelab_judged INTERFACE -fsanitize=${RACELAB_SANITIZER} -O1 -g1
                         -fno-omit-frame-pointer -fno-optimize-sibling-calls)
  # Atomics of 16 bytes are instructions, which the detector sees, as they are with g++.
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64")
    target_compile_options(racelab_judged INTERFACE -mcx16)
  endif()
  # GCC's -Wtsan warns of fences that TSan does not model; that is taught, not an error.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(racelab_judged INTERFACE -Wno-error=tsan)
  endif()
endif()
# What GCC takes for uninitialized at -O1 is not: the variants in promises and futures.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(racelab_judged INTERFACE -Wno-maybe-uninitialized)
endif()
# The link is a separate wish, since the explorer links the same objects without the runtime.
add_library(racelab_sanitizer_link INTERFACE)
if(RACELAB_SANITIZER)
  target_link_options(racelab_sanitizer_link INTERFACE -fsanitize=${RACELAB_SANITIZER})
endif()
