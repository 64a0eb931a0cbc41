# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# A small network of namespaces for the benchmarks that source this, after lib.sh: clients, a server that answers on every
# address of a network, and two backends behind one service address, translated by nftables in the namespace 'nat'. No
# packet leaves the machine, and its own rules, addresses and settings stay as they are.
#
#   client 10.212.0.1 ── 10.212.0.2 server, 10.213.0.0/16: port 8080 answers
#   nat    10.212.1.1 ── 10.212.1.2 backend-1 ┐
#          10.212.2.1 ── 10.212.2.2 backend-2 ┴ port 8080: 10.214.0.1 port 80, in turn

LAB=nt-bench-$$
LAB_NAMESPACES=(client nat server backend-1 backend-2)
# bytes that a server sends before it closes
LAB_ANSWER=100
LAB_SERVERS=()
LAB_CGROUPS=""
# in_cgroup DIRECTORY COMMAND...: the words that become the command in that cgroup, so that '$!' is the command
ENTER_CGROUP=(bash -c 'mkdir -p "$1" && echo $$ >"$1/cgroup.procs" && shift && exec "$@"' -)

# inside NAMESPACE COMMAND...: not 'ip netns exec', which would mount another /sys, without cgroups
inside() {
  local namespace=$1
  shift
  nsenter --net="/run/netns/$LAB-$namespace" -- "$@"
}

# lab_link FROM TO NUMBER: a veth pair, 10.212.NUMBER.1 to .2
lab_link() {
  ip link add "to-$3" netns "$LAB-$1" type veth peer name eth0 netns "$LAB-$2"
  inside "$1" ip address add "10.212.$3.1/24" dev "to-$3"
  inside "$1" ip link set "to-$3" up
  inside "$2" ip address add "10.212.$3.2/24" dev eth0
  inside "$2" ip link set eth0 up
  # The service is dialled from the first backend's network, and translated to the other one all the same.
  inside "$2" ip route add default via "10.212.$3.1"
}

start_lab() {
  local namespace
  require ip iproute2
  require nft nftables
  LAB_CGROUPS=$(awk '$3 == "cgroup2" {print $2; exit}' /proc/mounts)
  [ -n "$LAB_CGROUPS" ] || fail "no cgroup v2 is mounted: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup/unified"
  # One level of its own: the agent reports no such group as a container.
  AGENT_PREFIX=("${ENTER_CGROUP[@]}" "$LAB_CGROUPS/$LAB-agent")
  for namespace in "${LAB_NAMESPACES[@]}"; do
    ip netns add "$LAB-$namespace"
    inside "$namespace" ip link set lo up
    # Connections that nobody has accepted yet: the driver's threads come late on a machine that is busy.
    inside "$namespace" sysctl -qw net.core.somaxconn=65535 net.ipv4.tcp_max_syn_backlog=65535
  done
  # The agent hears of translations in namespaces that have an id in the machine's, as the veth pair of a container's engine
  # gives them. One without is not heard until the agent gives it one, 5 s after its start at most.
  ip netns set "$LAB-nat" auto
  lab_link client server 0
  lab_link nat backend-1 1
  lab_link nat backend-2 2
  inside server ip route add local 10.213.0.0/16 dev lo
  inside client ip route add 10.213.0.0/16 via 10.212.0.2
  inside nat ip route add 10.214.0.0/16 via 10.212.1.2
  inside nat nft -f - <<'NFT'
table ip bench {
  chain out {
    type nat hook output priority -100;
    ip daddr 10.214.0.1 tcp dport 80 dnat to numgen inc mod 2 map { 0 : 10.212.1.2, 1 : 10.212.2.2 } : 8080
  }
}
NFT
}

# lab_serve NAMESPACE ARGUMENT...: a server of the load driver
lab_serve() {
  local namespace=$1 log=$WORK/server-$1-${*: -1}
  shift
  # No function of ours: '$!' has to be the server.
  "${ENTER_CGROUP[@]}" "$LAB_CGROUPS/$LAB-servers" nsenter --net="/run/netns/$LAB-$namespace" -- "$LOAD/tcpserver" "$@" >"$log" 2>&1 </dev/null &
  LAB_SERVERS+=($!)
  await 5 grep -q ready "$log" || fail "no server in $namespace: $(cat "$log")"
}

start_servers() {
  local namespace
  for namespace in server backend-1 backend-2; do lab_serve "$namespace" -s "$LAB_ANSWER" 8080; done
}

stop_servers() {
  [ ${#LAB_SERVERS[@]} -gt 0 ] || return 0
  kill "${LAB_SERVERS[@]}" 2>/dev/null || true
  wait "${LAB_SERVERS[@]}" 2>/dev/null || true
  LAB_SERVERS=()
}

stop_lab() {
  local namespace directory
  stop_servers
  for namespace in "${LAB_NAMESPACES[@]}"; do
    [ ! -e "/run/netns/$LAB-$namespace" ] || ip netns delete "$LAB-$namespace" || true
  done
  [ -n "$LAB_CGROUPS" ] || return 0
  find "$LAB_CGROUPS/$LAB" "$LAB_CGROUPS/$LAB-agent" "$LAB_CGROUPS/$LAB-servers" -depth -type d 2>/dev/null |
    while read -r directory; do await 2 rmdir "$directory" || true; done
}

# container NAME: its id as the agent shows it. It lies deep: on hybrid hosts the deepest cgroup of a process counts.
container() { echo "/$LAB/a/b/c/$1"; }

# in_container NAME NAMESPACE COMMAND...: runs the command as the container of that name
in_container() {
  local name=$1 namespace=$2
  shift 2
  "${ENTER_CGROUP[@]}" "$LAB_CGROUPS$(container "$name")" nsenter --net="/run/netns/$LAB-$namespace" -- "$@"
}

# passive_opens NAMESPACE: connections that were accepted there, by the kernel's own count
passive_opens() {
  inside "$1" cat /proc/net/snmp |
    awk '$1 == "Tcp:" {if (column) print $column; else for (i = 2; i <= NF; i++) if ($i == "PassiveOpens") column = i}'
}
