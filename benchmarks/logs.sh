#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures what reading logs costs, with the built distribution beside a real Docker engine, and prints a table in Markdown.
#
#   benchmarks/logs.sh [--quick] [--lines N] [--text FILE] [SECTION...]
#
# SECTIONS, all of them by default:
#   docker    a container floods its json-file log, which is rotated at 10 MB with three files: lines written against
#             lines counted, CPU time of the agent, resident memory before, during and after
#   varlog    a service floods a file under /var/log
#   journal   a service floods a real journald by its native protocol, with a tenth of the lines
#   file      'node-telemetry patterns' on a file of 1 GB
#   micro     JMH benchmarks of the parser; all of them: benchmarks/run.sh micro
# --text has the container write the lines of a file over and over, each a message of its own, in place of a warning.
# --quick takes fewer lines and a smaller file: good for a look, not for a figure to quote.
#
# The agent gets --max-log-lines-per-second=100000000: by default it would skip, and count, what is beyond 100 000 lines per
# second and container. Its CPU time is utime and stime of proc_pid_stat(5), from before the first line until the last one
# is counted, whatever else it does meanwhile.
#
# Exit status 1 when a line was counted wrong. Progress goes to standard error.
# Needs root, docker.io, systemd's journald, busybox-static, a C compiler, and the distribution ('make build').

# shellcheck disable=SC2016,SC2034,SC2317  # Markdown quotes; used by lib.sh; sections are called by name
COMMAND="benchmarks/logs.sh $*"
. "$(dirname "$0")/lib.sh"

LINES_WRITTEN=3000000 FILE_MB=1000 TEXT=""
SECTIONS=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) LINES_WRITTEN=500000 FILE_MB=100 JMH_OPTIONS=(-f 1 -wi 1 -i 1) ;;
    --lines) LINES_WRITTEN=${2:?--lines needs a number} && shift ;;
    --text) TEXT=$(realpath -e "${2:?--text needs a file}") && shift ;;
    docker | varlog | journal | file | micro) SECTIONS+=("$1") ;;
    *) sed -n '3,/^$/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
  esac
  shift
