#!/bin/sh
# record.sh [FILE]: records a session like the one that ships, between a redis-server of its own and
# redis-cli and redis-benchmark, by Racelab's proxy. Takes about 20 seconds. Everything stays on
# 127.0.0.1; PORT and SERVER_PORT choose the ports.
set -eu
root=$(dirname "$(readlink -f "$0")")/../..
file=${1:-$root/redis/sessions/recorded.txt}
port=${PORT:-7380}
server_port=${SERVER_PORT:-7381}
work=$(mktemp -d)

for tool in redis-server redis-cli redis-benchmark; do
  command -v $tool >/dev/null || { echo "$tool is missing: apt-get install redis-server redis-tools" >&2; exit 3; }
done

started=""

finish() {
  # shellcheck disable=SC2086  # A list of process ids.
  [ -z "$started" ] || kill $started 2>/dev/null || true
  wait
  rm -r "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

wait_for() {
  for _ in $(seq 100); do
    redis-cli -p "$1" PING >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  echo "nobody answers on port $1" >&2
  exit 1
}

cli() { redis-cli -p "$port" "$@" >/dev/null; }
benchmark() { redis-benchmark -p "$port" -q "$@" >/dev/null; }

redis-server --port "$server_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" \
  >"$work/server.log" &
started="$!"
wait_for "$server_port"
"$root/racelab" redis --listen "$port" --server "127.0.0.1:$server_port" --record "$work/session" \
  --json >"$work/records" 2>"$work/log" &
proxy=$!
started="$started $proxy"
wait_for "$port"

# Clients that come by all the time, each on a connection of its own.
cli -r 350 -i 0.04 INCR page:views &
cli -r 250 -i 0.06 HINCRBY user:1 visits 1 &
cli -r 200 -i 0.07 GET page:views &
cli -r 150 -i 0.09 LPUSH visits /index.html &
cli -r 100 -i 0.12 LRANGE visits 0 9 &
# One that listens to channels: published messages answer no request.
timeout 14 redis-cli -p "$port" SUBSCRIBE news weather >/dev/null &

# Strings, hashes, lists and sets, from four connections at once.
sleep 1
benchmark -t set,get -n 500 -c 4 -r 100
sleep 1
benchmark -t hset,lpush,lpop,sadd -n 300 -c 3 -r 50
cli PUBLISH news hello

# A user's session with its mistakes: a wrong type, a word that is no number, an unknown command.
sleep 1
cli <<COMMANDS
SET user:1:name Ann
GET user:1:name
INCR user:1:name
LPUSH user:1:name x
NOSUCHCOMMAND user:1
HGETALL user:1
EXPIRE user:1:name 60
TTL user:1:name
MULTI
SET user:1:mail ann@example.org
INCR user:1:logins
EXEC
MULTI
LPUSH user:1:mail x
DISCARD
EVAL "return redis.call('GET', KEYS[1])" 1 user:1:name
DEL user:1:name
GET user:1:name
COMMANDS
redis-cli -3 -p "$port" >/dev/null <<COMMANDS
HGETALL user:1
ZADD scores 1.5 ann 2.5 bob
ZRANGE scores 0 -1 WITHSCORES
GET no:such:key
COMMANDS

# A large value, written and read.
sleep 1
head -c 300000 /dev/zero | tr '\0' v | redis-cli -p "$port" -x SET page:large >/dev/null
cli GET page:large
cli STRLEN page:large

# Pipelines of sixteen, and a list read in whole.
sleep 1
benchmark -t set,get -n 1200 -c 2 -r 100 -P 16
sleep 1
benchmark -n 100 -c 2 LRANGE visits 0 -1
sleep 1
benchmark -n 100 -c 2 -r 100 INCRBY counter:__rand_int__ 7
cli BLPOP no:such:list 1

sleep 8
kill -INT $proxy
wait $proxy || { cat "$work/log" >&2; exit 1; }
version=$(redis-server --version | sed 's/.* v=\([^ ]*\).*/\1/')
sed "2i # redis-server $version, recorded by redis/sessions/record.sh." "$work/session" >"$file"
echo "$(grep -vc '^#\|^racelab' "$file") records in $file"
