#!/bin/bash
# loop.sh SOURCE BUILD: the workshop loop as a learner has it: the program itself, in a real terminal
# (tmux, 80x24), on a miniature course of two scenarios in a folder with a space and an umlaut. Waits
# for what must come, with a bound; never sleeps for luck.
set -u
source=$1 build=$2
racelab="$build/bin/racelab"
work=$(mktemp -d)
course="$work/a cöurse"
attempts="$course/attempts"
socket="$work/tmux"
patience_s=180

tmux_() { tmux -S "$socket" -f /dev/null "$@"; }
finish() {
  tmux_ kill-server 2>/dev/null
  [ -z "${full-}" ] || umount "$full" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

screen() { tmux_ capture-pane -pJ -t loop; }  # Lines that wrapped are whole.
# The processes: the shell in the terminal, the loop's guardian, the loop, its judge.
guardian() { pgrep -P "$(tmux_ display-message -p -t loop '#{pane_pid}')"; }
loop() { pgrep -P "$(guardian)"; }
judge() { pgrep -P "$(loop)"; }
fail() {
  echo "loop: FAILED: $*" >&2
  screen >&2
  exit 1
}
passed() { echo "ok    $*"; }

# wait_for TEXT: until the screen has it.
wait_for() {
  local end=$((SECONDS + patience_s))
  until screen | grep -qF -- "$1"; do
    [ $SECONDS -lt $end ] || fail "'$1' did not come"
    sleep 0.05
  done
}
wait_file() {
  local end=$((SECONDS + patience_s))
  until [ -s "$1" ]; do
    [ $SECONDS -lt $end ] || fail "$1 did not come"
    sleep 0.05
  done
}
press() { tmux_ send-keys -t loop "$@"; }

# Saves as editors do that write beside the file and rename.
save() {
  cp "$1" "$attempts/.save.tmp"
  mv "$attempts/.save.tmp" "$attempts/$2.h"
}

# Runs the loop from a shell, which notes the terminal's settings before and after.
open_loop() {
  rm -f "$work/before" "$work/after" "$work/exit"
  press "clear; stty -g >'$work/before'; $*; echo \$? >'$work/exit'; stty -g >'$work/after'" Enter
}
# closed EXIT: it has ended so, and the terminal is as it was.
closed() {
  wait_file "$work/after"
  [ "$(cat "$work/exit")" = "$1" ] || fail "it exited with $(cat "$work/exit"), not $1"
  cmp -s "$work/before" "$work/after" || fail "the terminal's settings have changed"
  local end=$((SECONDS + patience_s))
  while pgrep -f -- "judged .*--to $work/" >/dev/null; do
    [ $SECONDS -lt $end ] || fail "a judge is left running"
    sleep 0.05
  done
  [ "$(tmux_ display-message -p -t loop '#{alternate_on}#{cursor_flag}')" = 01 ] ||
    fail "the screen was not given back"
}

mkdir -p "$course/scenarios" "$course/fixes" "$course/tests/scenarios" "$work/tmp"
for id in 01_lost_count 02_map_read_write; do
  cp -r "$source/scenarios/$id" "$course/scenarios/"
  cp -r "$source/fixes/$id" "$course/fixes/"
  cp "$source/tests/scenarios/${id}_test.cc" "$course/tests/scenarios/"
done
export RACELAB_ROOT="$course" RACELAB_BUILD="$build" TMPDIR="$work/tmp" LC_ALL=C.UTF-8
unset NO_COLOR
fix=$course/fixes/01_lost_count

# Without a terminal.
status=0
"$racelab" </dev/null >"$work/out" 2>&1 || status=$?
[ $status = 2 ] || { cat "$work/out"; fail "without a terminal it exits with $status, not 2"; }
grep -q "needs a terminal" "$work/out" || fail "without a terminal it does not say what to do"
passed "without a terminal: says what to do, exits 2"

tmux_ new-session -d -s loop -x 80 -y 24 "cd '$course' && PS1='$ ' exec sh" || fail "no tmux"

open_loop "$racelab"
wait_for "1. Open  attempts/01_lost_count.h"
wait_for "race  judged"
! screen | grep -q "made again" || fail "a first start tells of progress that was lost"
press v
wait_for "in add()"
wait_for "01_lost_count.h:"
passed "first start: a welcome, a file to edit, the race's lines in the learner's own file"

press h
wait_for "Hint 1 of 3"
press h
wait_for "Hint 2 of 3"
press d
wait_for "nothing has changed"
press s
wait_for "s once more shows the fixes"
press l
wait_for "0 of 2 pass."
press e
wait_for "add()"
press i
wait_for "T1"
press w
wait_for "WARNING: ThreadSanitizer"
press n
wait_for "n once more leaves it"
passed "keys: hints, diff, solutions, list, explain, interleaving, raw report, next"

# Whatever is on the screen, a save brings the verdict. A long line of source keeps its caret in place.
press l
wait_for "0 of 2 pass."
echo "constexpr int a_name_that_makes_the_line_long = 1; constexpr int another_long_one = no_such;" \
  >>"$attempts/01_lost_count.h"
wait_for "compile_error  saved"
wait_for "error:"
screen | grep -q "| …" || fail "a line of 93 columns was not cut"
at=$(screen | LC_ALL=C.UTF-8 sed -n 's/^\( *[0-9]* | .*\)no_such;.*/\1/p')
caret=$(screen | LC_ALL=C.UTF-8 sed -n 's/^\( *| *\)^.*/\1/p')
[ ${#at} -gt 20 ] && [ ${#at} = ${#caret} ] || fail "the caret is at ${#caret}, its word at ${#at}"
press e
wait_for "All that the compiler said"
press w
wait_for "error:"
press i
wait_for "It did not compile, so no thread ran."
save "$fix/atomic.h" 01_lost_count
wait_for "Strategy: other"
press e
wait_for "there is nothing to explain"
press i
wait_for "No interleaving was found that breaks it"
passed "keys after a compile error and a pass say what there is"

press h
wait_for "Hint 3 of 3"
save "$fix/mutex.h" 01_lost_count
wait_for "Strategy: mutex. A medal you did not have."
wait_for "n goes on to 02_map_read_write"
press l
wait_for "1 of 2 pass."
passed "saves in place and by rename: compile error, a pass, a medal"

# A save while a check runs: the later one counts.
press v
save "$course/scenarios/01_lost_count/racy.h" 01_lost_count
wait_for "checking"
save "$fix/rwlock.h" 01_lost_count
wait_for "Strategy: rwlock"
passed "a save while a check runs begins it anew"

tmux_ resize-window -t loop -x 50 -y 14
wait_for "s fixes"
wait_for "q quit"
screen | grep -q "01_lost_count" || fail "a small screen lost its head"
screen | grep -q "^r run .* d diff *$" || fail "a small screen cuts its keys"
tmux_ resize-window -t loop -x 110 -y 30
wait_for "space/b scroll"
tmux_ resize-window -t loop -x 80 -y 24
wait_for "space/b scroll"
passed "resize"

rm "$attempts/01_lost_count.h"
wait_for "01_lost_count.h is gone."
press x
wait_for "the racy collector that you began with"
wait_for "race  judged"
[ ! -e "$attempts/01_lost_count.1.h" ] || fail "a copy was kept of nothing"
save "$fix/rwlock.h" 01_lost_count
wait_for "Strategy: rwlock"
passed "an attempt that is taken away is missed, and made anew"

press x
wait_for "x once more"
press x
wait_for "What you had is kept"
wait_for "race  judged"
cmp -s "$attempts/01_lost_count.1.h" "$fix/rwlock.h" || fail "reset did not keep the old file"
save "$fix/mutex.h" 01_lost_count
wait_for "You have that medal"
press n
wait_for "edit attempts/02_map_read_write.h"
wait_for "race  judged"
[ -f "$attempts/02_map_read_write.h" ] || fail "next did not begin the next"
passed "reset keeps the old file; next goes on when asked"

status=0
out=$(script -qec "'$racelab'" /dev/null </dev/null 2>&1) || status=$?
[ $status = 3 ] || fail "a second loop exits with $status, not 3"
echo "$out" | grep -q "another workshop is open" || fail "a second loop does not say why it ends"
passed "two loops: the second says so, exits 3"

# The judge is killed while it works.
press r
wait_for "checking"
end=$((SECONDS + patience_s))
until kill -KILL "$(judge)" 2>/dev/null; do
  [ $SECONDS -lt $end ] || fail "no judge to kill"
done
wait_for "the judge ended without a verdict"
press r
wait_for "race  judged"
passed "a judge that is killed: said, and r runs another"

press q
closed 0
passed "q gives the terminal back"

# Ctrl-C at every stage, and what else may end it.
for stage in "checking" "race  judged" h d l; do
  open_loop "$racelab"
  wait_for "edit attempts/02_map_read_write.h"
  if [ ${#stage} = 1 ]; then press "$stage"; else wait_for "$stage"; fi
  press C-c
  closed 0
done
passed "Ctrl-C while checking, after the verdict, in hints, diff and list"

for signal in TERM HUP; do
  open_loop "$racelab"
  wait_for "checking"
  kill -$signal "$(guardian)" || fail "no loop to end"
  closed $((128 + $(kill -l $signal)))
done
open_loop "$racelab"
wait_for "checking"
kill -KILL "$(loop)" || fail "no loop to kill"
closed 137
wait_for "ended by a signal"
passed "SIGTERM, SIGHUP, and SIGKILL of the loop: the terminal is given back"

open_loop "$racelab"
wait_for "race  judged"
press C-z
wait_for "topped"
press "fg" Enter
wait_for "space/b scroll"
press q
wait_for "scenarios pass"
passed "Ctrl-Z and fg"

rm "$attempts/.progress.json"
open_loop "$racelab"
wait_for "made again from your attempts"
press q
closed 0
"$racelab" list --json | grep -q '"rwlock": true' || fail "a lost progress file loses medals"
passed "a lost progress file is told, and made again with its medals"

open_loop "TERM=dumb NO_COLOR=1 '$racelab'"
wait_for "r run  e explain"
wait_for "race  judged"
press q
wait_file "$work/after"
cmp -s "$work/before" "$work/after" || fail "a dumb terminal's settings have changed"
passed "a dumb terminal without colour"

# A folder that may not be written to. Root ignores modes, so another user looks.
mkdir -p "$work/ro/attempts" && cp -r "$course/scenarios" "$course/fixes" "$course/tests" "$work/ro/"
chmod -R a+rX,a-w "$work/ro" && chmod a+rx "$work"
as_nobody=
[ "$(id -u)" != 0 ] || as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
reads=yes
$as_nobody test -x "$racelab" || reads=no
if [ $reads = no ]; then
  cp "$racelab" "$work/racelab" && chmod a+rx "$work/racelab"
fi
open_loop "RACELAB_ROOT='$work/ro' $as_nobody $([ $reads = yes ] && echo "$racelab" || echo "$work/racelab")"
closed 3
wait_for "work in a checkout"
chmod -R u+w "$work/ro"
passed "a read-only checkout: says so, exits 3"

# A full disk: a file system of one page where it may be mounted, else files that may not grow.
full="$work/full"
mkdir -p "$full"
if mount -t tmpfs -o size=64k tmpfs "$full" 2>/dev/null; then
  how="a file system that is full"
  mkdir -p "$full/attempts"
  for folder in scenarios fixes tests; do ln -s "$course/$folder" "$full/$folder"; done
  dd if=/dev/zero of="$full/filler" bs=4k 2>/dev/null
  status=0
  out=$(RACELAB_ROOT="$full" "$racelab" start 01 2>&1) || status=$?
  open_loop "RACELAB_ROOT='$full' '$racelab'"
else
  full=
  how="files that may not grow"
  mkdir -p "$work/full course/attempts"
  for folder in scenarios fixes tests; do ln -s "$course/$folder" "$work/full course/$folder"; done
  out=$(trap '' XFSZ; ulimit -f 0; RACELAB_ROOT="$work/full course" "$racelab" start 01 2>&1 | cat)
  status=3
  open_loop "(trap '' XFSZ; ulimit -f 0; RACELAB_ROOT='$work/full course' '$racelab')"
fi
closed 3
wait_for "could not be"
[ $status = 3 ] || fail "start on a full disk exits with $status: $out"
echo "$out" | grep -q "could not be written" || fail "a full disk is not said: $out"
passed "a full disk ($how): a sentence, exits 3"

tmux_ kill-session -t loop
[ -z "$(ls "$work/tmp")" ] || { ls "$work/tmp"; fail "temporary files are left"; }
echo "the loop works in a real terminal"
