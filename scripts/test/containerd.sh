#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# A real containerd with its CRI plugin for tests, apart from any other on the machine: its own data and socket, and
# network and mount namespaces of its own, so that interfaces, firewall and mounts of the machine stay as they are.
# There is no kubelet: tests make pods by the CRI.
#
#   containerd.sh start [DIR] [--owner PID]  starts containerd (once), makes the images localhost/pause:1 and
#                                            localhost/bb:1 (busybox alone) in the namespaces k8s.io and default; with
#                                            an owner it stops when that process ends
#   containerd.sh env DIR                    KEY=value: DIR, SOCKET, CONTAINERD_PID (for nsenter --net), CGROUPS (a file:
#                                            'stop' removes the cgroups whose paths are its lines)
#   containerd.sh kill DIR                   ends containerd alone, by SIGKILL; containers run on. 'start DIR' resumes
#   containerd.sh stop DIR                   ends containers and containerd, removes cgroups and DIR
#
# Needs root, containerd, runc, containernetworking-plugins, iptables, busybox-static and a C compiler.
. "$(dirname "$0")/lib.sh"

ctr_of() {
  local namespace=$1
  shift
  ctr --address "$DIR/c.sock" --namespace "$namespace" "$@"
}

answers() {
  ctr --address "$DIR/c.sock" --timeout 2s version
}

