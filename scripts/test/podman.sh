#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A real Podman for tests, apart from any other on the machine: its own storage and state, with its API service running.
# Its containers have no network, so that the machine's interfaces and firewall stay as they are.
#
#   podman.sh start [DIR] [--owner PID]  makes the image localhost/bb:1 (busybox alone), starts the API service; with an
#                                        owner it stops when that process ends
#   podman.sh env DIR                    KEY=value: DIR, SOCKET (the service's), ROOT (below it storage.conf and storage lie
#                                        as below the root of a machine), CONTAINERS_CONF, CONTAINERS_STORAGE_CONF
#   podman.sh podman DIR ARGUMENTS...    the client
#   podman.sh stop DIR                   removes containers, service, mounts, cgroups and DIR
#
# Needs root, podman, conmon, runc and busybox-static.
. "$(dirname "$0")/lib.sh"

# The settings of the machine may be for a systemd that is not running, or for limits above those that we may set.
write_settings() {
  mkdir -p "$DIR/root/etc/containers"
  cat >"$DIR/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
netns = "none"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
tmp_dir = "$DIR/tmp"
[engine.runtimes]
runc = ["$(PATH=$PATH:/usr/sbin:/sbin command -v runc)"]
[network]
network_config_dir = "$DIR/networks"
CONF
  # The client gets the whole path, and a reader that sees DIR/root as the machine's root the path below it.
  printf '[storage]\ndriver = "vfs"\ngraphroot = "%s/root/srv/containers"\nrunroot = "%s/run"\n' "$DIR" "$DIR" \
    >"$DIR/storage.conf"
  sed "s#$DIR/root##" "$DIR/storage.conf" >"$DIR/root/etc/containers/storage.conf"
}

client() {
  # The monitor of a container leaves a file in the folder that it was started in.
  (cd "$DIR" && CONTAINERS_CONF=$DIR/containers.conf CONTAINERS_STORAGE_CONF=$DIR/storage.conf podman "$@")
}

make_image() {
  local root=$DIR/bb applet busybox
  client image exists localhost/bb:1 && return
  busybox=$(command -v busybox)
  if ldd "$busybox" >/dev/null 2>&1; then fail "$busybox is not static: apt-get install busybox-static"; fi
  mkdir -p "$root"/{bin,dev,etc,mnt,proc,root,sys,tmp}
  cp "$busybox" "$root/bin/busybox"
  for applet in $("$busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  tar -C "$root" -c . | client import -q -c 'CMD ["/bin/sh"]' - localhost/bb:1 >/dev/null
  rm -rf "$root"
}

answers() {
  curl -sf --max-time 2 --unix-socket "$DIR/api.sock" http://podman/_ping
}

print_environment() {
  printf '%s\n' "DIR=$DIR" "SOCKET=$DIR/api.sock" "ROOT=$DIR/root" "CONTAINERS_CONF=$DIR/containers.conf" \
    "CONTAINERS_STORAGE_CONF=$DIR/storage.conf"
}

start() {
  start_options "$@"
  [ "$(id -u)" = 0 ] || fail "these containers are root's"
  require podman podman
  require conmon conmon
  require curl curl
  require busybox busybox-static
  PATH=$PATH:/usr/sbin:/sbin require runc runc
  DIR=$(state_folder podman "$GIVEN")
  [ ${#DIR} -le 90 ] || fail "$DIR is too long a path for the sockets below it (90 characters): set TMPDIR"
  [ -e "$DIR/containers.conf" ] || write_settings
  make_image
  if ! alive "$DIR/server.pid"; then
    rm -f "$DIR/api.sock"
    background "$DIR/server.pid" "$DIR/service.log" env CONTAINERS_CONF="$DIR/containers.conf" \
      CONTAINERS_STORAGE_CONF="$DIR/storage.conf" podman system service --time 0 "unix://$DIR/api.sock"
  fi
  if ! await 90 answers; then
    tail -n 20 "$DIR/service.log" >&2
    stop "$DIR"
    fail "podman's service did not answer within 90 s; the end of its log is above"
  fi
  stop_with_owner
  print_environment
}

stop() {
  local hierarchy
  DIR=$(given_folder "${1:-}")
  [ -n "$DIR" ] || return 0
  forget_owner
  if [ -e "$DIR/containers.conf" ]; then
    timeout 60 "$0" podman "$DIR" pod rm --all --force --time 0 >/dev/null 2>&1 || true
    timeout 60 "$0" podman "$DIR" rm --all --force --time 0 >/dev/null 2>&1 || true
  fi
  terminate "$DIR/server.pid"
  awk -v below="$DIR/" 'index($5, below) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r mount; do
    umount -l "$mount" 2>/dev/null || true
  done
  # A cgroup is busy for a moment after its last process died; those of other engines are not empty, and stay.
  for _ in 1 2 3; do
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do
      [ ! -d "$hierarchy/libpod_parent" ] || find "$hierarchy/libpod_parent" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
    sleep 0.2
  done
  rm -rf "$DIR"
}

case ${1:-} in
  start) start "${@:2}" ;;
  env)
    DIR=$(given_folder "${2:-}")
    alive "${DIR:-/nonexistent}/server.pid" || fail "no podman runs in ${2:-}"
    print_environment
    ;;
  podman)
    DIR=$(given_folder "${2:-}")
    client "${@:3}"
    ;;
  stop) stop "${2:-}" ;;
  *) echo "usage: $SELF start [DIR] [--owner PID] | env DIR | podman DIR ARGUMENTS... | stop DIR" >&2 && exit 2 ;;
esac
