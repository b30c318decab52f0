#!/bin/bash
# commands.sh SOURCE BUILD: the learner's commands, as they are called, on a miniature course of two
# scenarios in a folder with a space and an umlaut.
set -u
source=$1 build=$2
racelab="$build/bin/racelab"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
course="$work/a cöurse"
fail() { echo "commands: FAILED: $*" >&2; cat "$work/out" >&2; exit 1; }

mkdir -p "$course/scenarios" "$course/fixes" "$course/tests/scenarios"
for id in 01_lost_count 02_map_read_write; do
  cp -r "$source/scenarios/$id" "$course/scenarios/"
  cp -r "$source/fixes/$id" "$course/fixes/"
  cp "$source/tests/scenarios/${id}_test.cc" "$course/tests/scenarios/"
done
unset RACELAB_CALLED
export RACELAB_ROOT="$course" RACELAB_BUILD="$build" LC_ALL=C.UTF-8
cd "$course" || exit 1

# run EXIT WORDS...: the command ends with this exit code; its output is in $work/out.
run() {
  local want=$1 status=0
  shift
  "$racelab" "$@" >"$work/out" 2>&1 </dev/null || status=$?
  [ "$status" = "$want" ] || fail "racelab $* exits with $status, not $want"
}
says() { grep -qF -- "$1" "$work/out" || fail "it does not say '$1'"; }
says_not() { ! grep -qF -- "$1" "$work/out" || fail "it says '$1'"; }

run 2 hint
says "./racelab start 01_lost_count"
run 0 start 2
says "attempts/02_map_read_write.h"
says "./racelab check 02_map_read_write"
says_not "made again"
run 0 list
says "01_lost_count             not begun"
says "02_map_read_write         not judged"
# Commands are told as the user calls the program.
RACELAB_CALLED=racelab run 0 start 2
says "racelab check 02_map_read_write"
says_not "./racelab"
RACELAB_CALLED=racelab run 0 start --help
says "Usage: racelab start"
says "  racelab start 02"
run 0 start --help
says "Usage: ./racelab start"

# What was mistyped is told with what it may have been.
run 2 chekc
says "there is no command 'chekc'; the nearest:"
says "  check "
run 2 frobnicate
says "there are:"
says "  list "
run 0 --version
says "racelab $(sed -n 's/^project(racelab VERSION \([0-9.]*\).*/\1/p' "$source/CMakeLists.txt")"
for command in start hint solution reset check; do
  run 2 $command map_raed
  says "the nearest:"
  says "  02_map_read_write"
done

# What nobody changed leaves no copy behind.
run 0 reset 2
says "nothing to keep"
[ ! -e attempts/02_map_read_write.1.h ] || fail "reset keeps a copy of what nobody changed"
! grep -q "Fault" attempts/02_map_read_write.h || fail "the fault is given away"
grep -q "To do" attempts/02_map_read_write.h || fail "it does not say what to do"
echo "// mine" >>attempts/02_map_read_write.h
run 0 start map_read
says "as you left it"
grep -q "// mine" attempts/02_map_read_write.h || fail "start overwrote"
run 0 start --json
says '"scenario": "01_lost_count"'
run 2 start 99
says "there are:"
run 2 start 0

run 0 hint 2
says "hint 1 of 3"
run 0 hint map_read_write
says "hint 2 of 3"
run 0 hint 2 --seen
says "hint 1 of 3"
says "hint 2 of 3"
says_not "hint 3 of 3"
run 0 hint 2 --json
says '"seen": 3'
run 0 hint 2
says "That is all"

run 0 solution 2
says "ask once more"
says_not "lock_guard"
run 0 solution 2
says "== mutex"
says "Costs: readers wait"
says "+     const std::lock_guard lock(mutex_);"
run 0 solution 2 rwlock
says "== rwlock"
says_not "== mutex"
run 2 solution 2 magic
says "it has: "
run 0 list --json
says '"solution_seen_before_passing": true'

# What hangs is told with the line of the learner's at which each thread stood.
cp attempts/02_map_read_write.h "$work/mine.h"
sed 's/records_\[record.key\] = record;/for (volatile int i = 0;;) i = i + 1;/' "$work/mine.h" \
  >attempts/02_map_read_write.h
run 14 check 2
says "Where its threads stood when it was ended:"
says "in add()   02_map_read_write.h:$(grep -n volatile attempts/02_map_read_write.h | cut -d: -f1)"
cp "$work/mine.h" attempts/02_map_read_write.h

run 10 check 2
says "race"
run 0 list
says "02_map_read_write         race"
cp fixes/02_map_read_write/sharded_map.h attempts/02_map_read_write.h
run 0 check 2 --json
says '"strategy": "sharded_map"'
run 0 list
says "1 of 2 pass."
run 0 reset 2
says "attempts/02_map_read_write.1.h"
cmp -s attempts/02_map_read_write.1.h fixes/02_map_read_write/sharded_map.h || fail "reset lost it"
run 0 solution 2 mutex
says "== mutex"
echo '{' >attempts/.progress.json
run 0 list
says "could not be understood"
run 0 list --json
says '"sharded_map": true'

# Completion knows every command, and every command has help with something to copy.
"$racelab" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p' >"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 12 ] || fail "--help names too few commands"
for shell in bash zsh; do
  "$racelab" completion $shell >"$work/out"
  while read -r command; do
    grep -q "^ *$command) \|$command:" "$work/out" || fail "$shell completion lacks $command"
  done <"$work/commands"
  says_not "judged"
done
bash -c 'source <("$1" completion bash); COMP_WORDS=(racelab hi) COMP_CWORD=1; _racelab
  [ "${COMPREPLY[*]}" = hint ] || exit 1
  COMP_WORDS=("$1" start 02) COMP_CWORD=2; _racelab
  [ "${COMPREPLY[*]}" = 02_map_read_write ]' - "$racelab" || fail "bash completion does not complete"
# doctor: what runs these tests can judge; where the tools are not found it says what to install.
RACELAB_ROOT="$source"  # The canary's source is the project's.
run 0 doctor
says "explorer: canary         caught"
says "This machine can judge."
run 0 doctor --json
says '"ok": true'
mkdir "$work/no tools"
status=0
PATH="$work/no tools" "$racelab" doctor >"$work/out" 2>&1 || status=$?
[ $status = 3 ] || fail "doctor exits with $status where nothing is installed, not 3"
says "apt-get install -y --no-install-recommends ninja-build"
says "This machine cannot judge yet"

echo "the learner's commands do as they say"
