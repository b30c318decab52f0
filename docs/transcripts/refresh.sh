#!/bin/sh
# refresh.sh BUILD [--check]: what the guide shows of programs is what they printed. Runs each command of
# commands.txt in the build tree BUILD (clang's) and writes its output to NAME.txt beside this script; with
# --check, compares instead, and fails where they differ. What differs from run to run is made neutral: addresses,
# process and thread ids, build ids, times, the tokens of schedules, whether a thread had ended or slept, lines of drill/, and the places of
# this machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
check=${2-}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset RACELAB_CALLED
export NO_COLOR=1 COLUMNS=100 TSAN_OPTIONS="color=never:external_symbolizer_path=/usr/bin/llvm-symbolizer-19"

neutral() {
  sed -E -e "s#$build/#build/tsan/#g" -e "s#$root/##g" \
    -e 's#/usr/lib/gcc/x86_64-linux-gnu/12/\.\./\.\./\.\./\.\./include#/usr/include#g' \
    -e '/^[^ ]*llvm-symbolizer[^ ]*: error:/d' -e "/^  Location is global '\?\?'/,+1d" \
    -e '/^  As if synchronized via sleep:/,/^$/d' -e 's/, (running|finished)\)/)/' -e 's/, finished by then,//' \
    -e 's#(drill/[a-z_/]+\.(cc|h)):[0-9]+(:[0-9]+)?#\1#g' \
    -e 's/0x[0-9a-f]{6,}/0x…/g' -e 's/ \(BuildId: [0-9a-f]+\)//g' -e 's/\+0x[0-9a-f]+\)/+0x…)/g' \
    -e 's/pid=[0-9]+/pid=…/g' -e 's/tid=[0-9]+/tid=…/g' -e 's/[0-9]+\.[0-9]+ s\b/… s/g' \
    -e 's/--replay [0-9a-z.-]+/--replay TOKEN/' |
    sed -z 's#concurrently<…>() at\n *#concurrently<…>() at #g' # Wrapped or not, by what was taken out.
}

failed=0
while IFS= read -r line; do
  case $line in '' | '#'*) continue ;; esac
  name=${line%%:*}
  command=${line#*: }
  if ! PATH="$build/bin:$PATH" command -v "${command%% *}" >/dev/null; then
    echo "refresh.sh: $name wants ${command%% *}, which is not built" >&2
    failed=1
    continue
  fi
  (cd "$root" && PATH="$build/bin:$PATH" timeout 120 sh -c "$command") >"$work/raw" 2>&1 || true
  neutral <"$work/raw" >"$work/$name.txt"
  if [ "$check" != --check ]; then
    cp "$work/$name.txt" "$here/$name.txt"
  elif ! diff -u "$here/$name.txt" "$work/$name.txt"; then
    echo "refresh.sh: $name is not what '$command' prints today" >&2
    failed=1
  fi
done <"$here/commands.txt"
exit $failed
