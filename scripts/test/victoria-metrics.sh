#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# VictoriaMetrics on loopback: a second, independent OTLP receiver (HTTP/protobuf) whose content can be queried.
#
#   victoria-metrics.sh start [DIR] [--owner PID]  KEY=value: DIR, OTLP_HTTP (URL without /v1/metrics), QUERY (base URL)
#   victoria-metrics.sh query DIR SELECTOR         the answer of /api/v1/query as JSON, all received samples included
#   victoria-metrics.sh stop DIR                   stops it and removes DIR
. "$(dirname "$0")/lib.sh"

launch() {
  local program=$1 port
  for _ in 1 2 3; do
    port=$(free_port)
    # latencyOffset: by default samples of the last 30 s are kept out of answers.
    background "$DIR/server.pid" "$DIR/server.log" "$program" -storageDataPath="$DIR/data" -httpListenAddr="127.0.0.1:$port" \
      -retentionPeriod=1d -search.latencyOffset=0s -search.disableCache -opentelemetry.usePrometheusNaming \
      -memory.allowedBytes=256MB
    if await 45 curl -sf "http://127.0.0.1:$port/health" && alive "$DIR/server.pid"; then
      printf '%s\n' "DIR=$DIR" "QUERY=http://127.0.0.1:$port" \
        "OTLP_HTTP=http://127.0.0.1:$port/opentelemetry" >"$DIR/env"
      return 0
    fi
    terminate "$DIR/server.pid"
  done
  tail -n 20 "$DIR/server.log" >&2
  fail "VictoriaMetrics did not start; the end of its log is above"
}

start() {
  local home
  start_options "$@"
  require curl curl
  home=$("$(dirname "$0")/trixie-package.sh" victoria-metrics)
  DIR=$(state_folder vm "$GIVEN")
  alive "$DIR/server.pid" || launch "$home/usr/bin/victoria-metrics"
  stop_with_owner
  cat "$DIR/env"
}

query() {
  local base
  DIR=$(given_folder "${1:-}")
  base=$(sed -n 's/^QUERY=//p' "${DIR:-/nonexistent}/env")
  curl -sf "$base/internal/force_flush"
  curl -sf "$base/api/v1/query" --data-urlencode "query=$2"
}

case ${1:-} in
  start) start "${@:2}" ;;
  query) query "${2:-}" "${3:?query needs a selector}" ;;
  stop) stop_server "${2:-}" ;;
  *) echo "usage: $SELF start [DIR] [--owner PID] | query DIR SELECTOR | stop DIR" >&2 && exit 2 ;;
esac
