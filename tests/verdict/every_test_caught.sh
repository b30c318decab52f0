#!/bin/sh
# every_test_caught.sh PROGRAM: ThreadSanitizer is silent on an address once it reported a race
# there. Two tests of one program, whose collectors lie at the same place of the stack and race on
# the same field, must both be caught all the same.
set -u
output=$("$1" --engine=in_turn \
  --gtest_filter='MapReadWrite.FindsWhatCameBefore:MapReadWrite.SizeCanBeReadWhileARecordArrives' 2>&1)
caught=$(printf '%s\n' "$output" | grep -c '^\[  FAILED  \].*reported by ThreadSanitizer')
[ "$caught" = 2 ] && exit 0
printf '%s\nevery_test_caught: of two tests that race, ThreadSanitizer caught %s\n' "$output" "$caught"
exit 1
