# A room is a folder of the house with a CMakeLists.txt of its own; its tests are tests/<room>/*_test.cc.

function(racelab_add_room name)
  add_subdirectory("${PROJECT_SOURCE_DIR}/${name}")
endfunction()

# racelab_library(<name> SOURCES ... [LINK ...]): builds <name> plainly, for the program, and
# <name>_judged with the sanitizer, for the pairs. Inline functions of std:: must not mix between
# the two, or the linker would pick copies without instrumentation.
function(racelab_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC racelab_warnings ${arg_LINK})
  add_library(${name}_judged STATIC EXCLUDE_FROM_ALL ${arg_SOURCES})
  target_link_libraries(${name}_judged PUBLIC racelab_warnings racelab_judged ${arg_LINK})
endfunction()

# racelab_test_room(<room> [ONCE] [LINK ...]): one plain test program, <room>_tests, of
# tests/<room>/*_test.cc. ONCE: what it tests is the same with every compiler.
function(racelab_test_room room)
  cmake_parse_arguments(arg "ONCE" "" "LINK" ${ARGN})
  if(arg_ONCE AND NOT RACELAB_TEST_ONCE)
    return()
  endif()
  string(REPLACE "/" "_" target "${room}_tests")
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${room}/*_test.cc")
  if(NOT sources)
    message(FATAL_ERROR "tests/${room} holds no *_test.cc")
  endif()
  if(NOT TARGET tests_headers)  # Compiled once for the tests of all rooms.
    add_library(tests_headers OBJECT "${PROJECT_SOURCE_DIR}/tests/headers.cc")
    target_link_libraries(tests_headers PRIVATE racelab_warnings racelab_unoptimized gtest_plain)
    target_precompile_headers(tests_headers PRIVATE "${PROJECT_SOURCE_DIR}/tests/headers.h")
  endif()
  add_executable(${target} ${sources} "${PROJECT_SOURCE_DIR}/tests/main.cc")
  target_precompile_headers(${target} REUSE_FROM tests_headers)
  target_link_libraries(${target} PRIVATE racelab_warnings racelab_unoptimized gtest_plain ${arg_LINK})
  target_compile_definitions(${target} PRIVATE RACELAB_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             RACELAB_BINARY_DIR="${PROJECT_BINARY_DIR}")
  include(GoogleTest)
  gtest_discover_tests(${target} TEST_PREFIX "${room}." DISCOVERY_MODE PRE_TEST
                       PROPERTIES LABELS rooms TIMEOUT 300)
endfunction()
