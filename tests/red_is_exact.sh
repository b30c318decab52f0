#!/bin/sh
# red_is_exact.sh JUNIT: succeeds when, of the tests of `ctest --preset red`, the racy ones failed and
# no other, and there was at least one of each.
set -eu
[ -s "${1:?usage: red_is_exact.sh JUNIT}" ] || { echo "$1 is missing or empty" >&2; exit 1; }
cases=$(tr '\n' ' ' <"$1" | sed 's/<testcase/\n<testcase/g' | grep '^<testcase' |
  sed -n 's/.* name="\([^"]*\)".* status="\([^"]*\)".*/\1 \2/p')
racy=0 fixes=0 wrong=0
while read -r name status; do
  case $name in
    *.racy) racy=$((racy + 1)) expected=fail ;;
    *) fixes=$((fixes + 1)) expected=run ;;
  esac
  [ "$status" = "$expected" ] || { echo "$name: expected $expected, was $status" >&2; wrong=1; }
done <<EOF
$cases
EOF
echo "$racy racy tests and $fixes fixes seen"
[ "$wrong" = 0 ] && [ "$racy" -gt 0 ] && [ "$fixes" -gt 0 ]