write_configuration() {
  mkdir -p "$DIR/cni" "$DIR/cni-state" "$DIR/ipam"
  cat >"$DIR/cni/10-test.conflist" <<END
{"cniVersion": "0.4.0", "name": "test", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$DIR/ipam", "ranges": [[{"subnet": "10.88.78.0/24"}]],
            "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
END
  # Scores below the parent's need a capability that root of an outer container may lack.
  cat >"$DIR/config.toml" <<END
version = 2
root = "$DIR/root"
state = "$DIR/state"
[grpc]
  address = "$DIR/c.sock"
[ttrpc]
  address = "$DIR/t.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$DIR/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  disable_tcp_service = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$DIR/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
END
}

# archive NAME ROOT ENTRYPOINT: an image in docker's archive format, made of a folder
archive() {
  local work digest
  work=$(mktemp -d "$DIR/image.XXXXXX")
  tar -C "$2" --owner=0 --group=0 -c . >"$work/layer.tar"
  digest=$(sha256sum "$work/layer.tar")
  printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"],"Entrypoint":%s},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(architecture)" "$3" "${digest%% *}" >"$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$1" >"$work/manifest.json"
  tar -C "$work" -cf "$DIR/image.tar" manifest.json config.json layer.tar
  rm -rf "$work"
  ctr_of k8s.io images import "$DIR/image.tar" >/dev/null
  ctr_of default images import "$DIR/image.tar" >/dev/null
  rm -f "$DIR/image.tar"
}

architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

make_images() {
  local root=$DIR/image busybox applet
  case $(ctr_of default images ls -q) in *localhost/pause:1*) return ;; esac
  busybox=$(command -v busybox)
  if ldd "$busybox" >/dev/null 2>&1; then fail "$busybox is not static: apt-get install busybox-static"; fi
  mkdir -p "$root"/{bin,dev,etc,mnt,proc,root,sys,tmp}
  cp "$busybox" "$root/bin/busybox"
  for applet in $("$busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
  archive localhost/bb:1 "$root" null
  rm -rf "$root"
  mkdir -p "$root"
  cc -x c -static -Os -o "$root/pause" - <<'END'
#include <signal.h>
#include <unistd.h>
static void end(int signal) { _exit(0 * signal); }
int main(void) {
  signal(SIGTERM, end);
  signal(SIGINT, end);
  for (;;) pause();
}
END
  archive localhost/pause:1 "$root" '["/pause"]'
  rm -rf "$root"
}

print_environment() {
  local pid rest
  read -r pid rest <"$DIR/containerd.pid"
  echo "DIR=$DIR"
  echo "SOCKET=$DIR/c.sock"
  echo "CONTAINERD_PID=$pid"
  echo "CGROUPS=$DIR/cgroups"
}

start() {
  start_options "$@"
  [ "$(id -u)" = 0 ] || fail "containerd needs root"
  require containerd containerd
  require runc runc
  require busybox busybox-static
  require iptables iptables
  require ip iproute2
  require cc gcc libc6-dev
  [ -x /usr/lib/cni/bridge ] || fail "no /usr/lib/cni/bridge; install it: apt-get install --no-install-recommends containernetworking-plugins"
  DIR=$(state_folder containerd "$GIVEN")
  [ ${#DIR} -le 90 ] || fail "$DIR is too long a path for the sockets below it (90 characters): set TMPDIR"
  if ! alive "$DIR/containerd.pid"; then
    [ -e "$DIR/config.toml" ] || write_configuration
    # A pod outlives containerd and lives in these namespaces: one that resumes must come back to them.
    if ! alive "$DIR/namespaces.pid"; then
      background "$DIR/namespaces.pid" /dev/null unshare --net --mount sh -c '
        ip link set lo up && mkdir -p /run/netns /var/lib/cni && mount -t tmpfs tmpfs /run/netns &&
          mount --bind "$1/cni-state" /var/lib/cni && : >"$1/ready" && exec sleep infinity' - "$DIR"
      await 90 test -e "$DIR/ready" || fail "no namespaces of its own"
    fi
    local keeper rest
    read -r keeper rest <"$DIR/namespaces.pid"
    background "$DIR/containerd.pid" "$DIR/containerd.log" \
      nsenter --net="/proc/$keeper/ns/net" --mount="/proc/$keeper/ns/mnt" -- containerd --config "$DIR/config.toml"
  fi
  if ! await 90 answers; then
    tail -n 20 "$DIR/containerd.log" >&2
    stop "$DIR"
    fail "containerd did not answer within 90 s; the end of its log is above"
  fi
  make_images
  stop_with_owner
  print_environment
}

end_containers() {
  local namespace task container
  for namespace in $(ctr_of default namespaces ls -q 2>/dev/null); do
    for task in $(ctr_of "$namespace" tasks ls -q 2>/dev/null); do
      ctr_of "$namespace" tasks delete --force "$task" >/dev/null 2>&1 || true
    done
    for container in $(ctr_of "$namespace" containers ls -q 2>/dev/null); do
      ctr_of "$namespace" containers delete "$container" >/dev/null 2>&1 || true
    done
  done
}

remove_cgroup() {
  local hierarchy parent
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do
    hierarchy=${hierarchy%/}
    find "$hierarchy$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
    # The levels above are left to others who use them: rmdir refuses what is not empty.
    for parent in "${1%/*}" "${1%/*/*}" "${1%/*/*/*}"; do
      [ -z "$parent" ] || rmdir "$hierarchy$parent" 2>/dev/null || true
    done
  done
}

stop() {
  local path
  DIR=$(given_folder "${1:-}")
  [ -n "$DIR" ] || return 0
  forget_owner
  if alive "$DIR/containerd.pid"; then
    end_containers
    terminate "$DIR/containerd.pid" 15
  fi
  terminate "$DIR/namespaces.pid" 1
  if [ -e "$DIR/cgroups" ]; then
    # A cgroup is busy for a moment after its last process died.
    for _ in 1 2 3; do
      while read -r path; do [ -z "$path" ] || remove_cgroup "$path"; done <"$DIR/cgroups"
      sleep 0.2
    done
  fi
  rm -rf "$DIR"
}

case ${1:-} in
  start) start "${@:2}" ;;
  env)
    DIR=$(given_folder "${2:-}")
    alive "${DIR:-/nonexistent}/containerd.pid" || fail "no containerd runs in ${2:-}"
    print_environment
    ;;
  kill)
    DIR=$(given_folder "${2:-}")
    read -r pid _ <"$DIR/containerd.pid"
    alive "$DIR/containerd.pid" && kill -9 "$pid"
    await 90 eval '! alive "$DIR/containerd.pid"' || fail "containerd $pid does not end"
    rm -f "$DIR/containerd.pid"
    ;;
  stop) stop "${2:-}" ;;
  *) echo "usage: $SELF start [DIR] [--owner PID] | env DIR | kill DIR | stop DIR" >&2 && exit 2 ;;
esac
