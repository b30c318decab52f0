#!/bin/sh
# miniature_course.sh SOURCE CXX RACELAB: a course of one scenario is built; then the folders and the
# contract of a second are dropped in, and the next build finds them with no other edit.
set -eu
source=$1 cxx=$2 racelab=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
course="$work/a course"
tree="$work/build"

fail() { echo "miniature_course: $*" >&2; exit 1; }

# scenario NUMBER NAME: a counter that races, a fix, a wrong fix and their contract.
scenario() {
  id=$1_$2
  mkdir -p "$course/scenarios/$id" "$course/fixes/$id" "$course/tests/scenarios" \
    "$course/tests/wrong_fixes/$id"
  printf '# %s\n' "$2" >"$course/scenarios/$id/README.md"
  cat >"$course/scenarios/$id/racy.h" <<END
// A counter.
//
// Fault: data race: write in add() against read in count(), on count_.
#pragma once
#include "redis/record.h"
namespace $2 {
class Collector {
 public:
  void add(const redis::Record&) { ++count_; }
  int count() const { return count_; }
 private:
  int count_ = 0;
};
}  // namespace $2
END
  sed -e 's|^// Fault:.*|// Happens-before: unlock to lock. Costs: waiting.|' \
    -e 's|#include "redis/record.h"|#include <mutex>\n&|' \
    -e 's|{ ++count_; }|{ const std::lock_guard lock(mutex_); ++count_; }|' \
    -e 's|{ return count_; }|{ const std::lock_guard lock(mutex_); return count_; }|' \
    -e 's|  int count_ = 0;|  mutable std::mutex mutex_;\n&|' \
    "$course/scenarios/$id/racy.h" >"$course/fixes/$id/mutex.h"
  sed -e 's|^// Fault:.*|// Refused: race: volatile sounds like threads.|' \
    -e 's|{ ++count_; }|{ count_ = count_ + 1; }|' -e 's|  int count_|  volatile int count_|' \
    "$course/scenarios/$id/racy.h" >"$course/tests/wrong_fixes/$id/volatile.h"
  cat >"$course/tests/scenarios/${id}_test.cc" <<END
#include <gtest/gtest.h>
#include "collector.h"
#include "drill/drill.h"
namespace $2 {
TEST(Mini, CountsWhileItIsRead) {
  Collector collector;
  drill::concurrently([&] { collector.add({}); }, [&] { EXPECT_GE(collector.count(), 0); });
  EXPECT_EQ(collector.count(), 1);
}
}  // namespace $2
END
}

has() { for pair; do [ -x "$tree/bin/$pair" ] || fail "$pair was not built"; done; }

scenario 01 first
cmake -S "$source" -B "$tree" -G Ninja -DRACELAB_COURSE="$course" -DCMAKE_CXX_COMPILER="$cxx" \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "configure"; }
cmake --build "$tree" --target pairs >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "build"; }
has 01_first.racy 01_first.mutex 01_first.wrong_fix.volatile
[ ! -e "$tree/bin/02_second.racy" ] || fail "02_second is there before its folder"

scenario 02 second
cmake --build "$tree" --target pairs >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "rebuild"; }
has 02_second.racy 02_second.mutex 02_second.wrong_fix.volatile

RACELAB_ROOT="$course" RACELAB_BUILD="$tree" "$racelab" verify --no-build || fail "verify"
RACELAB_ROOT="$course" RACELAB_BUILD="$tree" "$racelab" verify --no-build --json >"$work/json"
[ "$(grep -c '"scenario": "02_second"' "$work/json")" = 3 ] || fail "02_second is not judged"
echo "the miniature course grew from 3 to 6 pairs, all as stated"
