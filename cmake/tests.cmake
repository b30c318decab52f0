# CTest runs the judge on every pair, as `racelab verify` does, so that both agree. And each racy
# collector that ThreadSanitizer sees, with its fixes, is there once more as the plain test that it
# is: label red, out of the presets tsan and tsan-gcc, the whole of the preset red.
function(racelab_test_pair pair scenario variant kind)
  if(NOT RACELAB_SANITIZER)
    return()
  endif()
  string(REPLACE "${scenario}." "${scenario}/" path "${pair}")
  add_test(NAME verify.${pair} COMMAND racelab verify --no-build --jobs 1 "${path}")
  set_tests_properties(verify.${pair} PROPERTIES LABELS "verify" TIMEOUT 300
    ENVIRONMENT "RACELAB_ROOT=${RACELAB_COURSE};RACELAB_BUILD=${PROJECT_BINARY_DIR}")
  # What ThreadSanitizer does not see, a plain run cannot show; the judge's explorer does.
  file(STRINGS "${RACELAB_COURSE}/scenarios/${scenario}/racy.h" seen
       REGEX "^// Fault: (data race|use after free|lock order)")
  if(seen AND (kind STREQUAL "racy" OR kind STREQUAL "fix"))
    # In turn: a free-running race may take the whole program with it, or never end.
    add_test(NAME ${pair} COMMAND ${pair} --engine=in_turn)
    set_tests_properties(${pair} PROPERTIES LABELS "red" TIMEOUT 60)
  endif()
endfunction()

# The workshop, as a learner calls it.
function(racelab_test_workshop)
  add_test(NAME workshop.loop COMMAND "${PROJECT_SOURCE_DIR}/tests/workshop/loop.sh"
                                      "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
  add_test(NAME workshop.commands COMMAND "${PROJECT_SOURCE_DIR}/tests/workshop/commands.sh"
                                          "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
  set_tests_properties(workshop.loop workshop.commands PROPERTIES LABELS rooms TIMEOUT 900)
endfunction()

# Tests that are scripts: of the build itself.
function(racelab_test_build)
  if(RACELAB_TEST_ONCE)
    racelab_test_workshop()
    add_test(NAME build.miniature_course
             COMMAND "${PROJECT_SOURCE_DIR}/tests/build/miniature_course.sh" "${PROJECT_SOURCE_DIR}"
                     "${CMAKE_CXX_COMPILER}" $<TARGET_FILE:racelab>)
    set_tests_properties(build.miniature_course PROPERTIES LABELS rooms TIMEOUT 900)
  endif()
  set(preset tsan)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(preset tsan-gcc)
  endif()
  add_test(NAME docs.own_project COMMAND "${PROJECT_SOURCE_DIR}/tests/docs/own_project.sh"
                                         "${PROJECT_SOURCE_DIR}" ${preset} $<TARGET_FILE:racelab>)
  set_tests_properties(docs.own_project PROPERTIES LABELS rooms TIMEOUT 900)
  # The guide shows what clang's programs print.
  if(preset STREQUAL "tsan" AND RACELAB_COURSE STREQUAL PROJECT_SOURCE_DIR)
    add_test(NAME docs.transcripts COMMAND "${PROJECT_SOURCE_DIR}/docs/transcripts/refresh.sh"
                                           "${PROJECT_BINARY_DIR}" --check)
    set_tests_properties(docs.transcripts PROPERTIES LABELS rooms TIMEOUT 600 RUN_SERIAL ON)
  endif()
  if(RACELAB_SANITIZER)
    if(RACELAB_TEST_ONCE)
      add_test(NAME build.explore_example
               COMMAND "${PROJECT_SOURCE_DIR}/tests/build/explore_example.sh"
                       "${PROJECT_SOURCE_DIR}" "${CMAKE_CXX_COMPILER}")
      set_tests_properties(build.explore_example PROPERTIES LABELS rooms TIMEOUT 900)
    endif()
    add_test(NAME verdict.grade COMMAND "${PROJECT_SOURCE_DIR}/tests/verdict/grade.sh"
                                        "${PROJECT_SOURCE_DIR}" $<TARGET_FILE:racelab>)
    set_tests_properties(verdict.grade PROPERTIES LABELS rooms TIMEOUT 600 RUN_SERIAL ON)
    add_test(NAME verdict.without_bubblewrap
             COMMAND "${PROJECT_SOURCE_DIR}/tests/verdict/without_bubblewrap.sh" $<TARGET_FILE:verdict_tests>)
    set_tests_properties(verdict.without_bubblewrap PROPERTIES LABELS rooms TIMEOUT 300)
    if(TARGET 02_map_read_write.racy)
      add_test(NAME verdict.every_test_caught
               COMMAND "${PROJECT_SOURCE_DIR}/tests/verdict/every_test_caught.sh"
                       $<TARGET_FILE:02_map_read_write.racy>)
      set_tests_properties(verdict.every_test_caught PROPERTIES LABELS rooms TIMEOUT 60)
    endif()
  endif()
  # The launcher builds in build/<preset>; any other tree is not its own.
  if(PROJECT_BINARY_DIR MATCHES "^${PROJECT_SOURCE_DIR}/build/(tsan|tsan-gcc)$")
    add_test(NAME build.launcher COMMAND "${PROJECT_SOURCE_DIR}/tests/build/launcher.sh"
                                         "${PROJECT_SOURCE_DIR}" "${CMAKE_MATCH_1}")
    set_tests_properties(build.launcher PROPERTIES LABELS rooms TIMEOUT 900)
  endif()
endfunction()
