#!/bin/sh
# The exit codes and sentences of `racelab explain`, as scripts and people meet them.
#   explain.sh RACELAB DATA
set -u
racelab=$1
data=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# expect CODE TEXT ARGUMENTS...: exits with CODE, and TEXT stands in what it printed or complained.
# Standard input is $input.
input=/dev/null
expect() {
  code=$1 text=$2
  shift 2
  "$racelab" explain "$@" <"$input" >"$folder/out" 2>&1
  got=$?
  if [ $got != "$code" ] || ! grep -q -e "$text" "$folder/out"; then
    echo "explain $*: exit $got instead of $code, or no '$text' in:"
    head -n 20 "$folder/out"
    failed=1
  fi
}

race=$data/clang-19/global.txt
expect 0 'Data race on total' "$race"
expect 0 '2 reports, 2 causes' "$race" "$data/gcc-12/thread_leak.txt"
expect 10 'Data race on total' --fail-on-race "$race"
# A crash is no race.
expect 0 'SEGV' --fail-on-race "$data/clang-19/segv.txt"
expect 2 'no-such-file' "$folder/no-such-file"
expect 2 'folder' "$folder"
# What can be read is told, what cannot is not hidden.
expect 2 'Data race on total' "$race" "$folder/no-such-file"
expect 2 '--format' --format yaml "$race"

# Standard input: a pipe, '-', nothing.
input=$race
expect 0 'Data race on total'
expect 10 'Data race on total' --fail-on-race -
input=/dev/null
expect 0 'No ThreadSanitizer report'
expect 0 'No ThreadSanitizer report' --fail-on-race
head -c 200000 /dev/urandom >"$folder/binary"
expect 0 'No ThreadSanitizer report' "$folder/binary"
: >"$folder/empty"
expect 0 'No ThreadSanitizer report' "$folder/empty"
for format in json sarif junit html; do
  expect 0 '.' --format $format "$folder/empty"
done

# What is no log is not read as one; a pipe is.
expect 2 'is a program; run it' "$(command -v cat)"
gzip -c "$race" >"$folder/race.gz"
expect 2 'is compressed' "$folder/race.gz"
mkfifo "$folder/pipe"
cat "$race" >"$folder/pipe" &
expect 0 'Data race on total' "$folder/pipe"
expect 2 'modules' --modules "$folder/no-such-folder" "$race"

if [ "$(id -u)" != 0 ]; then
  cp "$race" "$folder/secret" && chmod 0 "$folder/secret"
  expect 2 'secret' "$folder/secret"
fi

# Output that cannot be written is said.
if [ -w /dev/full ]; then
  "$racelab" explain "$race" >/dev/full 2>"$folder/out"
  [ $? = 2 ] || { echo "explain to a full disk: no exit 2"; failed=1; }
fi

expect 0 'WARNING: ThreadSanitizer: data race' --raw "$race"
expect 0 'std::allocator' --full-names "$data/clang-19/names.txt"
expect 0 '/src/vector.cc:' --own /src "$data/clang-19/vector.txt"
exit $failed
