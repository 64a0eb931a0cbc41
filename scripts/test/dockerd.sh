#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A real Docker engine for tests, apart from any other on the machine: its own data, its own socket, and a network
# namespace of its own, so that the machine's interfaces, bridge and firewall stay as they are.
#
#   dockerd.sh start [--without-proxy] [--live-restore] [--run FOLDER] [DIR] [--owner PID]
#                                          starts the engine (once), makes the image bb:1 (busybox alone); with an owner it
#                                          stops when that process ends; without its proxy published ports are translated
#                                          by the kernel alone; with live restore containers outlive it; FOLDER takes the
#                                          place of /run, such as that in which a journald of the tests has its socket
#   dockerd.sh kill DIR [SIGNAL]           ends the engine alone, by SIGKILL if nothing else is said. 'start --live-restore
#                                          DIR' resumes, in another network: for containers that have none
#   dockerd.sh env DIR                     KEY=value: DIR, DOCKER_HOST, DOCKER_PID (for nsenter --net), CONTAINERD_SOCKET
#   dockerd.sh stop DIR                    removes containers, engine, mounts, cgroups and DIR
#
# Needs root, docker.io and busybox-static.
. "$(dirname "$0")/lib.sh"

# The distribution's own client; another one may come first in PATH.
DOCKER=/usr/bin/docker
[ -x "$DOCKER" ] || DOCKER=docker

engine() {
  DOCKER_HOST=unix://$DIR/docker.sock "$DOCKER" "$@"
}

make_image() {
  local root=$DIR/bb applet busybox
  engine image inspect bb:1 >/dev/null 2>&1 && return
  busybox=$(command -v busybox)
  if ldd "$busybox" >/dev/null 2>&1; then fail "$busybox is not static: apt-get install busybox-static"; fi
  mkdir -p "$root"/{bin,dev,etc,mnt,proc,root,sys,tmp}
  cp "$busybox" "$root/bin/busybox"
  for applet in $("$busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  tar -C "$root" -c . | engine import -c 'CMD ["/bin/sh"]' - bb:1 >/dev/null
  rm -rf "$root"
}

print_environment() {
  local pid rest
  read -r pid rest <"$DIR/dockerd.pid"
  echo "DIR=$DIR"
  echo "DOCKER_HOST=unix://$DIR/docker.sock"
  echo "DOCKER_PID=$pid"
  echo "CONTAINERD_SOCKET=$DIR/exec/containerd/containerd.sock"
}

start() {
  local engine_options=() namespaces=(--net) run=""
  if [ "${1:-}" = --without-proxy ]; then engine_options=(--userland-proxy=false) && shift; fi
  if [ "${1:-}" = --live-restore ]; then engine_options+=(--live-restore) && shift; fi
  if [ "${1:-}" = --run ]; then run=$2 && namespaces+=(--mount) && shift 2; fi
  start_options "$@"
  [ "$(id -u)" = 0 ] || fail "a Docker engine needs root"
  require dockerd docker.io
  require busybox busybox-static
  require iptables iptables
  require ip iproute2
  DIR=$(state_folder docker "$GIVEN")
  [ ${#DIR} -le 60 ] || fail "$DIR is too long a path for the sockets below it (60 characters): set TMPDIR"
  if ! alive "$DIR/dockerd.pid"; then
    rm -f "$DIR/engine.pid"
    # Each step replaces the one before it, so the process started here becomes dockerd itself. Loopback is down in a new
    # namespace, and the engine's own proxies and resolvers need it.
    background "$DIR/dockerd.pid" "$DIR/dockerd.log" unshare "${namespaces[@]}" sh -c '
      ip link set lo up && { [ -z "$1" ] || mount --bind "$1" /run; } && shift && exec dockerd "$@"' - "$run" \
      --data-root "$DIR/data" --exec-root "$DIR/exec" --pidfile "$DIR/engine.pid" --host "unix://$DIR/docker.sock" \
      --shutdown-timeout 3 "${engine_options[@]}"
  fi
  if ! await 90 engine version; then
    tail -n 20 "$DIR/dockerd.log" >&2
    stop "$DIR"
    fail "dockerd did not answer within 90 s; the end of its log is above"
  fi
  make_image
  stop_with_owner
  print_environment
}

end_engine() {
  local pid rest
  read -r pid rest <"$DIR/dockerd.pid"
  alive "$DIR/dockerd.pid" && kill "-$1" "$pid"
  await 90 eval '! alive "$DIR/dockerd.pid"' || fail "dockerd $pid does not end"
  # Its containerd dies with it where it is killed. A new engine would wait for that one while it is a zombie.
  rm -f "$DIR/dockerd.pid" "$DIR/exec/containerd/containerd.pid"
}

stop() {
  local containers id group
  DIR=$(given_folder "${1:-}")
  [ -n "$DIR" ] || return 0
  forget_owner
  if alive "$DIR/dockerd.pid"; then
    containers=$(timeout 20 env DOCKER_HOST="unix://$DIR/docker.sock" "$DOCKER" ps -aq --no-trunc 2>/dev/null || true)
    # shellcheck disable=SC2086  # one argument per id
    [ -z "$containers" ] || timeout 60 env DOCKER_HOST="unix://$DIR/docker.sock" "$DOCKER" rm -f $containers >/dev/null 2>&1 || true
    terminate "$DIR/dockerd.pid" 15
    for id in ${containers:-}; do
      for group in /sys/fs/cgroup/docker/"$id" /sys/fs/cgroup/*/docker/"$id"; do
        [ ! -d "$group" ] || rmdir "$group" 2>/dev/null || true
      done
    done
  fi
  # A killed engine leaves overlay and namespace mounts. Deepest first.
  awk -v below="$DIR/" 'index($5, below) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r mount; do
    umount -l "$mount" 2>/dev/null || true
  done
  # Empty only when no other engine has containers: rmdir then refuses, which is what is wanted.
  for group in /sys/fs/cgroup/docker /sys/fs/cgroup/*/docker; do
    [ ! -d "$group" ] || rmdir "$group" 2>/dev/null || true
  done
  rm -rf "$DIR"
}

case ${1:-} in
  start) start "${@:2}" ;;
  env)
    DIR=$(given_folder "${2:-}")
    alive "${DIR:-/nonexistent}/dockerd.pid" || fail "no engine runs in ${2:-}"
    print_environment
    ;;
  kill)
    DIR=$(given_folder "${2:-}")
    end_engine "${3:-KILL}"
    ;;
  stop) stop "${2:-}" ;;
  *) echo "usage: $SELF start [--without-proxy] [--live-restore] [--run FOLDER] [DIR] [--owner PID] | env DIR | kill DIR [SIGNAL] | stop DIR" >&2 && exit 2 ;;
esac
