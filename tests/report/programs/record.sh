#!/usr/bin/env bash
# Runs the programs of this folder under ThreadSanitizer and keeps what it prints in ../data, with a
# manifest of the kinds in each file, in order, taken from the headers by grep: what the tests of
# the reader stand on. Programs are built and run in a folder of their own, called /src in what is
# kept.
#
#   record.sh [PROGRAM...]    all of them without
#
# A program says what it must report (or how a compiler of another mind words it), and is refused
# when it does not. COMPILERS chooses others than the three: "clang-16=clang++-16". On kernels with
# much address randomness an old runtime wants `setarch -R record.sh`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
here=$PWD
data=${DATA:-$here/../data}
compilers=${COMPILERS:-clang-14=clang++-14 clang-19=clang++-19 gcc-12=g++-12}
tries=20
run_seconds_max=60

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# said PROGRAM COMPILER WORD: what follows "// WORD:" in the program, the compiler's own if given.
said() {
  local text
  text=$(sed -n "s|^// $3, $2: ||p" "$1.cc")
  [ -n "$text" ] || text=$(sed -n "s|^// $3: ||p" "$1.cc")
  printf '%s' "$text"
}

# kinds FILE: as the headers say, joined by "; ".
kinds() {
  sed -n 's/^.*WARNING: ThreadSanitizer: \(.*\) (pid=[0-9]*).*$/\1/p' "$1" |
    sed 's/\x1b\[[0-9;]*m//g' | paste -sd ';' | sed 's/;/; /g'
}

# as_said STATED SEEN: "data race..." stands for one or more of it.
as_said() {
  case $1 in
    none) [ -z "$2" ] ;;
    *...) printf '%s\n' "$2" | sed 's/; /\n/g' | grep -qvx -- "${1%...}" && return 1 || [ -n "$2" ] ;;
    *) [ "$1" = "$2" ] ;;
  esac
}

record() {
  local name=$1 label=$2 compiler=$3 options stated seen
  "$compiler" -std=c++20 -O1 -g -fsanitize=thread -fno-omit-frame-pointer \
    -fno-optimize-sibling-calls -ffile-prefix-map="$here=/src" -w -pthread \
    "$here/$name.cc" -o "$folder/$name"
  cp "$here/suppressions.txt" "$folder"
  options=$(said "$name" "$label" Options)
  stated=$(said "$name" "$label" Reports)
  mkdir -p "$data/$label"
  for _ in $(seq $tries); do
    (cd "$folder" && TSAN_OPTIONS="atexit_sleep_ms=0:external_symbolizer_path=${SYMBOLIZER:-/usr/bin/llvm-symbolizer-19}:$options" \
      timeout $run_seconds_max "./$name" >out.txt 2>&1) 2>/dev/null || true
    sed "s|$folder|/src|g; s|$here|/src|g" "$folder/out.txt" >"$data/$label/$name.txt"
    seen=$(kinds "$data/$label/$name.txt")
    as_said "$stated" "$seen" && return
  done
  printf '%s with %s: said "%s", seen "%s"\n' "$name" "$label" "$stated" "$seen" >&2
  return 1
}

programs=("$@")
[ $# -gt 0 ] || for file in *.cc; do programs+=("${file%.cc}"); done
failed=0
for pair in $compilers; do
  for name in "${programs[@]}"; do
    record "$name" "${pair%%=*}" "${pair#*=}" || failed=1
  done
done

# The manifest of everything that is kept, in the order of the names.
{
  echo '['
  separator=''
  for file in $(cd "$data" && ls */*.txt | LC_ALL=C sort); do
    printf '%s {"file": "%s", "reports": [' "$separator" "$file"
    kinds "$data/$file" | sed 's/; /\n/g' | sed -n 's/..*/"&"/p' | paste -sd ',' | sed 's/,"/, "/g' | tr -d '\n'
    printf ']}'
    separator=$',\n'
  done
  printf '\n]\n'
} >"$data/manifest.json"
exit $failed
