#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A real OTLP receiver on loopback, for gRPC and HTTP/protobuf: rotel, from its Python wheel. What it receives is written
# to a log in readable form, one group of lines per data point, and goes nowhere else.
#
#   otlp-receiver.sh start [DIR] [--owner PID]   KEY=value: DIR, OTLP_GRPC (URL), OTLP_HTTP (URL without /v1/metrics), LOG
#   otlp-receiver.sh log DIR                     what it received
#   otlp-receiver.sh stop DIR                    stops it and removes DIR
. "$(dirname "$0")/lib.sh"

VERSION=0.0.1a15

install_receiver() {
  local home=$TOOLS/rotel-$VERSION
  if [ ! -e "$home/complete" ]; then
    require python3 python3-venv
    mkdir -p "$TOOLS"
    rm -rf "$home"
    python3 -m venv "$home" || fail "python3 has no venv: apt-get install --no-install-recommends python3-venv"
    "$home/bin/pip" install --quiet --disable-pip-version-check "rotel==$VERSION" >&2 ||
      fail "pip could not install rotel==$VERSION"
    touch "$home/complete"
  fi
  find "$home" -name rotel-agent -type f
}

# Two free ports can be gone again before the server binds them: then it ends, and two others are tried.
launch() {
  local receiver=$1 grpc http
  for _ in 1 2 3; do
    grpc=$(free_port)
    http=$(free_port)
    [ "$http" != "$grpc" ] || continue
    background "$DIR/server.pid" "$DIR/received.log" "$receiver" start --otlp-grpc-endpoint "127.0.0.1:$grpc" \
      --otlp-http-endpoint "127.0.0.1:$http" --exporter blackhole --debug-log metrics --debug-log-verbosity detailed
    if await 45 listens "$grpc" && await 45 listens "$http" && alive "$DIR/server.pid"; then
      printf '%s\n' "DIR=$DIR" "OTLP_GRPC=http://127.0.0.1:$grpc" "OTLP_HTTP=http://127.0.0.1:$http" \
        "LOG=$DIR/received.log" >"$DIR/env"
      return 0
    fi
    terminate "$DIR/server.pid"
  done
  tail -n 20 "$DIR/received.log" >&2
  fail "rotel did not start; the end of its log is above"
}

start() {
  local receiver
  start_options "$@"
  receiver=$(install_receiver)
  DIR=$(state_folder otlp "$GIVEN")
  alive "$DIR/server.pid" || launch "$receiver"
  stop_with_owner
  cat "$DIR/env"
}

case ${1:-} in
  start) start "${@:2}" ;;
  log)
    DIR=$(given_folder "${2:-}")
    cat "${DIR:-/nonexistent}/received.log"
    ;;
  stop) stop_server "${2:-}" ;;
  *) echo "usage: $SELF start [DIR] [--owner PID] | log DIR | stop DIR" >&2 && exit 2 ;;
esac
