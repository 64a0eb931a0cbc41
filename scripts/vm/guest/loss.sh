# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2086,SC2102,SC2154
# What the network does to connections: packets that are lost, no answer, an answer by ICMP, a caller who does not wait.

before_loss() {
  # Every 15th packet to that port is lost, be it SYN, data or FIN.
  nft -f - <<'RULES'
table inet loss {
  chain forward {
    type filter hook forward priority 0
    tcp dport 8082 numgen inc mod 15 == 7 drop
    tcp dport 8083 drop
    ip daddr 10.77.21.2 tcp dport 8084 reject with icmp type host-unreachable
    tcp dport 8085 reject with tcp reset
  }
}
RULES
  ip netns exec hasty sysctl -qw net.ipv4.tcp_syn_retries=1
  start one server-lossy $LOAD/tcpserver 8082
  await 10 "the server's start" prints server-lossy ready
}

traffic_loss() {
  local to=10.77.21.2 sent_again
  sent_again=$(tcp_counter lossy RetransSegs)
  run lossy loses $LOAD/tcpclient connect $to 8082 150 16
  run hasty timed-out bash -c "$LOAD/tcpclient refused $to 8083 20 20 || true"
  run hasty unreachable bash -c "$LOAD/tcpclient refused $to 8084 30 2 || true"
  run hasty reset $LOAD/tcpclient refused $to 8085 40 2
  run hasty abandoned $LOAD/tcpclient abandon $to 8083 60 2

  expect "150 connects with every 15th packet lost" "$(said loses made)" $SUCCESSFUL "$(container loses)" destination=$to:8082
  # By now the connections that the client closed have sent their last segment.
  expect "segments that were sent again" $(($(tcp_counter lossy RetransSegs) - sent_again)) $RETRANSMITS "$(container loses)"
  expect "20 that timed out" "$(said timed-out ETIMEDOUT)" $FAILURES "$(container timed-out)" reason=timed_out
  expect "30 to an unreachable host" "$(said unreachable EHOSTUNREACH)" $FAILURES "$(container unreachable)" reason=unreachable
  expect "40 refused by a firewall" "$(said reset refused)" $FAILURES "$(container reset)" reason=refused
  expect "60 abandoned by their caller" "$(said abandoned abandoned)" $ABANDONED "$(container abandoned)" destination=$to:8083
  expect "none of them failed" 0 $FAILED "$(container abandoned)"
}
