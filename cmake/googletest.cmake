# GoogleTest from Debian's source package, built twice: plainly for the tests of the rooms, and
# with the flags of judged code, so that the stacks of reports are whole.
set(RACELAB_GOOGLETEST "/usr/src/googletest/googletest" CACHE PATH "GoogleTest's sources")
if(NOT EXISTS "${RACELAB_GOOGLETEST}/src/gtest-all.cc")
  message(FATAL_ERROR "GoogleTest's sources are not in ${RACELAB_GOOGLETEST}. "
                      "Install Debian's package googletest, or set RACELAB_GOOGLETEST.")
endif()

foreach(flavour IN ITEMS plain judged)
  add_library(gtest_${flavour} STATIC EXCLUDE_FROM_ALL "${RACELAB_GOOGLETEST}/src/gtest-all.cc")
  target_include_directories(gtest_${flavour} SYSTEM PUBLIC "${RACELAB_GOOGLETEST}/include"
                             PRIVATE "${RACELAB_GOOGLETEST}")
  target_link_libraries(gtest_${flavour} PUBLIC Threads::Threads)
endforeach()
target_link_libraries(gtest_plain PRIVATE racelab_unoptimized)
target_link_libraries(gtest_judged PRIVATE racelab_judged)
