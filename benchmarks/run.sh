#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the built distribution beside a real Docker engine and prints one table in Markdown.
#
#   benchmarks/run.sh [--quick] [--rounds N] [--connects N] [SECTION...]
#
# SECTIONS, all of them by default:
#   load      connects/s of a container with 1, 4 and 16 threads, with and without the agent in turn; connects made
#             against connects counted; CPU time of the agent
#   memory    resident memory: settled, peak, after a million connects
#   start     process start to the first scrape that shows containers
#   idle      CPU time of an idle agent beside 50 containers, once its hot code is compiled
#   churn     resident memory, threads and open files while 200 containers a minute come and go, for 10 minutes
#   series    scrape time and resident memory at 25, 125 and 500 thousand series
#   resources one collection of CPU, memory and pressure of 10, 100 and 1 000 containers (JMH)
#   micro     the other JMH benchmarks
# --quick takes fewer and shorter rounds: good for a look, not for a figure to quote.
#
# Exit status 1 when the agent counted anything but the connects that were made. Progress goes to standard error.
# Needs root, docker.io, busybox-static, a C compiler, and the distribution ('make build').

# shellcheck disable=SC2016,SC2317  # Markdown quotes; sections are called by name
COMMAND="benchmarks/run.sh $*"
. "$(dirname "$0")/lib.sh"


ROUNDS=5 CONNECTS=200000 MEMORY_CONNECTS=1000000 IDLE_SECONDS=60 WARM_SECONDS=180 CHURN_SECONDS=600 SETTLE_SECONDS=30 JMH_OPTIONS=()
SECTIONS=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) ROUNDS=1 CONNECTS=50000 MEMORY_CONNECTS=200000 IDLE_SECONDS=10 WARM_SECONDS=10 CHURN_SECONDS=60 SETTLE_SECONDS=5 JMH_OPTIONS=(-f 1 -wi 1 -i 1) ;;
    --rounds) ROUNDS=${2:?--rounds needs a number} && shift ;;
    --connects) CONNECTS=${2:?--connects needs a number} && shift ;;
    load | memory | start | idle | churn | series | resources | micro) SECTIONS+=("$1") ;;
    *) sed -n '3,/^$/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
  esac
  shift
