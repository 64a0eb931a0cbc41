# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2016  # single quotes: for the inner shell to expand
# shellcheck disable=SC2034  # used by the scripts that source this
#
# What the scripts of this folder share. Each script starts one real component with its state in one folder of its own,
# prints KEY=value lines that tell how to reach it, and stops it by the process id kept in that folder.

set -euo pipefail
shopt -s inherit_errexit

SELF=$(basename "$0")
REPOSITORY=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Downloads that every run needs again; removed by 'mvn clean'.
TOOLS=${NODE_TELEMETRY_TEST_TOOLS:-$REPOSITORY/target/test-tools}

fail() {
  printf '%s: %s\n' "$SELF" "$*" >&2
  exit 1
}

# require PROGRAM PACKAGE...: fails with what to install
require() {
  command -v "$1" >/dev/null || fail "no $1 in PATH; install it: apt-get install --no-install-recommends ${*:2}"
}

# Marks a folder as made by these scripts, so that 'stop' never removes any other.
MARK=.node-telemetry-test

# state_folder COMPONENT [DIR]: makes DIR, or a new folder under TMPDIR, and prints its path
state_folder() {
  local folder=${2:-}
  if [ -z "$folder" ]; then
    folder=$(mktemp -d "${TMPDIR:-/tmp}/nt-$1.XXXXXX")
  elif [ -d "$folder" ] && [ ! -e "$folder/$MARK" ] && [ -n "$(ls -A "$folder")" ]; then
    fail "$folder is not empty"
  fi
  mkdir -p "$folder"
  touch "$folder/$MARK"
  (cd "$folder" && pwd)
}

# given_folder DIR: the absolute path of a folder that 'start' made, or nothing when it is gone already
given_folder() {
  [ -n "${1:-}" ] || fail "which one? give the folder that 'start' printed as DIR"
  [ -e "$1" ] || return 0
  [ -e "$1/$MARK" ] || fail "$1 is not a folder of these scripts"
  (cd "$1" && pwd)
}

# alive PIDFILE: true while the process started under that file runs; its start time guards against a reused pid
alive() {
  [ -s "$1" ] || return 1
  local pid started
  read -r pid started <"$1"
  [ "$(start_time "$pid")" = "$started" ]
}

start_time() {
  # The command name may hold spaces and brackets: count fields after its closing one. Zombies count as gone.
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  stat=${stat##*) }
  [ "${stat%% *}" = Z ] || awk '{print $20}' <<<"$stat"
}

# background PIDFILE LOG COMMAND...: starts COMMAND in a session of its own, so that it outlives the caller
background() {
  local pidfile=$1 log=$2
  shift 2
  # No function here and none in COMMAND: '&' behind a shell function would give the pid of a subshell.
  setsid "$@" >>"$log" 2>&1 </dev/null &
  remember "$pidfile" $!
}

remember() {
  printf '%s %s\n' "$2" "$(start_time "$2")" >"$1"
}

# terminate PIDFILE [SECONDS]: SIGTERM, then SIGKILL when it is still there after SECONDS (default 10)
terminate() {
  local pid rest
  if alive "$1"; then
    read -r pid rest <"$1"
    kill "$pid" 2>/dev/null || true
    for _ in $(seq $((${2:-10} * 10))); do
      alive "$1" || break
      sleep 0.1
    done
    alive "$1" && kill -9 "$pid" 2>/dev/null
  fi
  rm -f "$1"
}

# await SECONDS COMMAND...: polls until COMMAND succeeds
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

listens() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# A port of 127.0.0.1 below the range that the kernel hands out itself, so that no outgoing connection can take it
# between this look and the server's bind.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + RANDOM % 12000))
    listens "$port" || {
      echo "$port"
      return 0
    }
  done
  fail "no free port between 20000 and 32000"
}

# start_options [DIR] [--owner PID]: sets GIVEN and OWNER, each empty when absent
start_options() {
  GIVEN="" OWNER=""
  while [ $# -gt 0 ]; do
    case $1 in
      --owner) OWNER=${2:?--owner needs a process id} && shift 2 ;;
      -*) fail "unknown option $1" ;;
      *) GIVEN=$1 && shift ;;
    esac
  done
}

# stop_with_owner: when start was given an owner, runs 'stop DIR' as soon as that process ends, however it ends
stop_with_owner() {
  [ -n "$OWNER" ] || return 0
  alive "$DIR/watcher.pid" && return 0
  background "$DIR/watcher.pid" /dev/null \
    bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; exec "$2" stop "$3"' - "$OWNER" "$(realpath "$0")" "$DIR"
}

# To be called by 'stop': ends the watcher, unless this is the watcher's own call.
forget_owner() {
  local pid rest
  [ -s "$DIR/watcher.pid" ] && read -r pid rest <"$DIR/watcher.pid"
  [ "${pid:-}" = $$ ] || terminate "$DIR/watcher.pid" 1
}

# stop_server DIR: ends the one server that was started as DIR/server.pid, and removes DIR
stop_server() {
  DIR=$(given_folder "${1:-}")
  [ -n "$DIR" ] || return 0
  forget_owner
  terminate "$DIR/server.pid"
  rm -rf "$DIR"
}
