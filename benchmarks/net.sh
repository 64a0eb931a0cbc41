#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures what counting TCP costs, in network namespaces of its own, and prints tables in Markdown.
#
#   benchmarks/net.sh [--quick] [--pairs N] [--connects N] [SECTION...]
#
# SECTIONS, all of them but the last by default:
#   load      1, 4 and 16 threads to 1, 100 and 5 000 destinations and through DNAT to two backends: connects made against
#             connects counted, connects/s with the agent against without, CPU time of the agent and of its programs in
#             the kernel; resident memory and that of its BPF maps before, during and after
#   scan      one container connects to 60 000 destinations and is refused by 60 000 others
#   open      200 000 connections of one container open at once, the agent started anew beside them, all closed. Takes
#             some 2 GiB of memory for the sockets
#   soak      the load at full rate for SOAK_MINUTES (10), resident memory every 10 s
# --quick takes fewer and shorter rounds: good for a look, not for a figure to quote.
#
# Exit status 1 when one connection was counted wrong. Progress goes to standard error.
# Needs root, iproute2, nftables, a C compiler, cgroup v2 or a hybrid host, and the distribution ('make build').
# The load alone: node-telemetry-core/target/load/tcpclient --help

# shellcheck disable=SC2016,SC2119,SC2317  # Markdown quotes; functions with optional flags; sections are called by name
COMMAND="benchmarks/net.sh $*"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lab.sh"

PAIRS=8 CONNECTS=12000 COST_CONNECTS=100000 SCAN=60000 HOLD_PROCESSES=20 HOLD_EACH=10000 SETTLE_SECONDS=3 SOAK_MINUTES=${SOAK_MINUTES:-10}
KINDS=(1 100 5000 dnat) THREADS=(1 4 16)
SECTIONS=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) PAIRS=2 CONNECTS=6000 COST_CONNECTS=30000 ;;
    --pairs) PAIRS=${2:?--pairs needs a number} && shift ;;
    --connects) CONNECTS=${2:?--connects needs a number} && shift ;;
    load | scan | open | soak) SECTIONS+=("$1") ;;
    *) sed -n '3,/^$/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
  esac
  shift
