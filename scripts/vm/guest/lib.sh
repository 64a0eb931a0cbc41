# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
#
# What the checks share: network namespaces, containers, the agent and its scrape, expectations. Runs in the machine only.
# A container here is a systemd service, whose cgroup is /system.slice/NAME.service in each way of mounting cgroups.
set -euo pipefail

LOAD=/payload/load
OUT=/run/checks
PORT=9400

SUCCESSFUL=container_net_tcp_successful_connects_total
FAILED=container_net_tcp_failed_connects_total
ACTIVE=container_net_tcp_active_connections
LISTEN=container_net_tcp_listen_info
FAILURES=container_net_tcp_connect_failures_total
RETRANSMITS=container_net_tcp_retransmits_total
ABANDONED=container_net_tcp_abandoned_connects_total
SENT=container_net_tcp_bytes_sent_total
RECEIVED=container_net_tcp_bytes_received_total

mkdir -p $OUT
: >$OUT/expected

abort() {
  printf 'abort\t%s\n' "$*"
  tail -n 20 $OUT/agent 2>/dev/null || true
  exit 1
}

# await SECONDS WHAT COMMAND...: polls until COMMAND succeeds
await() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || abort "$what did not happen in time"
    sleep 0.1
  done
}

# The row of which machine this is: its kernel, and how cgroups are really mounted.
machine_row() {
  local mode=v1
  [ ! -e /sys/fs/cgroup/unified/cgroup.controllers ] || mode=hybrid
  [ ! -e /sys/fs/cgroup/cgroup.controllers ] || mode=v2
  printf 'machine\t%s\t%s\n' "$(uname -r)" $mode
}

# --- network namespaces, each behind a veth pair, routed by the machine ----------------------------------------------

# namespace NAME NUMBER: 10.77.NUMBER.2 and fd77:NUMBER::2
namespace() {
  ip netns add "$1"
  ip link add "$1" type veth peer name eth0 netns "$1"
  ip addr add "10.77.$2.1/24" dev "$1"
  ip addr add "fd77:$2::1/64" dev "$1" nodad
  ip link set "$1" up
  ip -n "$1" addr add "10.77.$2.2/24" dev eth0
  ip -n "$1" addr add "fd77:$2::2/64" dev eth0 nodad
  ip -n "$1" link set lo up
  ip -n "$1" link set eth0 up
  ip -n "$1" route add default via "10.77.$2.1"
  ip -n "$1" route add default via "fd77:$2::1"
}

# tcp_counter NAMESPACE NAME: the kernel's own count, such as ActiveOpens, PassiveOpens, RetransSegs (RFC 1213)
tcp_counter() {
  ip netns exec "$1" awk -v name="$2" '/^Tcp:/ {
    if (!column) { for (i = 2; i <= NF; i++) if ($i == name) column = i } else print $column }' /proc/net/snmp
}

# --- containers ------------------------------------------------------------------------------------------------------

# start NAMESPACE NAME COMMAND...: a container that stays
start() {
  : >"$OUT/$2"
  systemd-run --quiet --unit="$2" -p NetworkNamespacePath="/run/netns/$1" -p StandardOutput="append:$OUT/$2" \
    -p StandardError="append:$OUT/$2" -p LimitNOFILE=100000 "${@:3}" || abort "cannot start $2"
}

# run NAMESPACE NAME COMMAND...: a container that lives as long as COMMAND; "-" before it lets it fail
run() {
  : >"$OUT/$2"
  systemd-run --quiet --unit="$2" -p Type=oneshot -p NetworkNamespacePath="/run/netns/$1" \
    -p StandardOutput="append:$OUT/$2" -p StandardError="append:$OUT/$2" "${@:3}" \
    || abort "$2 failed: $(cat "$OUT/$2")"
}

# said NAME KEY: what the driver of that container reported, such as made=2400
said() {
  sed -n "s/.*\b$2=\([0-9]*\).*/\1/p" "$OUT/$1" | tail -n 1
}

