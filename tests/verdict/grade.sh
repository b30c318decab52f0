#!/bin/sh
# grade.sh SOURCE RACELAB: a class of three is graded whole, in shards that are merged, and again after
# an interruption that left its journal.
set -eu
source=$1 racelab=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
class="$work/a class"
mkdir -p "$class/ann" "$class/ben"
cp "$source/fixes/02_map_read_write/mutex.h" "$class/ann/02_map_read_write.h"
cp "$source/scenarios/02_map_read_write/racy.h" "$class/ben/02_map_read_write.h"
echo 'namespace map_read_write { class Collector { void add( }; }' >"$class/carl_02_map_read_write.h"

fail() {
  echo "grade: $*" >&2
  exit 1
}

tests=$(grep -c '^TEST(' "$source/tests/scenarios/02_map_read_write_test.cc")

# Without what differs from run to run.
stable() { sed -e 's/"seconds": [0-9.e-]*/"seconds": 0/' "$1"; }

"$racelab" grade "$class" --json "$work/whole.json" --csv "$work/whole.csv" --jobs 1 >"$work/table" ||
  fail "exit code $?"
grep -q '^ann,02_map_read_write,ann/02_map_read_write.h,pass,'"$tests,$tests,1.000," "$work/whole.csv" ||
  fail "ann: $(cat "$work/whole.csv")"
grep -q '^ben,02_map_read_write,ben/02_map_read_write.h,race,' "$work/whole.csv" || fail "ben"
grep -q '^carl,02_map_read_write,carl_02_map_read_write.h,compile_error,0,'"$tests,0.000," \
  "$work/whole.csv" || fail "carl"
grep -q '^3 submissions: 1 compile_error, 1 pass, 1 race$' "$work/table" || fail "the table"
[ ! -e "$work/whole.json.journal" ] || fail "the journal is still there"

for shard in 1 2; do
  "$racelab" grade "$class" --shard $shard/2 --json "$work/$shard.json" >/dev/null
done
"$racelab" grade --merge "$work/2.json" "$work/1.json" --json "$work/merged.json" >/dev/null
stable "$work/whole.json" >"$work/one"
stable "$work/merged.json" >"$work/other"
cmp -s "$work/one" "$work/other" || fail "the shards differ: $(diff "$work/one" "$work/other")"
echo "a class of three, whole and in shards"
