#!/bin/sh
# own_project.sh SOURCE PRESET RACELAB: does what docs/your-own-project.md says, taken from the page itself: writes
# its files, runs its commands in their order, and looks for what it shows.
#   <!-- file: NAME -->    the block that follows is the file NAME
#   <!-- run -->           the block's commands succeed; <!-- run: fails -->: they do not
#   <!-- shows -->         what the commands before have printed has the block's lines in it
set -eu
source=$1 preset=$2 racelab=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/project" "$work/bin"
ln -s "$racelab" "$work/bin/racelab"
export PATH="$work/bin:$PATH"

fail() { echo "own_project: $*" >&2; cat "$work/printed" >&2 2>/dev/null || true; exit 1; }

# One file a marked block, named by its place in the page: 001.run, 002.file …; its first line is the
# marker's argument.
awk -v out="$work" '
  /^<!-- (file|run|shows)[ :]/ {
    kind = $2; sub(/:$/, "", kind)
    argument = $0; sub(/^<!-- [a-z]+:? */, "", argument); sub(/ *-->$/, "", argument)
    wanted = 1; next
  }
  wanted && /^```/ { name = sprintf("%s/%03d.%s", out, ++n, kind); print argument > name; inside = 1; wanted = 0; next }
  inside && /^```/ { inside = 0; close(name); next }
  inside { print > name }
' "$source/docs/your-own-project.md"

cd "$work/project"
steps=0
for block in "$work"/[0-9]*; do
  argument=$(head -n 1 "$block")
  case $block in
    *.file) tail -n +2 "$block" >"$argument" ;;
    *.run)
      tail -n +2 "$block" | sed "s/--preset tsan/--preset $preset/g" >"$work/commands"
      if timeout 300 sh -e "$work/commands" >"$work/printed" 2>&1; then
        [ "$argument" != fails ] || fail "this was to fail: $(cat "$work/commands")"
      else
        [ "$argument" = fails ] || fail "this failed: $(cat "$work/commands")"
      fi ;;
    *.shows)
      tail -n +2 "$block" | while IFS= read -r line; do
        grep -qF -- "$line" "$work/printed" || { echo "not shown: $line" >&2; exit 1; }
      done || fail "the page shows what was not printed" ;;
  esac
  steps=$((steps + 1))
done
[ "$steps" -ge 10 ] || fail "only $steps blocks were found on the page"
grep -q 'hits.h' ctest.log || fail "the report does not name hits.h"
echo "$steps blocks of the page done as it says"
