# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2086,SC2102,SC2154
# Connects, failures, listeners; what is older than the agent; an agent that starts in the middle of the traffic.

before_counts() {
  start one server $LOAD/tcpserver 8080
  start one server6 $LOAD/tcpserver 8080 fd77:21::2
  start two keeper $LOAD/tcpserver -k 9000
  await 20 "the servers' start" eval "prints server ready && prints server6 ready && prints keeper ready"

  start pod older bash -c "$LOAD/tcpclient hold 10.77.22.2 9000 1 & echo \$! >$OUT/older.pid; exec $LOAD/tcpclient hold 10.77.22.2 9000 4"
  start middle middle bash -c "until [ -e $OUT/enough ]; do $LOAD/tcpclient connect 10.77.21.2 8080 40 2 100 || exit; done; echo complete; sleep 1000"
  await 20 "older connections" eval "prints older made=4 && prints older made=1"
  # shellcheck disable=SC2016
  await 20 "traffic before the agent" eval '[ "$(tcp_counter middle ActiveOpens)" -gt 50 ]'

  expect "5 older connections are active" 5 $ACTIVE "$(container older)"
  expect "and not counted as new" 0 $SUCCESSFUL "$(container older)"
  expect "an older listener" 1 $LISTEN "$(container server)" listen_addr=10.77.21.2:8080
}

traffic_counts() {
  local to=10.77.21.2
  kill "$(cat $OUT/older.pid)"
  run pod four-threads $LOAD/tcpclient connect $to 8080 2400 4
  run pod one-thread $LOAD/tcpclient connect $to 8080 2400 1
  run pod processes $LOAD/tcpclient procs $to 8080 200 4
  run pod refused $LOAD/tcpclient refused $to 9 100 2
  run pod six $LOAD/tcpclient connect fd77:21::2 8080 300 2
  run pod six-refused $LOAD/tcpclient refused fd77:21::2 9 50 2
  run pod mapped $LOAD/tcpclient connect ::ffff:$to 8080 100 2
  start two newer $LOAD/tcpserver 8081
  touch $OUT/enough
  await 20 "the end of the traffic" prints middle complete
  local opens_after
  opens_after=$(tcp_counter middle ActiveOpens)

  expect "2400 connects by 4 threads" "$(said four-threads made)" $SUCCESSFUL "$(container four-threads)" destination=$to:8080
  expect "2400 connects by 1 thread" "$(said one-thread made)" $SUCCESSFUL "$(container one-thread)" destination=$to:8080
  expect "200 processes that connect once" "$(said processes made)" $SUCCESSFUL "$(container processes)" destination=$to:8080
  expect "100 refused" "$(said refused refused)" $FAILED "$(container refused)" destination=$to:9
  expect "none of them succeeded" 0 $SUCCESSFUL "$(container refused)"
  expect "300 connects over IPv6" "$(said six made)" $SUCCESSFUL "$(container six)" "destination=[fd77:21::2]:8080"
  expect "50 refused over IPv6" "$(said six-refused refused)" $FAILED "$(container six-refused)" "destination=[fd77:21::2]:9"
  expect "100 connects to an IPv4-mapped address" "$(said mapped made)" $SUCCESSFUL "$(container mapped)" destination=$to:8080
  expect "an agent that starts in the middle" $((opens_after - opens_started))..$((opens_after - opens_before)) \
    $SUCCESSFUL "$(container middle)" destination=$to:8080
  expect "4 of 5 older connections after a close" 4 $ACTIVE "$(container older)"
  expect "no connection that is over is active" 0 $ACTIVE "$(container four-threads)"
  expect "a newer listener" 1 $LISTEN "$(container newer)" listen_addr=10.77.22.2:8081
}

after_counts() {
  systemctl stop newer
  expect "a listener that is closed" 0 $LISTEN "$(container newer)"
}

restarted_counts() {
  expect "after a restart: what is open is active" 4 $ACTIVE "$(container older)"
  expect "after a restart: and not counted as new" 0 $SUCCESSFUL "$(container older)"
}
