# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2086,SC2102,SC2154
# Service addresses that the machine translates to two backends: each connection belongs to the backend that got it, by
# what the backends' own kernels counted. For clients in a namespace and on the machine, by nftables and iptables.

before_translation() {
  ip netns attach machine 1
  nft -f - <<'RULES'
table ip services {
  chain translate {
    ip daddr 10.96.0.1 tcp dport 80 dnat to numgen inc mod 2 map { 0 : 10.77.21.2, 1 : 10.77.22.2 } : 8090
  }
  chain prerouting {
    type nat hook prerouting priority dstnat
    jump translate
  }
  chain output {
    type nat hook output priority -100
    jump translate
  }
}
table ip6 services {
  chain translate {
    ip6 daddr fd96::1 tcp dport 80 dnat to numgen inc mod 2 map { 0 : fd77:21::2, 1 : fd77:22::2 } : 8090
  }
  chain prerouting {
    type nat hook prerouting priority dstnat
    jump translate
  }
}
RULES
  # Where the machine's own connections go before they are translated: anywhere.
  ip route add 10.96.0.0/24 via 10.77.21.2
  local chain
  for chain in PREROUTING OUTPUT; do
    iptables -t nat -A $chain -d 10.96.0.2 -p tcp --dport 80 -m statistic --mode nth --every 2 --packet 0 -j DNAT --to-destination 10.77.21.2:8090
    iptables -t nat -A $chain -d 10.96.0.2 -p tcp --dport 80 -j DNAT --to-destination 10.77.22.2:8090
  done
  iptables -t nat -A PREROUTING -d 10.96.0.3 -p tcp --dport 80 -j DNAT --to-destination 10.77.22.2:9001
  local name
  for name in one two; do start $name backend-$name $LOAD/tcpserver 8090 ::; done
  start two backend-keeper $LOAD/tcpserver -k 9001
  await 20 "the backends' start" eval "prints backend-one ready && prints backend-two ready && prints backend-keeper ready"

  start pod older-translated $LOAD/tcpclient hold 10.96.0.3 80 7
  await 20 "older connections" prints older-translated made=7
  expect "7 older translated connections" 7 $ACTIVE "$(container older-translated)" destination=10.96.0.3:80 actual_destination=10.77.22.2:9001
}

# translated CHECK NAMESPACE CONTAINER ADDRESS ONE TWO COMMAND...: connects to port 80 of ADDRESS, whose backends are ONE and TWO
translated() {
  local one two
  one=$(tcp_counter one PassiveOpens) two=$(tcp_counter two PassiveOpens)
  run "$2" "$3" "${@:7}"
  expect "$1" "$(said "$3" made)" $SUCCESSFUL "$(container "$3")" "destination=$4:80"
  expect "$1: by the first backend" $(($(tcp_counter one PassiveOpens) - one)) $SUCCESSFUL "$(container "$3")" "destination=$4:80" "actual_destination=$5:8090"
  expect "$1: by the second backend" $(($(tcp_counter two PassiveOpens) - two)) $SUCCESSFUL "$(container "$3")" "destination=$4:80" "actual_destination=$6:8090"
}

traffic_translation() {
  local one=10.77.21.2 two=10.77.22.2
  translated "1000 connects by nftables" pod nft 10.96.0.1 $one $two $LOAD/tcpclient connect 10.96.0.1 80 1000 4
  translated "1000 connects by iptables" pod iptables 10.96.0.2 $one $two $LOAD/tcpclient connect 10.96.0.2 80 1000 4
  translated "200 connects by nftables over IPv6" pod nft6 "[fd96::1]" "[fd77:21::2]" "[fd77:22::2]" $LOAD/tcpclient connect fd96::1 80 200 2
  translated "200 connects by nftables on the machine" machine nft-machine 10.96.0.1 $one $two $LOAD/tcpclient connect 10.96.0.1 80 200 2
  translated "200 connects by iptables on the machine" machine iptables-machine 10.96.0.2 $one $two $LOAD/tcpclient connect 10.96.0.2 80 200 2
  translated "200 processes by nftables" pod nft-processes 10.96.0.1 $one $two $LOAD/tcpclient procs 10.96.0.1 80 200 4
}

restarted_translation() {
  expect "after a restart: 7 translated connections" 7 $ACTIVE "$(container older-translated)" destination=10.96.0.3:80 actual_destination=10.77.22.2:9001
}
