#!/usr/bin/env bash
# How fast `racelab explain` reads: megabytes a second and peak memory on logs of 100 MB, made of
# the kept reports. Not a test: a machine's speed is not a claim.
#
#   throughput.sh RACELAB [MEGABYTES]
#
#   noise    lines of a server's log, a report every megabyte
#   dense    nothing but reports, the same ones again and again
#   distinct reports that all differ
set -euo pipefail
racelab=$(readlink -f "$1")
megabytes=${2:-100}
here=$(dirname "$(readlink -f "$0")")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 - "$here/data" "$folder" "$megabytes" <<'PYTHON'
import pathlib, sys
data, folder, size = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3]) << 20
reports = "".join(path.read_text() for path in sorted(data.glob("*/*.txt"))
                  if "overflow" not in path.name)
race = (data / "clang-19/global.txt").read_text()
noise = "".join(f"2026-01-02 03:04:05.{i:06} [worker-{i % 8}] INFO request {i} served in {i % 97} ms\n"
                for i in range(15000))
with open(folder / "dense", "w") as out:
    while out.tell() < size: out.write(reports)
with open(folder / "noise", "w") as out:
    while out.tell() < size: out.write(noise + race)
with open(folder / "distinct", "w") as out:
    number = 0
    while out.tell() < size:
        number += 1
        out.write(race.replace("global.cc", f"global{number}.cc").replace("main ", f"main{number} "))
PYTHON

for log in noise dense distinct; do
  /usr/bin/time -f '%e %M' -o "$folder/time" "$racelab" explain --no-symbols --format json \
    "$folder/$log" >"$folder/out" 2>"$folder/words"
  read -r seconds kilobytes <"$folder/time"
  awk -v log_="$log" -v s="$seconds" -v k="$kilobytes" -v m="$megabytes" \
    'BEGIN { printf "%-9s %4d MB in %6.2f s: %6.1f MB/s, peak %4d MB\n", log_, m, s, m / s, k / 1024 }'
  cat "$folder/words"
done
