#!/bin/sh
# bench.sh SOURCE CXX RACELAB: a miniature course is measured as it is called, briefly. Checks the
# shape of what comes out, never a figure.
set -eu
source=$1 cxx=$2 racelab=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
course="$work/course" tree="$work/release"
fail() { echo "bench: $*" >&2; exit 1; }

mkdir -p "$course/scenarios/02_map_read_write" "$course/fixes/02_map_read_write" \
  "$course/tests/scenarios" "$course/bench/bare"
cp "$source/scenarios/02_map_read_write/"* "$course/scenarios/02_map_read_write/"
cp "$source/fixes/02_map_read_write/mutex.h" "$course/fixes/02_map_read_write/"
cp "$source/tests/scenarios/02_map_read_write_test.cc" "$course/tests/scenarios/"
touch "$course/bench/bare/02_map_read_write.h"

cmake -S "$source" -B "$tree" -G Ninja -DRACELAB_COURSE="$course" -DCMAKE_CXX_COMPILER="$cxx" \
  -DCMAKE_BUILD_TYPE=Release -DRACELAB_SANITIZER= >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; fail "configure"; }
# Not one of the programs that are measured may have been built with a sanitizer.
ninja -C "$tree" -t commands 02_map_read_write.mutex.bench | grep -q -e '-fsanitize' &&
  fail "a release build has a sanitizer"

export RACELAB_ROOT="$course" RACELAB_BENCH_BUILD="$tree" NO_COLOR=1
"$racelab" bench 02 --quick --json --svg "$work/plots" >"$work/json" 2>"$work/errors" ||
  { cat "$work/errors" >&2; fail "racelab bench exits with $?"; }
for part in '"scenario": "02_map_read_write"' '"query": "find"' '"variant": "racy"' \
  '"variant": "mutex"' '"variant": "bare"' '"mix": "read_mostly"' '"mix": "write_mostly"' \
  '"threads": 2' '"calls_per_s"' '"p50"' '"compiler"'; do
  grep -q -F "$part" "$work/json" || { cat "$work/json" >&2; fail "no $part"; }
done
grep -q -F '"problem"' "$work/json" && fail "a program had a problem"
for plot in 02_map_read_write.svg 02_map_read_write.latency.svg; do
  grep -q -F '</svg>' "$work/plots/$plot" || fail "no $plot"
done

# What was kept can be shown again.
"$racelab" bench 02 --from "$work/json" >"$work/text"
grep -q 'mutex' "$work/text" || fail "--from shows no table"
"$racelab" bench --from "$work/json" --markdown | grep -q '^| mutex | ' || fail "no Markdown"
"$racelab" bench --from "$work/none" >"$work/text" 2>&1 && fail "a missing file is no error"
"$racelab" bench no_such_scenario >"$work/text" 2>&1 && fail "a missing scenario is no error"
echo "measured, kept and shown again"
