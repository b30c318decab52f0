#!/bin/sh
# launcher.sh SOURCE PRESET: the launcher as its users call it, from elsewhere, through a link, twice
# at once, and on a machine that lacks a package.
set -eu
source=$1
RACELAB_PRESET=$2
export RACELAB_PRESET

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "launcher: $*" >&2; exit 1; }

cd "$work"
"$source/racelab" --help >help 2>err || { cat err >&2; fail "does not start from another folder"; }
grep -q "Usage: $source/racelab" help || fail "--help does not say how to use it"
[ ! -s err ] || { cat err >&2; fail "a build that is up to date is not quiet"; }

ln -s "$source/racelab" a-link
./a-link --help >/dev/null || fail "does not start through a link"

"$source/racelab" --help >one 2>&1 & first=$!
"$source/racelab" --help >two 2>&1 & second=$!
wait "$first" || { cat one >&2; fail "the first of two at once failed"; }
wait "$second" || { cat two >&2; fail "the second of two at once failed"; }

# A build that takes long is told in a pipe, too.
mkdir -p "$work/slow checkout/build/$RACELAB_PRESET/bin" "$work/slow checkout/cmake" "$work/bin"
cp "$source/racelab" "$work/slow checkout/"
: >"$work/slow checkout/cmake/packages.txt"
: >"$work/slow checkout/build/$RACELAB_PRESET/build.ninja"
printf '#!/bin/sh\necho "[7/9] Building"\nsleep 4\n' >"$work/bin/cmake"
printf '#!/bin/sh\necho "called as $RACELAB_CALLED"\n' \
  >"$work/slow checkout/build/$RACELAB_PRESET/bin/racelab"
chmod +x "$work/bin/cmake" "$work/slow checkout/build/$RACELAB_PRESET/bin/racelab"
(cd "slow checkout" && PATH="$work/bin:$PATH" ./racelab demo) >out 2>&1 || fail "a slow build fails"
grep -q "racelab: building \[7/9\]" out || { cat out >&2; fail "nothing is said of a slow build"; }
grep -qx "called as ./racelab" out || { cat out >&2; fail "does not tell how it was called"; }

# Not that a busy machine takes seconds to find that nothing is to be done.
printf '#!/bin/sh\necho "[0/2] Re-checking globbed directories..."\nsleep 4\n' >"$work/bin/cmake"
(cd "slow checkout" && PATH="$work/bin:$PATH" ./racelab demo) >out 2>&1 || fail "a slow look fails"
[ "$(cat out)" = "called as ./racelab" ] || { cat out >&2; fail "a build of nothing is not quiet"; }
printf '#!/bin/sh\necho "[7/9] Building"\nsleep 4\n' >"$work/bin/cmake"

# Nor a step of what went before as one of what is at work.
mkdir "$work/slow checkout/build/next"
(
  cd "slow checkout"
  sed '/^install=yes/,$d' racelab >functions
  . ./functions
  build="$work/slow checkout/build/next" log="$work/slow checkout/build/next/log"
  quietly "installing" echo "Setting up libpq5"
  [ "$(last_step)" = libpq5 ] || fail "the package at work is not told"
  quietly "configuring" echo "-- The CXX compiler"
  [ -z "$(last_step)" ] || fail "configuring is told as $(last_step)"
) || exit 1

# And no longer once the launcher is gone, however it went.
(cd "slow checkout" && PATH="$work/bin:$PATH" exec ./racelab demo) >out 2>&1 & slow=$!
sleep 1
kill -KILL $slow
wait $slow 2>/dev/null || true
sleep 6
! grep -q "building" out || { cat out >&2; fail "a launcher that was killed goes on talking"; }

mkdir -p "$work/bare checkout/cmake"
cp "$source/racelab" "$work/bare checkout/"
echo racelab-no-such-package >"$work/bare checkout/cmake/packages.txt"
status=0
"$work/bare checkout/racelab" --no-install demo >out 2>&1 || status=$?
[ "$status" = 3 ] || fail "a missing package gives exit $status, not 3"
grep -q "apt-get install .*racelab-no-such-package" out || fail "the apt line is not printed"

status=0
RACELAB_PRESET=none "$source/racelab" >out 2>&1 || status=$?
[ "$status" = 2 ] || fail "an unknown preset gives exit $status, not 2"
echo "the launcher works from elsewhere, through a link, twice at once; it says what is missing"
