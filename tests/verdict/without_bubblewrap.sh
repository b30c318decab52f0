#!/bin/sh
# without_bubblewrap.sh VERDICT_TESTS: where bubblewrap does not work, judged processes are confined by
# landlock and seccomp. What would do harm is refused just the same.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n' >"$folder/bwrap"
chmod +x "$folder/bwrap"
export PATH="$folder:$PATH"

one=Hostile/Attempts.GetsItsVerdictAndLeavesNothing
"$1" --gtest_brief=1 --gtest_filter="Run.ConfinesToOneFolder:$one/RemovesFilesOfTheHome:$one/OpensASocket:\
$one/StartsAProcess:$one/SignalsItsParent:$one/WritesOverTheReport" 2>&1 | tee "$folder/out"
grep -q '^\[  PASSED  \] 6 tests' "$folder/out" || {
  echo "without_bubblewrap: not all six have passed"
  exit 1
}
