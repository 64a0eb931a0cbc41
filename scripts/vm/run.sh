#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
#   run.sh KERNEL v2|hybrid|v1 PAYLOAD [SECONDS]
#
# Starts a virtual machine with that kernel and that way of mounting cgroups, runs the program "run" of the image PAYLOAD
# in it, prints what it prints, and ends when the machine does. PAYLOAD is an ext4 image in NODE_TELEMETRY_VM_CACHE/images,
# made by ext4() of lib.sh. Emulated, so that it works where there is no /dev/kvm; SECONDS for everything, 300 by default.
# Exit status 124: it took longer; 1: the machine died. Then the end of its console is on standard error.
. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || { sed -n '4p' "$0" >&2 && exit 2; }
KERNEL=$1 MODE=$2 PAYLOAD=$3 LIMIT=${4:-300}
[ -e "$IMAGES/$KERNEL/release" ] || fail "no image of kernel $KERNEL: scripts/vm/build.sh $KERNEL"

case $MODE in
  v2) cgroups="systemd.unified_cgroup_hierarchy=1" ;;
  hybrid) cgroups="systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=0" ;;
  v1) cgroups="systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1" ;;
  *) fail "no such way of mounting cgroups: $MODE (v2, hybrid or v1)" ;;
esac

RUN=$(mktemp -d -p "$MACHINES/tmp")
QEMU=""
# timeout has a process group of its own, so ^C does not reach it.
trap '[ -z "$QEMU" ] || kill "$QEMU" 2>/dev/null; rm -rf "$RUN"' EXIT
trap 'exit 130' INT TERM
run=${RUN#"$MACHINES"}

# mitigations, apparmor: slow under emulation, and nothing that is tested here. tsc: an emulated machine that had to wait
# for the host's CPUs would call its clock broken.
cmdline="console=ttyS0 quiet loglevel=4 panic=-1 oops=panic mitigations=off apparmor=0 tsc=reliable random.trust_cpu=on
  net.ifnames=0 systemd.show_status=no systemd.firstboot=off $cgroups"

disk() { printf 'file=%s,if=virtio,format=raw,%s' "$1" "$2"; }

status=0
timeout --kill-after=5 "$LIMIT" nice -n 10 chroot "$MACHINES" /usr/bin/qemu-system-x86_64 \
  -nodefaults -no-user-config -display none -no-reboot \
  -machine q35 -accel tcg,thread=multi -cpu max -smp 2 -m 1536 \
  -kernel "/images/$KERNEL/vmlinuz" -initrd "/images/$KERNEL/initrd.img" -append "${cmdline//$'\n'/}" \
  -drive "$(disk /images/root.img snapshot=on,cache=unsafe)" \
  -drive "$(disk "/images/$KERNEL/modules.img" readonly=on)" \
  -drive "$(disk "/images/$PAYLOAD" readonly=on)" \
  -serial "file:$run/console" -serial "file:$run/output" -device virtio-rng-pci \
  >"$RUN/qemu" 2>&1 </dev/null &
QEMU=$!
wait "$QEMU" || status=$?
QEMU=""
tr -d '\r' <"$RUN/output"
if [ "$status" != 0 ] || ! grep -q '^done' "$RUN/output"; then
  say "$KERNEL, $MODE: the machine did not end in order (status $status); the end of its console:"
  tail -n 5 "$RUN/qemu" >&2
  tail -n 40 "$RUN/console" >&2
  [ "$status" != 0 ] || status=1
  exit "$status"
fi