done
[ ${#SECTIONS[@]} -gt 0 ] || SECTIONS=(load scan open)

BPF_STATS=$(cat /proc/sys/kernel/bpf_stats_enabled)
HOLDERS=()

clean_up() {
  # Whatever fails here, the rest is still taken down.
  set +e
  [ ${#HOLDERS[@]} = 0 ] || kill "${HOLDERS[@]}" 2>/dev/null
  stop_agent
  stop_lab
  sysctl -qw "kernel.bpf_stats_enabled=$BPF_STATS"
  rm -rf "$WORK"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# --- what the kernel says of the agent -------------------------------------------------------------------------------

# User and system time of all its threads, ended ones too, in microseconds.
agent_micros() { awk '$1 == "usage_usec" {print $2}' "$LAB_CGROUPS/$LAB-agent/cpu.stat"; }

# bpf_sums: nanoseconds and number of runs of its BPF programs (0 unless kernel.bpf_stats_enabled), bytes of its maps; each
# counts once however many descriptors there are
bpf_sums() {
  cat "/proc/$AGENT"/fdinfo/* 2>/dev/null | awk '
    $1 == "pos:" {kind = ""}
    $1 == "map_type:" || $1 == "prog_type:" {kind = $1}
    $1 == "memlock:" {bytes = $2}
    $1 == "map_id:" && kind == "map_type:" {memory[$2] = bytes}
    $1 == "prog_id:" {program = $2}
    $1 == "run_time_ns:" {nanos[program] = $2}
    $1 == "run_cnt:" {runs[program] = $2}
    END {
      for (i in nanos) {n += nanos[i]; r += runs[i]}
      for (i in memory) m += memory[i]
      printf "%.0f %.0f %.0f\n", n, r, m
    }'
}

map_memory() { mib "$(bpf_sums | awk '{print $3 / 1024}')"; }

# Lets VmHWM begin anew: proc_pid_clear_refs(5).
forget_peak() { echo 5 >"/proc/$AGENT/clear_refs"; }

# The longest collection of TCP within 6 s: what open connections have carried is read every few turns only.
tcp_collection() {
  for _ in $(seq 24); do
    scrape | awk '/^node_telemetry_collector_duration_seconds/ && /collector="tcp"/ {print $NF}'
    sleep 0.25
  done | sort -g | tail -n 1 | awk '{printf "%.0f ms\n", $1 * 1000}'
}

begin_agent() {
  launch_agent
  await_agent
  : >"$WORK/expected"
  # The compiler's work at the start is not the price of a connection.
  sleep "$SETTLE_SECONDS"
}

# --- made against counted --------------------------------------------------------------------------------------------

# expect METRIC CONTAINER NUMBER: what the sum of the container's series has to be, all expectations since the agent's start
expect() { echo "$1 $(container "$2") $3" >>"$WORK/expected"; }

# wrong_counts: a line for each expectation that a scrape taken now does not meet
wrong_counts() {
  scrape | awk '
    FILENAME != "-" {expected[$1 " " $2] += $3; next}
    /^container_net_tcp/ {
      metric = substr($1, 1, index($1, "{") - 1)
      if (!match($0, /container_id="[^"]*"/)) next
      counted[metric " " substr($0, RSTART + 14, RLENGTH - 15)] += $NF
    }
    END {
      for (i in expected)
        if (counted[i] + 0 != expected[i]) printf "%s: %.0f instead of %.0f\n", i, counted[i], expected[i]
    }' "$WORK/expected" -
}

all_counted() { [ -z "$(wrong_counts)" ]; }

# check_counts: the agent has to come to exactly what is expected; a machine that is busy may keep it from that for a while
check_counts() {
  if ! await 20 all_counted; then
    FAILED=1
    wrong_counts | while read -r line; do say "WRONG COUNT: $line"; done
    return 1
  fi
}

SUCCESSFUL=container_net_tcp_successful_connects_total
FAILED_CONNECTS=container_net_tcp_failed_connects_total
BYTES_SENT=container_net_tcp_bytes_sent_total
BYTES_RECEIVED=container_net_tcp_bytes_received_total
ACTIVE=container_net_tcp_active_connections

# connect KIND THREADS COUNT: connects/s of the container that has this load to itself
connect() {
  local line target=(client 10.213.0.1 8080)
  case $1 in
    1) ;;
    dnat) target=(nat 10.214.0.1 80) ;;
    *) target=(client "10.213.0.1+$1" 8080) ;;
  esac
  line=$(in_container "$1-$2" "${target[0]}" "$LOAD/tcpclient" connect "${target[@]:1}" "$3" "$2") || fail "the load driver failed: $line"
  # By the client's own account: a server may fail to send.
  [[ $line =~ \ received=([0-9]+) ]] || fail "the load driver does not tell what it received: $line"
  RECEIVED=${BASH_REMATCH[1]}
  rate "$line" "$3"
}

# counted_at BACKEND: connects that the agent says reached it
counted_at() {
  scrape | awk -v to="actual_destination=\"$1:8080\"" -v id="container_id=\"/$LAB/" \
    'index($0, "container_net_tcp_successful_connects_total{") == 1 && index($0, to) && index($0, id) {n += $NF} END {printf "%.0f\n", n}'
}

# note_counts: what the agent came to for each container, for the table
note_counts() {
  scrape | awk -v metric="$SUCCESSFUL{" -v prefix="container_id=\"/$LAB/a/b/c/" '
    index($0, metric) == 1 && (at = index($0, prefix)) {
      name = substr($0, at + length(prefix))
      counted[substr(name, 1, index(name, "\"") - 1)] += $NF
    }
    END {for (i in counted) printf "%s %.0f\n", i, counted[i]}' >>"$WORK/counted"
}

# accepted BACKEND_NUMBER OPENS: connections it accepted since that was the number of its passive opens
accepted() { echo $(($(passive_opens "backend-$1") - $2)); }

backends_agree() { [ "$(accepted 1 "$1") $(accepted 2 "$2")" = "$(counted_at 10.212.1.2) $(counted_at 10.212.2.2)" ]; }

# check_backends OPENS_1 OPENS_2: what each backend accepted since then is what is shown as having reached it
check_backends() {
  await 20 backends_agree "$@" && return
  say "WRONG COUNT: the backends accepted $(accepted 1 "$1") and $(accepted 2 "$2") connections," \
    "$(counted_at 10.212.1.2) and $(counted_at 10.212.2.2) are shown as having reached them"
  FAILED=1
}

# --- sections --------------------------------------------------------------------------------------------------------

each_load() {
  local kind threads
  for kind in "${KINDS[@]}"; do
    for threads in "${THREADS[@]}"; do "$@" "$kind" "$threads"; done
  done
}

# both_ends CONTAINER: microseconds of CPU that it and the servers have used, the network's softirqs on their time included
# (all of them, unless the kernel has CONFIG_IRQ_TIME_ACCOUNTING)
both_ends() {
  cat "$LAB_CGROUPS$(container "$1")/cpu.stat" "$LAB_CGROUPS/$LAB-servers/cpu.stat" 2>/dev/null |
    awk '$1 == "usage_usec" {n += $2} END {printf "%.0f\n", n}'
}

# one_rate on|off KIND THREADS
one_rate() {
  local before
  before=$(both_ends "$2-$3")
  connect "$2" "$3" "$CONNECTS" >>"$WORK/rate-$1-$2-$3"
  calculate '%.3f\n' "($(both_ends "$2-$3") - $before) / $CONNECTS" >>"$WORK/work-$1-$2-$3"
  [ "$1" = on ] || return 0
  expect "$SUCCESSFUL" "$2-$3" "$CONNECTS"
  # Handshake and end count one each in TCP's own numbers, and nothing here.
  expect "$BYTES_SENT" "$2-$3" 0
  expect "$BYTES_RECEIVED" "$2-$3" "$RECEIVED"
}

# one_phase on|off: all loads once. The servers start after the agent, which then hears of what they accept, too.
one_phase() {
  local opens
  [ "$1" = off ] || begin_agent
  start_servers
  opens=("$(passive_opens backend-1)" "$(passive_opens backend-2)")
  each_load one_rate "$1"
  if [ "$1" = on ]; then
    check_counts || true
    note_counts
    check_backends "${opens[@]}"
    stop_agent
  fi
  stop_servers
}

# one_cost KIND THREADS: what the agent and its programs took; a second is left for the turn that reads the last rows
one_cost() {
  local micros nanos runs nanos_after runs_after
  micros=$(agent_micros)
  read -r nanos runs _ < <(bpf_sums)
  connect "$1" "$2" "$COST_CONNECTS" >/dev/null
  sleep 1
  read -r nanos_after runs_after _ < <(bpf_sums)
  expect "$SUCCESSFUL" "$1-$2" "$COST_CONNECTS"
  calculate '%.0f ms | %.2f µs, %.1f runs' "($(agent_micros) - $micros) / 1000 * 100000 / $COST_CONNECTS,
    ($nanos_after - $nanos) / 1000 / $COST_CONNECTS, ($runs_after - $runs) / $COST_CONNECTS" >"$WORK/cost-$1-$2"
}

# differences FILE_OFF FILE_ON: per cent, one for each pair: the machine's speed drifts, so that only neighbours compare
differences() { paste "$1" "$2" | awk '{print ($2 / $1 - 1) * 100}'; }

# spread: median and quartiles of differences
spread() {
  sort -g | awk '{v[NR] = $1} END {
    printf "%+.1f (%+.1f … %+.1f) %%", (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2, v[int((NR + 3) / 4)], v[int((3 * NR + 3) / 4)]}'
}

# one_line KIND THREADS: its line of the table
one_line() {
  local what=$1 of="$1-$2"
  case $1 in
    dnat) what="DNAT to 2 backends" ;;
    1) what="1 destination" ;;
    *) what="$1 destinations" ;;
  esac
  differences "$WORK/rate-off-$of" "$WORK/rate-on-$of" >"$WORK/rates"
  differences "$WORK/work-off-$of" "$WORK/work-on-$of" >"$WORK/works"
  cat "$WORK/rates" >>"$WORK/all-rates"
  cat "$WORK/works" >>"$WORK/all-works"
  printf '| %s, %s | %s | %s | %.0f | %s | %.1f µs | %s | %s |\n' "$what" "$2" "$((PAIRS * CONNECTS + COST_CONNECTS))" \
    "$(awk -v name="$of" '$1 == name {n += $2} END {printf "%.0f", n}' "$WORK/counted")" \
    "$(median <"$WORK/rate-off-$of")" "$(spread <"$WORK/rates")" "$(median <"$WORK/work-off-$of")" "$(spread <"$WORK/works")" \
    "$(cat "$WORK/cost-$of")" >>"$WORK/loads"
}

section_load() {
  local pair memory maps peak
  start_servers
  each_load connect_to_warm_up
  stop_servers
  for pair in $(seq "$PAIRS"); do
    say "load, pair $pair of $PAIRS"
    # Who goes first alternates: a machine that warms up or slows down then favours neither.
    if [ $((pair % 2)) = 1 ]; then
      one_phase off
      one_phase on
    else
      one_phase on
      one_phase off
    fi
  done
  say "load, what it costs"
  sysctl -qw kernel.bpf_stats_enabled=1
  begin_agent
  start_servers
  memory=$(agent_kib VmRSS) maps=$(map_memory)
  forget_peak
  each_load one_cost
  check_counts || true
  note_counts
  peak=$(agent_kib VmHWM)
  sleep 5
  row "resident memory before, highest during, 5 s after $((${#KINDS[@]} * ${#THREADS[@]} * COST_CONNECTS)) connects" \
    "$(mib "$memory"), $(mib "$peak"), $(mib "$(agent_kib VmRSS)")" "≤ 90 MiB"
  row "memory of the BPF maps before, after" "$maps, $(map_memory)" "the same"
  sysctl -qw kernel.bpf_stats_enabled=0
  stop_agent
  stop_servers
  each_load one_line
  row "connects/s with the agent against without, all loads: median (quartiles)" "$(spread <"$WORK/all-rates")" "≥ −2 %"
  row "CPU time of both ends with the agent against without, all loads" "$(spread <"$WORK/all-works")" "≤ +2 %"
}

connect_to_warm_up() { connect "$1" "$2" 2000 >/dev/null; }

section_scan() {
  local memory line
  start_servers
  begin_agent
  memory=$(agent_kib VmRSS)
  forget_peak
  line=$(in_container scan client "$LOAD/tcpclient" connect "10.213.0.1+$SCAN" 8080 "$SCAN" 4) || fail "the scan failed: $line"
  rate "$line" "$SCAN" >/dev/null
  # 8 addresses, and as many ports of each as it takes
  line=$(in_container scan client "$LOAD/tcpclient" refused 10.213.0.1+8 "100-$((99 + SCAN / 8))" "$SCAN" 4) || fail "the scan failed: $line"
  expect "$SUCCESSFUL" scan "$SCAN"
  expect "$FAILED_CONNECTS" scan "$SCAN"
  expect "$ACTIVE" scan 0
  check_counts || true
  row "a container connects to $SCAN destinations and is refused by $SCAN others: counted" "$(shown scan)" "$SCAN; $SCAN"
  row "its destinations that have series of their own; longest collection" "$(shown_destinations scan); $(tcp_collection)" "–; ≤ 100 ms"
  row "resident memory before, highest during, after; BPF maps" \
    "$(mib "$memory"), $(mib "$(agent_kib VmHWM)"), $(mib "$(agent_kib VmRSS)"); $(map_memory)" "≤ 150 MiB"
  stop_agent
  stop_servers
}

# sum METRIC CONTAINER
sum() {
  scrape | awk -v metric="$1{" -v id="container_id=\"$(container "$2")\"" \
    'index($0, metric) == 1 && index($0, id) {n += $NF} END {printf "%.0f\n", n}'
}

shown() { echo "$(sum "$SUCCESSFUL" "$1"); $(sum "$FAILED_CONNECTS" "$1")"; }

shown_destinations() {
  scrape | grep "^container_net_tcp.*container_id=\"$(container "$1")\"" | grep -o '[{,]destination="[^"]*"' | sort -u | wc -l
}

# hold_open: HOLD_PROCESSES of one container with HOLD_EACH connections each, every one to a server of its own: many
# machines allow no more than some thousand descriptors for a process, and ports are as few
hold_open() {
  local port
  for port in $(seq 9001 $((9000 + HOLD_PROCESSES))); do
    lab_serve server -k "$port"
    # Not in_container: '$!' has to be the driver.
    "${ENTER_CGROUP[@]}" "$LAB_CGROUPS$(container open)" nsenter --net="/run/netns/$LAB-client" -- \
      "$LOAD/tcpclient" hold 10.213.0.1 "$port" "$HOLD_EACH" >"$WORK/hold-$port" 2>&1 </dev/null &
    HOLDERS+=($!)
  done
  for port in $(seq 9001 $((9000 + HOLD_PROCESSES))); do
    await 60 grep -q . "$WORK/hold-$port" || fail "no $HOLD_EACH connections to port $port within 60 s"
    grep -q ready "$WORK/hold-$port" || fail "no $HOLD_EACH connections to port $port: $(cat "$WORK/hold-$port")"
  done
}

section_open() {
  local memory open=$((HOLD_PROCESSES * HOLD_EACH))
  begin_agent
  memory=$(agent_kib VmRSS)
  forget_peak
  hold_open
  expect "$SUCCESSFUL" open "$open"
  expect "$ACTIVE" open "$open"
  check_counts || true
  row "$open connections of one container open at once: counted, active" "$(sum "$SUCCESSFUL" open), $(sum "$ACTIVE" open)" "$open, $open"
  row "resident memory before, highest, now; BPF maps; longest collection" \
    "$(mib "$memory"), $(mib "$(agent_kib VmHWM)"), $(mib "$(agent_kib VmRSS)"); $(map_memory); $(tcp_collection)" "≤ 150 MiB; ≤ 100 ms"
  stop_agent
  begin_agent
  expect "$SUCCESSFUL" open 0
  expect "$ACTIVE" open "$open"
  check_counts || true
  row "the agent started anew beside them: counted as new, active" "$(sum "$SUCCESSFUL" open), $(sum "$ACTIVE" open)" "0, $open"
  row "resident memory; BPF maps; longest collection" "$(mib "$(agent_kib VmRSS)"); $(map_memory); $(tcp_collection)" "≤ 150 MiB; ≤ 100 ms"
  kill "${HOLDERS[@]}"
  wait "${HOLDERS[@]}" || fail "a client that held connections failed"
  HOLDERS=()
  : >"$WORK/expected"
  expect "$ACTIVE" open 0
  check_counts || true
  row "all closed: active; resident memory" "$(sum "$ACTIVE" open); $(mib "$(agent_kib VmRSS)")" "0"
  stop_agent
  stop_servers
}

# soak_load DEADLINE: loads by turns until then; what they made goes to $WORK/soaked
soak_load() {
  local kind
  while [ "$SECONDS" -lt "$1" ]; do
    for kind in "${KINDS[@]}"; do
      connect "$kind" 4 50000 >/dev/null
      echo "$SUCCESSFUL $(container "$kind-4") 50000" >>"$WORK/soaked"
    done
  done
}

section_soak() {
  local begin=$SECONDS load kind
  start_servers
  begin_agent
  : >"$WORK/memory"
  : >"$WORK/soaked"
  soak_load $((SECONDS + SOAK_MINUTES * 60)) &
  load=$!
  while kill -0 "$load" 2>/dev/null; do
    sleep 10
    echo "$((SECONDS - begin)) $(agent_kib VmRSS)" | tee -a "$WORK/memory" | while read -r at kib; do say "soak: $at s, $(mib "$kib")"; done
  done
  wait "$load" || fail "the load did not last"
  cat "$WORK/soaked" >>"$WORK/expected"
  check_counts || true
  row "$SOAK_MINUTES minutes at full rate, 4 threads, loads by turns: made, counted" \
    "$(awk '{n += $3} END {printf "%.0f", n}' "$WORK/soaked"), $(for kind in "${KINDS[@]}"; do sum "$SUCCESSFUL" "$kind-4"; done | awk '{n += $1} END {printf "%.0f", n}')" "the same"
  # The slope is a least-squares one over the second half: what is cached is cached by then.
  row "resident memory every 10 s: lowest, highest; growth in the second half" "$(awk '
    {at[NR] = $1 / 60; value[NR] = $2 / 1024; if (NR == 1 || value[NR] < low) low = value[NR]; if (value[NR] > high) high = value[NR]}
    END {
      for (i = int(NR / 2) + 1; i <= NR; i++) {n++; x += at[i]; y += value[i]; xx += at[i] ^ 2; xy += at[i] * value[i]}
      printf "%.0f, %.0f MiB; %+.2f MiB a minute", low, high, (n * xy - x * y) / (n * xx - x * x)
    }' "$WORK/memory")" "flat"
  row "BPF maps" "$(map_memory)" "–"
  stop_agent
  stop_servers
}

prepare_benchmarks
# Whoever left it on: it takes some 50 ns for each run of a program.
sysctl -qw kernel.bpf_stats_enabled=0
: >"$WORK/loads"
start_lab
for section in "${SECTIONS[@]}"; do
  say "section $section"
  "section_$section"
done
print_machine
if [ -s "$WORK/loads" ]; then
  printf 'Differences: with the agent against without, median and quartiles of %s pairs; CPU: of client and server.\n\n' "$PAIRS"
  printf '| Load, threads | Made | Counted | connects/s | difference | CPU per connect | difference | agent per 100 000 | in the kernel per connect |\n'
  printf '| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n'
  cat "$WORK/loads"
  echo
fi
print_table
exit "$FAILED"
