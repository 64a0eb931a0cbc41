# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2086,SC2102,SC2154
# Payload of connections that carry known numbers of bytes: closed ones, open ones, over IPv6, under loss.

before_bytes() {
  # That port loses packets both ways.
  nft -f - <<'RULES'
table inet loss_of_bytes {
  chain forward {
    type filter hook forward priority 0
    tcp dport 8092 numgen inc mod 40 == 9 drop
    tcp sport 8092 numgen inc mod 40 == 9 drop
  }
}
RULES
  start one traffic $LOAD/tcptraffic serve 8091 10.77.21.2
  start one traffic-lossy $LOAD/tcptraffic serve 8092 10.77.21.2
  start one traffic6 $LOAD/tcptraffic serve 8091 fd77:21::2
  await 20 "the servers' start" eval "prints traffic ready && prints traffic-lossy ready && prints traffic6 ready"
}

traffic_bytes() {
  local to=10.77.21.2
  start pod bytes-open bash -c "sleep 1000 | $LOAD/tcptraffic stay $to 8091 70000 30000"
  run pod bytes $LOAD/tcptraffic exchange $to 8091 20000 50000 200
  run pod bytes-small $LOAD/tcptraffic exchange $to 8091 16 0 300
  run pod bytes6 $LOAD/tcptraffic exchange fd77:21::2 8091 3000 2000 50
  run lossy bytes-lossy $LOAD/tcptraffic exchange $to 8092 40000 40000 10
  await 20 "an open connection" prints bytes-open ready

  both_ways "200 exchanges" bytes
  both_ways "300 exchanges of one segment" bytes-small
  both_ways "50 exchanges over IPv6" bytes6
  both_ways "10 exchanges under loss" bytes-lossy
  both_ways "a connection that stays open" bytes-open
}

# both_ways CHECK CONTAINER
both_ways() {
  expect "bytes sent, $1" "$(said "$2" sent)" $SENT "$(container "$2")"
  expect "bytes received, $1" "$(said "$2" received)" $RECEIVED "$(container "$2")"
}

# What was open is closed: its bytes must be counted once.
after_bytes() {
  systemctl stop bytes-open
  both_ways "after the close" bytes-open
}
