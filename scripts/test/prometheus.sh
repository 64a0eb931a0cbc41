#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A real Prometheus on loopback that scrapes one target every five seconds.
#
#   prometheus.sh start HOST:PORT [DIR] [--owner PID]  KEY=value: DIR, QUERY (base URL), LOG
#   prometheus.sh query DIR EXPRESSION                 the answer of /api/v1/query as JSON
#   prometheus.sh stop DIR                             stops it and removes DIR
#
# Needs the package prometheus. LOG holds warnings and errors only: with a sound target it stays empty.
. "$(dirname "$0")/lib.sh"

launch() {
  local port
  cat >"$DIR/prometheus.yml" <<CONF
global: {scrape_interval: 5s, scrape_timeout: 5s}
scrape_configs:
- job_name: node-telemetry
  static_configs: [{targets: ["$1"]}]
CONF
  for _ in 1 2 3; do
    port=$(free_port)
    : >"$DIR/prometheus.log"
    background "$DIR/server.pid" "$DIR/prometheus.log" prometheus --config.file="$DIR/prometheus.yml" \
      --storage.tsdb.path="$DIR/data" --web.listen-address="127.0.0.1:$port" --log.level=warn
    if await 45 curl -sf "http://127.0.0.1:$port/-/ready" && alive "$DIR/server.pid"; then
      printf '%s\n' "DIR=$DIR" "QUERY=http://127.0.0.1:$port" "LOG=$DIR/prometheus.log" >"$DIR/env"
      return 0
    fi
    terminate "$DIR/server.pid"
  done
  tail -n 20 "$DIR/prometheus.log" >&2
  fail "Prometheus did not start; the end of its log is above"
}

start() {
  local target=${1:?start needs HOST:PORT}
  start_options "${@:2}"
  require prometheus prometheus
  require curl curl
  DIR=$(state_folder prometheus "$GIVEN")
  alive "$DIR/server.pid" || launch "$target"
  stop_with_owner
  cat "$DIR/env"
}

query() {
  DIR=$(given_folder "${1:-}")
  curl -sf "$(sed -n 's/^QUERY=//p' "${DIR:-/nonexistent}/env")/api/v1/query" --data-urlencode "query=$2"
}

case ${1:-} in
  start) start "${@:2}" ;;
  query) query "${2:-}" "${3:?query needs an expression}" ;;
  stop) stop_server "${2:-}" ;;
  *) echo "usage: $SELF start HOST:PORT [DIR] [--owner PID] | query DIR EXPRESSION | stop DIR" >&2 && exit 2 ;;
esac