prints() { grep -q "$2" "$OUT/$1"; }

# --- the agent -------------------------------------------------------------------------------------------------------

# start_agent [FLAG]...: as a service, with AGENT_PROPERTIES
AGENT_PROPERTIES=()
start_agent() {
  systemd-run --quiet --unit=agent "${AGENT_PROPERTIES[@]}" -p LimitMEMLOCK=infinity -p StandardOutput="append:$OUT/agent" \
    -p StandardError="append:$OUT/agent" -p Environment="JAVA_HOME=$JAVA_HOME" \
    "$AGENT/bin/node-telemetry" --listen=127.0.0.1:$PORT "$@" || abort "cannot start the agent"
  await 400 "a first scrape" scrape
}

# scrape: into $OUT/scrape
scrape() {
  exec 9<>/dev/tcp/127.0.0.1/$PORT || return 1
  printf 'GET /metrics HTTP/1.0\r\nHost: machine\r\n\r\n' >&9
  cat <&9 >$OUT/scrape.new
  exec 9<&-
  grep -q '^node_telemetry_collector_up' $OUT/scrape.new && mv $OUT/scrape.new $OUT/scrape
}

# --- expectations ----------------------------------------------------------------------------------------------------

# expect CHECK NUMBER METRIC [LABEL=VALUE]...: to be compared by settle; NUMBER may be a range such as 10..12, and VALUE
# a word with which the label's begins, such as Files*
expect() {
  [ -n "$2" ] || abort "$1: nothing to compare with"
  printf '%s\t%s\t%s\n' "$1" "$2" "${*:3}" >>$OUT/expected
}

container() { printf 'container_id=/system.slice/%s.service' "$1"; }

# compare: writes a row per expectation; true when all of them hold. What counts is the sum over all series of that name
# that have these labels. One pass over the scrape: programs start slowly in an emulated machine.
compare() {
  awk -F '\t' '
    NR == FNR {
      checks++
      check[checks] = $1; number[checks] = $2; words = split($3, word, " ")
      metric[checks] = word[1] "{"
      for (i = 2; i <= words; i++) {
        cut = index(word[i], "=")
        wanted = substr(word[i], cut + 1) "\""
        sub(/[*]"$/, "", wanted)
        label[checks, ++labels[checks]] = substr(word[i], 1, cut) "\"" wanted
      }
      next
    }
    /^[a-z]/ {
      value = $0
      sub(/.* /, "", value)
      for (c = 1; c <= checks; c++) {
        if (index($0, metric[c]) != 1) continue
        for (i = 1; i <= labels[c] && (index($0, "{" label[c, i]) || index($0, "," label[c, i])); i++);
        if (i > labels[c]) sum[c] += value
        # The first label is the container: what else there is of it, for whoever looks into a difference.
        if (index($0, label[c, 1])) series[c] = series[c] "series\t" $0 "\n"
      }
    }
    END {
      for (c = 1; c <= checks; c++) {
        bounds = split(number[c], bound, "[.][.]")
        holds = sum[c] + 0 >= bound[1] + 0 && sum[c] + 0 <= bound[bounds] + 0
        different += !holds
        printf "%s\t%s\t%s\t%.0f\n%s", holds ? "ok" : "differs", check[c], number[c], sum[c], holds ? "" : series[c]
      }
      exit different > 0
    }' $OUT/expected $OUT/scrape >$OUT/rows
}

# settle: waits until all that was expected since the last call is in the scrape, and looks again later: what is counted
# twice would go on growing. Prints the rows of the last look.
settle() {
  [ -s $OUT/expected ] || return 0
  local deadline=$((SECONDS + 60))
  until scrape && compare || [ $SECONDS -ge $deadline ]; do sleep 1; done
  sleep 3
  scrape || abort "the agent does not answer any more"
  compare || true
  cat $OUT/rows
  : >$OUT/expected
}