done
[ ${#SECTIONS[@]} -gt 0 ] || SECTIONS=(load memory start idle churn series resources micro)

DOCKER_DIR=""

clean_up() {
  stop_agent
  [ -z "$DOCKER_DIR" ] || "$REPOSITORY/scripts/test/dockerd.sh" stop "$DOCKER_DIR"
  rm -rf "$WORK"
}
trap clean_up EXIT
prepare_benchmarks

# --- the agent -------------------------------------------------------------------------------------------------------

launch_with_docker() { launch_agent --docker-socket="${DOCKER_HOST#unix://}"; }

start_agent() {
  launch_with_docker
  await_agent
}

# counted CONTAINER: successful connects of the container in a scrape taken now
counted() {
  scrape |
    awk -v id="container_id=\"/docker/$1\"" '/^container_net_tcp_successful_connects_total/ && index($0, id) {n += $NF} END {printf "%.0f\n", n}'
}

has_counted() { [ "$(counted "$1")" = "$2" ]; }

# --- containers ------------------------------------------------------------------------------------------------------

start_engine() {
  [ -z "$DOCKER_DIR" ] || return 0
  say "starting a Docker engine"
  "$REPOSITORY/scripts/test/dockerd.sh" start --owner $$ >"$WORK/docker.env"
  DOCKER_DIR=$(sed -n 's/^DIR=//p' "$WORK/docker.env")
  DOCKER_HOST=$(sed -n 's/^DOCKER_HOST=//p' "$WORK/docker.env")
  export DOCKER_HOST
  docker run -d --name bench-server -v "$LOAD:/load:ro" bb:1 /load/tcpserver 8080 >/dev/null
  SERVER=$(docker inspect -f '{{.NetworkSettings.IPAddress}}' bench-server)
  await 10 docker run --rm -v "$LOAD:/load:ro" bb:1 /load/tcpclient connect "$SERVER" 8080 1 1 ||
    fail "the server in the container does not answer"
  docker run -d --name bench-idle bb:1 sleep 1000000 >/dev/null
}

# connect NAME COUNT THREADS: connects/s of a container that makes COUNT connections
connect() {
  local line
  line=$(docker run --name "$1" -v "$LOAD:/load:ro" bb:1 /load/tcpclient connect "$SERVER" 8080 "$2" "$3") ||
    fail "the load driver failed: $line"
  docker rm "$1" >/dev/null
  rate "$line" "$2"
}

# check_count NAME MADE: the agent has to come to exactly that many within 5 s
check_count() {
  await 5 has_counted "$1" "$2" && return
  say "WRONG COUNT: $1 made $2 connections, the agent counted $(counted "$1")"
  FAILED=1
}

# --- sections --------------------------------------------------------------------------------------------------------

# one_load THREADS ROUND on|off: appends connects/s, and with the agent its CPU time, to files of that name
one_load() {
  local name=bench-load-$1-$2 before
  if [ "$3" = off ]; then
    connect "$name-off" "$CONNECTS" "$1" >>"$WORK/off-$1"
    return
  fi
  start_agent
  # The compiler's work at the start is not the price of a connection.
  sleep 5
  before=$(agent_ticks)
  connect "$name" "$CONNECTS" "$1" >>"$WORK/on-$1"
  check_count "$name" "$CONNECTS"
  calculate '%.2f\n' "($(agent_ticks) - $before) / $TICKS * 1000 * 100000 / $CONNECTS" >>"$WORK/cpu-$1"
  counted "$name" >>"$WORK/counted-$1"
  stop_agent
}

section_load() {
  local threads round off on
  start_engine
  connect bench-warm-up "$CONNECTS" 4 >/dev/null
  for round in $(seq "$ROUNDS"); do
    for threads in 1 4 16; do
      say "load, round $round of $ROUNDS, $threads thread(s)"
      # Who goes first alternates: a machine that warms up or slows down then favours neither.
      if [ $((round % 2)) = 1 ]; then
        one_load "$threads" "$round" off && one_load "$threads" "$round" on
      else
        one_load "$threads" "$round" on && one_load "$threads" "$round" off
      fi
    done
  done
  for threads in 1 4 16; do
    off=$(median <"$WORK/off-$threads")
    on=$(median <"$WORK/on-$threads")
    row "$CONNECTS connects, $threads thread(s): counted (each round)" "$(sort -u "$WORK/counted-$threads" | paste -sd ' ')" "$CONNECTS"
    row "connects/s, $threads thread(s): without, with the agent (median of $ROUNDS)" \
      "$(calculate '%.0f' "$off"), $(calculate '%.0f' "$on") ($(calculate '%+.1f %%' "($on / $off - 1) * 100"))" "≥ −2 %"
    row "agent CPU per 100 000 connects, $threads thread(s)" "$(median <"$WORK/cpu-$threads") ms" "≤ 75 ms"
  done
}

section_memory() {
  start_engine
  start_agent
  say "memory: settling for $SETTLE_SECONDS s"
  sleep "$SETTLE_SECONDS"
  row "resident memory, settled" "$(mib "$(agent_kib VmRSS)")" "≤ 90 MiB"
  row "resident memory, peak at start" "$(mib "$(agent_kib VmHWM)")" "≤ 90 MiB"
  connect bench-memory "$MEMORY_CONNECTS" 4 >/dev/null
  check_count bench-memory "$MEMORY_CONNECTS"
  row "resident memory, after $MEMORY_CONNECTS connects" "$(mib "$(agent_kib VmRSS)") (peak $(mib "$(agent_kib VmHWM)"))" "≤ 90 MiB, flat"
  stop_agent
}

shows_containers() {
  scrape | grep -q '^container_net_tcp_listen_info{.*container_id="/docker/bench-server"'
}

section_start() {
  local begin
  start_engine
  for _ in $(seq $((ROUNDS + 1))); do
    begin=$(date +%s%N)
    launch_with_docker
    until shows_containers; do
      [ $(($(date +%s%N) - begin)) -lt 30000000000 ] || fail "no container in a scrape within 30 s"
      sleep 0.01
    done
    calculate '%.3f\n' "($(date +%s%N) - $begin) / 1e9" >>"$WORK/start"
    stop_agent
  done
  row "process start → first scrape with containers (median of $ROUNDS, warm file cache)" "$(tail -n +2 "$WORK/start" | median) s" "≤ 0.7 s"
}

section_idle() {
  local before i
  start_engine
  say "idle: starting containers"
  for i in $(seq 48); do docker run -d --network none --name "bench-idle-$i" bb:1 sleep 1000000 >/dev/null; done
  start_agent
  say "idle: warming up for $WARM_SECONDS s, then watching for $IDLE_SECONDS s"
  sleep "$WARM_SECONDS"
  before=$(agent_ticks)
  sleep "$IDLE_SECONDS"
  row "idle CPU, 50 containers, no scrapes, $IDLE_SECONDS s, $WARM_SECONDS s after the start" \
    "$(calculate '%.2f %%' "($(agent_ticks) - $before) / $TICKS / $IDLE_SECONDS * 100") of a core" "≤ 0.5 %"
  stop_agent
  seq -f 'bench-idle-%g' 48 | xargs docker rm -f >/dev/null
}

# churn_worker N SECONDS: starts containers one after the other, each of which ends at once; a quarter of the rate
churn_worker() {
  local i=0 begin next
  begin=$(date +%s%N)
  while [ $(($(date +%s%N) - begin)) -lt $(($2 * 1000000000)) ]; do
    docker run --rm --network none --name "bench-churn-$1-$i" bb:1 true
    i=$((i + 1))
    next=$((begin + i * 1200000000 - $(date +%s%N)))
    [ "$next" -le 0 ] || sleep "$(calculate '%.3f' "$next / 1e9")"
  done
  echo "$i" >>"$WORK/churn"
}

# Threads and open files of the agent.
agent_handles() { echo "$(find "/proc/$AGENT/task" -mindepth 1 -maxdepth 1 | wc -l), $(find "/proc/$AGENT/fd" -mindepth 1 | wc -l)"; }

section_churn() {
  local worker pids=() before memory handles
  start_engine
  start_agent
  churn_worker warm 20
  : >"$WORK/churn"
  before=$(agent_ticks) memory=$(agent_kib VmRSS) handles=$(agent_handles)
  say "churn: for $CHURN_SECONDS s"
  for worker in 1 2 3 4; do
    churn_worker "$worker" "$CHURN_SECONDS" &
    pids+=($!)
  done
  wait "${pids[@]}"
  row "containers that came and went in $CHURN_SECONDS s" "$(awk '{n += $1} END {print n}' "$WORK/churn")" "200 a minute"
  row "agent CPU meanwhile" "$(calculate '%.2f %%' "($(agent_ticks) - $before) / $TICKS / $CHURN_SECONDS * 100") of a core" "–"
  row "resident memory before, after" "$(mib "$memory"), $(mib "$(agent_kib VmRSS)")" "flat"
  row "threads and open files before; after" "$handles; $(agent_handles)" "the same"
  stop_agent
}

# The whole process under the distribution's flags: scrape.sh, whose table becomes rows of this one.
section_series() {
  local series text gzip start after peak
  local -A seconds=([25 000]=0.03 [125 000]=0.15 [500 000]=0.6) mebibytes=([25 000]=110 [125 000]=150 [500 000]=300)
  build_benchmarks
  JAVA_HOME=$("$REPOSITORY/scripts/find-jdk.sh" java) PORT=$(free_port) SCRAPES=$((ROUNDS * 4)) \
    "$REPOSITORY/benchmarks/scrape.sh" >"$WORK/series"
  while IFS='|' read -r _ series text gzip start after peak _; do
    series=$(xargs <<<"$series")
    [ -n "${seconds[$series]:-}" ] || continue
    row "$series series: scrape, plain and gzip (median of $((ROUNDS * 4)))" "$(xargs <<<"$text"), $(xargs <<<"$gzip")" "≤ ${seconds[$series]} s"
    row "$series series: resident memory at start, after the scrapes, peak" \
      "$(xargs <<<"$start"), $(xargs <<<"$after"), $(xargs <<<"$peak")" "≤ ${mebibytes[$series]} MiB"
  done <"$WORK/series"
}

section_resources() { jmh "≤ 100 ms at 1 000 containers, linear" CollectionBenchmark; }

section_micro() { jmh "–" -e CollectionBenchmark; }

for section in "${SECTIONS[@]}"; do
  say "section $section"
  "section_$section"
done
print_machine
print_table
exit "$FAILED"
