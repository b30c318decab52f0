# A pair is a contract and one variant that it is run on: the scenario's racy.h, a fix, a wrong
# fix, a right but unusual fix, or a learner's attempt. Each is a program of its own, named
# 02_map_read_write.racy. They are discovered from the folders; nothing lists them.

# racelab_add_pair(<scenario> <variant> <header> <kind>): kind is racy, fix, wrong_fix, right_fix or attempt.
function(racelab_add_pair scenario variant header kind)
  set(pair "${scenario}.${variant}")
  if(kind STREQUAL "wrong_fix" OR kind STREQUAL "right_fix")
    set(pair "${scenario}.${kind}.${variant}")
  endif()
  set(contract "${RACELAB_COURSE}/tests/scenarios/${scenario}_test.cc")
  # The contract includes "collector.h"; each pair has one of its own, which names the variant.
  set(generated "${PROJECT_BINARY_DIR}/pairs/${pair}")
  file(CONFIGURE OUTPUT "${generated}/collector.h"
       CONTENT "#pragma once\n#include \"${header}\"  // IWYU pragma: export\n" @ONLY)

  add_library(${pair}.object OBJECT EXCLUDE_FROM_ALL "${contract}")
  target_include_directories(${pair}.object PRIVATE "${generated}")
  target_link_libraries(${pair}.object PRIVATE racelab_warnings racelab_judged drill_contract)
  target_precompile_headers(${pair}.object REUSE_FROM drill_pch)

  # Compile once, link twice: here with ThreadSanitizer's runtime, in drill/explore with our own.
  add_executable(${pair} $<TARGET_OBJECTS:${pair}.object>)
  target_link_libraries(${pair} PRIVATE racelab_sanitizer_link drill_main_judged drill_contract)
  set_target_properties(${pair} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  if(COMMAND racelab_explore_pair)
    racelab_explore_pair(${pair})
  endif()
  if(COMMAND racelab_host_pair)
    racelab_host_pair(${pair} "${generated}")
  endif()
  if(COMMAND racelab_test_pair)
    racelab_test_pair(${pair} ${scenario} ${variant} ${kind})
  endif()
  set_property(GLOBAL APPEND PROPERTY RACELAB_PAIRS ${pair})
endfunction()

function(racelab_add_pairs)
  file(GLOB scenarios CONFIGURE_DEPENDS "${RACELAB_COURSE}/scenarios/*/racy.h")
  foreach(racy IN LISTS scenarios)
    cmake_path(GET racy PARENT_PATH folder)
    cmake_path(GET folder FILENAME scenario)
    if(NOT EXISTS "${RACELAB_COURSE}/tests/scenarios/${scenario}_test.cc")
      message(FATAL_ERROR "scenarios/${scenario} has no contract: "
                          "write tests/scenarios/${scenario}_test.cc")
    endif()
    racelab_add_pair(${scenario} racy "${racy}" racy)
    foreach(source IN ITEMS fixes:fix tests/wrong_fixes:wrong_fix tests/right_fixes:right_fix)
      string(REPLACE ":" ";" source "${source}")
      list(GET source 0 place)
      list(GET source 1 kind)
      file(GLOB headers CONFIGURE_DEPENDS "${RACELAB_COURSE}/${place}/${scenario}/*.h")
      foreach(header IN LISTS headers)
        cmake_path(GET header STEM variant)
        racelab_add_pair(${scenario} ${variant} "${header}" ${kind})
      endforeach()
    endforeach()
  endforeach()
  get_property(pairs GLOBAL PROPERTY RACELAB_PAIRS)
  if(NOT pairs)
    message(FATAL_ERROR "No scenario found in ${RACELAB_COURSE}/scenarios")
  endif()
  # Everything that `racelab verify` runs.
  add_custom_target(pairs ALL DEPENDS ${pairs} canary)
  if(TARGET explore_pairs)
    add_dependencies(pairs explore_pairs)
  endif()
endfunction()