done
[ ${#SECTIONS[@]} -gt 0 ] || SECTIONS=(docker varlog journal file micro)

DOCKER_DIR="" JOURNALD_DIR=""
SERVICE=nt-bench-logs-$$.service
SLICE=/sys/fs/cgroup/unified/system.slice
[ -d /sys/fs/cgroup/unified ] || SLICE=/sys/fs/cgroup/system.slice
WRITER=""

clean_up() {
  # Whatever fails here, the rest is still taken down.
  set +e
  [ -z "$WRITER" ] || kill "$WRITER" 2>/dev/null
  stop_agent
  [ -z "$DOCKER_DIR" ] || "$REPOSITORY/scripts/test/dockerd.sh" stop "$DOCKER_DIR"
  [ -z "$JOURNALD_DIR" ] || "$REPOSITORY/scripts/test/journald.sh" stop "$JOURNALD_DIR"
  # The slice goes if nobody else has a group in it.
  rmdir "$SLICE/$SERVICE" "$SLICE" 2>/dev/null
  rm -rf "$WORK"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# As long as lines of servers are, and of a level whose patterns are told apart.
FLOOD='2026-11-23 10:11:12,345 - WARN  [SendWorker:%d:QuorumCnxManager$SendWorker@679] - Interrupted while waiting for message on queue'
# Kinds of lines for the file, in the order in which they come.
KINDS=(
  "$FLOOD"
  '2026-11-23 10:11:12,346 - INFO  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxnFactory@197] - Accepted socket connection from /10.10.34.11:%d'
  '261123 101112 143 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_%d terminating'
  'Nov 23 10:11:12 node-7 sshd[24200]: Failed password for invalid user webmaster from 173.234.31.186 port %d ssh2'
  '{"time":"2026-11-23T10:11:12.345Z","level":"error","msg":"cannot reach backend","attempt":%d,"host":"db-3.example.com"}'
  'time="2026-11-23T10:11:12Z" level=warning msg="lease was lost" shard=%d owner=worker-3'
  '10.0.0.7 - - [23/Nov/2026:10:11:12 +0000] "GET /api/v1/orders/%d HTTP/1.1" 200 512 "-" "curl/7.88.1"'
  'E1123 10:11:12.345678    1 controller.go:116] loading OpenAPI spec for "v1beta%d.metrics.k8s.io" failed with: 503, Header: map[Content-Type:[text/plain]]'
  '2026-11-23 10:11:12.345 UTC [4711] ERROR:  duplicate key value violates unique constraint "orders_pkey" at character %d'
)

# --- what was counted ------------------------------------------------------------------------------------------------

begin_agent() {
  launch_agent --max-log-lines-per-second=100000000 "$@"
  await_agent
  # The compiler's work at the start is not the price of a line; that of the log's own code is counted.
  sleep 3
}

# counted CONTAINER_ID: messages of the container in a scrape taken now
counted() {
  scrape | awk -v id="container_id=\"$1\"" \
    '/^container_log_messages_total/ && index($0, id) {n += $NF} END {printf "%.0f\n", n}'
}

has_counted() { [ "$(counted "$1")" = "$2" ]; }

# measure WHAT CONTAINER_ID LINES COMMAND...: has the command write lines while the agent looks, and makes the rows
measure() {
  local what=$1 id=$2 lines=$3 ticks memory begin written ended
  shift 3
  memory=$(agent_kib VmRSS) ticks=$(agent_ticks) begin=$(date +%s%N)
  # Lets VmHWM begin anew: proc_pid_clear_refs(5).
  echo 5 >"/proc/$AGENT/clear_refs"
  "$@"
  written=$(date +%s%N)
  await 300 has_counted "$id" "$lines" || {
    say "WRONG COUNT: $id wrote $lines lines, the agent counted $(counted "$id")"
    FAILED=1
  }
  ended=$(date +%s%N)
  ticks=$(($(agent_ticks) - ticks))
  row "$what: lines written, counted" "$lines, $(counted "$id")" "the same"
  row "$what: written within; all counted after" "$(calculate '%.1f s' "($written - $begin) / 1e9"); $(calculate '%.1f s' "($ended - $begin) / 1e9")" "–"
  row "$what: lines per CPU second of the agent" "$(calculate '%.0f' "$lines / ($ticks / $TICKS)")" "$LINES_PER_CPU_SECOND"
  row "$what: resident memory before, highest, after" "$(mib "$memory"), $(mib "$(agent_kib VmHWM)"), $(mib "$(agent_kib VmRSS)")" "flat"
}

# --- sections --------------------------------------------------------------------------------------------------------

flood_docker() {
  docker run --name bench-flood --network none --log-opt max-size=10m --log-opt max-file=3 "$@" >/dev/null
}

section_docker() {
  say "starting a Docker engine"
  "$REPOSITORY/scripts/test/dockerd.sh" start --owner $$ >"$WORK/docker.env"
  DOCKER_DIR=$(sed -n 's/^DIR=//p' "$WORK/docker.env")
  DOCKER_HOST=$(sed -n 's/^DOCKER_HOST=//p' "$WORK/docker.env")
  export DOCKER_HOST
  begin_agent --docker-socket="${DOCKER_HOST#unix://}"
  local LINES_PER_CPU_SECOND="≥ 730 000" rounds
  if [ -z "$TEXT" ]; then
    measure "json-file" /docker/bench-flood "$LINES_WRITTEN" \
      flood_docker -v "$LOAD:/load:ro" bb:1 /load/logwriter "$LINES_WRITTEN" "$FLOOD"
  else
    rounds=$((LINES_WRITTEN / $(wc -l <"$TEXT")))
    measure "json-file, lines of ${TEXT##*/}" /docker/bench-flood $((rounds * $(wc -l <"$TEXT"))) \
      flood_docker -v "$TEXT:/text:ro" bb:1 sh -c "for i in \$(seq $rounds); do cat /text; done"
  fi
  stop_agent
}

# in_service COMMAND...: runs it in the service's cgroup
in_service() {
  mkdir -p "$SLICE/$SERVICE"
  sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' - "$SLICE/$SERVICE" "$@"
}

# The folder stands for /var/log in a mount namespace of the service's own: that of the machine is left alone.
section_varlog() {
  mkdir -p "$WORK/varlog"
  begin_agent
  in_service unshare --mount sh -c 'mount --bind "$1" /var/log && shift && exec "$@"' - "$WORK/varlog" \
    "$LOAD/logwriter" -s -a /var/log/bench.log -g "$WORK/go" "$LINES_WRITTEN" "$FLOOD" &
  WRITER=$!
  # Files are looked for every ten seconds: this is about reading one that was found.
  sleep 12
  LINES_PER_CPU_SECOND="–" measure "file under /var/log" "/system.slice/$SERVICE" "$LINES_WRITTEN" touch "$WORK/go"
  stop_agent
  kill "$(cat "$SLICE/$SERVICE/cgroup.procs")"
  WRITER=""
  rm -rf "$WORK/varlog"
}

# Nothing is asked of the agent before all is in the journal: scrapes while journald writes, some thousand lines per second, would
# cost more than reading.
flood_journal() {
  touch "$WORK/go"
  await 600 test -e "$WORK/written"
  "$REPOSITORY/scripts/test/journald.sh" enter "$JOURNALD_DIR" journalctl --sync
}

# The agent sees the journal where that of a machine is, as it is in journald's mount namespace.
section_journal() {
  local lines=$((LINES_WRITTEN / 10))
  say "starting a journald"
  "$REPOSITORY/scripts/test/journald.sh" start --owner $$ >"$WORK/journald.env"
  JOURNALD_DIR=$(sed -n 's/^DIR=//p' "$WORK/journald.env")
  AGENT_PREFIX=(nsenter --mount="$(sed -n 's/^NAMESPACE=//p' "$WORK/journald.env")" --)
  rm -f "$WORK/go"
  begin_agent
  in_service "$LOAD/logwriter" -s -g "$WORK/go" -e "$WORK/written" -j "$(sed -n 's/^SOCKET=//p' "$WORK/journald.env")" "$lines" "<4>$FLOOD" &
  WRITER=$!
  # The agent has seen the service by then.
  sleep 3
  LINES_PER_CPU_SECOND="–" measure "journald" "/system.slice/$SERVICE" "$lines" flood_journal
  stop_agent
  AGENT_PREFIX=()
  kill "$(cat "$SLICE/$SERVICE/cgroup.procs")"
  WRITER=""
  "$REPOSITORY/scripts/test/journald.sh" stop "$JOURNALD_DIR"
  JOURNALD_DIR=""
}

# cost OUT COMMAND...: seconds, seconds of CPU time and highest KiB of a program
cost() {
  python3 - "$@" <<'PYTHON'
import resource, subprocess, sys, time
begin = time.monotonic()
with open(sys.argv[1], "wb") as out:
    subprocess.run(sys.argv[2:], stdout=out, stderr=subprocess.DEVNULL, check=True)
seconds = time.monotonic() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{seconds:.2f} {used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss}")
PYTHON
}

section_file() {
  local lines seconds cpu high
  say "making a file of $FILE_MB MB"
  # More than enough lines: head takes what is needed, and the writer's end is no failure.
  { "$LOAD/logwriter" -b 1000 $((FILE_MB * 10000)) "${KINDS[@]}" 2>/dev/null || true; } | head -c "${FILE_MB}000000" >"$WORK/big.log"
  lines=$(wc -l <"$WORK/big.log")
  say "patterns of $lines lines"
  read -r seconds cpu high < <(cost "$WORK/patterns" "$LAUNCHER" patterns --all-levels "$WORK/big.log")
  row "\`patterns\` on $FILE_MB MB, $lines lines: time, CPU time" "$seconds s, $cpu s" "–"
  row "its lines per second, per CPU second" "$(calculate '%.0f' "$lines / $seconds"), $(calculate '%.0f' "$lines / $cpu")" "≥ 1 000 000"
  row "its highest resident memory" "$(mib "$high")" "the same for any size"
  rm -f "$WORK/big.log"
}

# Fewer rounds than by default, as there are eight kinds of lines.
section_micro() {
  [ ${#JMH_OPTIONS[@]} -gt 0 ] || JMH_OPTIONS=(-wi 2 -i 3)
  jmh "≥ 1 000 000 lines/s" 'LogBenchmark.(pattern|dockerWarnings)'
}

prepare_benchmarks
for section in "${SECTIONS[@]}"; do
  say "section $section"
  "section_$section"
done
print_machine
print_table
exit "$FAILED"
