#!/bin/sh
# explore_example.sh SOURCE CXX: builds docs/examples/explore as its reader would, in a folder of its
# own, and checks that its fault is found and its right test passes.
set -eu
source=$1 cxx=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "explore_example: $*" >&2
  exit 1
}

cp -r "$source/docs/examples/explore" "$work/account"
timeout 120 cmake -S "$work/account" -B "$work/build" -G Ninja -DCMAKE_CXX_COMPILER="$cxx" \
  -DRACELAB="$source" >"$work/log" 2>&1 || { cat "$work/log"; fail "it cannot be configured"; }
timeout 800 cmake --build "$work/build" -j 2 >"$work/log" 2>&1 ||
  { tail -n 40 "$work/log"; fail "it does not build"; }

status=0
timeout 120 "$work/build/account_test" >"$work/out" 2>&1 || status=$?
cat "$work/out"
[ "$status" = 1 ] || fail "it exits with $status where a fault is to be found"
grep -q 'FAILED.*TwoDepositsByReadingAndWritingAreBothKept (wrong_result' "$work/out" ||
  fail "the fault was not found"
grep -q 'OK.*TwoDepositsAreBothKept (pass.*bound 2 exhausted' "$work/out" ||
  fail "the right test did not pass"

token=$(sed -n 's/^replay: //p' "$work/out" | head -n 1)
[ -n "$token" ] || fail "there is no token"
"$work/build/account_test" --replay="$token" >"$work/again" 2>&1 && fail "a replay passes"
grep -q 'TwoDepositsByReadingAndWritingAreBothKept (wrong_result' "$work/again" ||
  { cat "$work/again"; fail "the token does not replay"; }
