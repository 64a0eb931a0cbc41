#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A real systemd-journald for tests, apart from any other on the machine: in a mount namespace of its own, in which /run and
# /var/log are folders of its own. What systemd is PID 1 of, if anything, plays no part.
#
#   journald.sh start [--persistent] [DIR] [--owner PID]
#                               starts it (once): journal files below RUN/log/journal, or below LOG/journal if persistent;
#                               with an owner it stops when that process ends
#   journald.sh env DIR         KEY=value: DIR, RUN and LOG (which stand for /run and /var/log), SOCKET (native protocol),
#                               SYSLOG (what /dev/log is elsewhere), NAMESPACE (for nsenter --mount)
#   journald.sh enter DIR COMMAND...  runs a command in the namespace, such as journalctl --rotate or systemd-cat
#   journald.sh flush DIR       has it write to LOG from now on, as 'journalctl --flush' does at the boot of a machine
#   journald.sh kill DIR        ends it by SIGKILL. 'start DIR' resumes
#   journald.sh stop DIR        ends it and removes DIR
#
# Needs root and systemd (the programs alone).
. "$(dirname "$0")/lib.sh"

JOURNALD=/lib/systemd/systemd-journald

in_namespace() {
  local keeper rest
  read -r keeper rest <"$DIR/namespace.pid"
  nsenter --mount="/proc/$keeper/ns/mnt" -- "$@"
}

write_settings() {
  mkdir -p "$DIR"/run/systemd/{journal,journald.conf.d} "$DIR/log" "$DIR/run/log/journal"
  # No limits: how full the machine's disk is plays no part, and neither do the kernel's messages and auditing.
  cat >"$DIR/run/systemd/journald.conf.d/test.conf" <<CONF
[Journal]
Storage=auto
Audit=
ReadKMsg=no
RateLimitIntervalSec=0
RuntimeMaxUse=512M
RuntimeKeepFree=1M
SystemMaxUse=512M
SystemKeepFree=1M
ForwardToSyslog=no
CONF
}

print_environment() {
  local keeper rest
  read -r keeper rest <"$DIR/namespace.pid"
  printf '%s\n' "DIR=$DIR" "RUN=$DIR/run" "LOG=$DIR/log" "SOCKET=$DIR/run/systemd/journal/socket" \
    "SYSLOG=$DIR/run/systemd/journal/dev-log" "NAMESPACE=/proc/$keeper/ns/mnt"
}

# To be there is not enough: a socket of a journald that was killed is there too.
answers() {
  in_namespace journalctl --sync
}

start() {
  local persistent=
  if [ "${1:-}" = --persistent ]; then persistent=yes && shift; fi
  start_options "$@"
  [ "$(id -u)" = 0 ] || fail "journald needs root"
  [ -x "$JOURNALD" ] || fail "no $JOURNALD; install it: apt-get install --no-install-recommends systemd"
  require journalctl systemd
  DIR=$(state_folder journald "$GIVEN")
  [ ${#DIR} -le 70 ] || fail "$DIR is too long a path for the sockets below it (70 characters): set TMPDIR"
  [ -e "$DIR/run/systemd" ] || write_settings
  [ -z "$persistent" ] || mkdir -p "$DIR/log/journal"
  if ! alive "$DIR/namespace.pid"; then
    background "$DIR/namespace.pid" "$DIR/journald.log" unshare --mount sh -c '
      mount --bind "$1/log" /var/log && mount --bind "$1/run" /run && : >"$1/ready" && exec sleep infinity' - "$DIR"
    await 90 test -e "$DIR/ready" || fail "no mount namespace: $(cat "$DIR/journald.log")"
  fi
  if ! alive "$DIR/server.pid"; then
    [ -z "$persistent" ] || touch "$DIR/run/systemd/journal/flushed"
    local keeper rest
    read -r keeper rest <"$DIR/namespace.pid"
    background "$DIR/server.pid" "$DIR/journald.log" nsenter --mount="/proc/$keeper/ns/mnt" -- "$JOURNALD"
  fi
  if ! await 90 answers; then
    tail -n 20 "$DIR/journald.log" >&2
    stop "$DIR"
    fail "journald did not answer within 90 s; the end of its log is above"
  fi
  stop_with_owner
  print_environment
}

stop() {
  DIR=$(given_folder "${1:-}")
  [ -n "$DIR" ] || return 0
  forget_owner
  terminate "$DIR/server.pid"
  terminate "$DIR/namespace.pid" 1
  rm -rf "$DIR"
}

case ${1:-} in
  start) start "${@:2}" ;;
  env)
    DIR=$(given_folder "${2:-}")
    alive "${DIR:-/nonexistent}/server.pid" || fail "no journald runs in ${2:-}"
    print_environment
    ;;
  enter)
    DIR=$(given_folder "${2:-}")
    in_namespace "${@:3}"
    ;;
  flush)
    DIR=$(given_folder "${2:-}")
    mkdir -p "$DIR/log/journal"
    in_namespace journalctl --flush
    ;;
  kill)
    DIR=$(given_folder "${2:-}")
    read -r pid _ <"$DIR/server.pid"
    alive "$DIR/server.pid" && kill -9 "$pid"
    await 90 eval '! alive "$DIR/server.pid"' || fail "journald $pid does not end"
    rm -f "$DIR/server.pid"
    ;;
  stop) stop "${2:-}" ;;
  *) echo "usage: $SELF start [--persistent] [DIR] [--owner PID] | env DIR | enter DIR COMMAND... | flush DIR | kill DIR | stop DIR" >&2 && exit 2 ;;
esac
