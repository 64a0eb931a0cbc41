# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034  # used by the scripts that source this
#
# What the scripts of this folder share. The virtual machines, and all that makes and runs them, live in one folder
# outside the repository: a Debian of its own, in which the programs are run by chroot, with the images under /images.
. "$(dirname "${BASH_SOURCE[0]}")/../test/lib.sh"

MACHINES=${NODE_TELEMETRY_VM_CACHE:-/var/tmp/node-telemetry-vm}
IMAGES=$MACHINES/images

# Debian 13's QEMU runs all of these kernels; that of Debian 12 (7.2) crashes those from 6.12 on when it emulates.
TOOLS_SUITE=trixie
# The last systemd that knows all three ways of mounting cgroups.
MACHINE_SUITE=bookworm
# Where kernels are looked for; of each series the newest is taken.
KERNEL_SUITES="bullseye bookworm bookworm-backports trixie trixie-backports"

say() { printf 'test-kernels: %s\n' "$*" >&2; }

# in_tools COMMAND...: runs a program of the tools; its paths begin below $MACHINES
in_tools() {
  chroot "$MACHINES" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"
}

# ext4 FOLDER IMAGE MEBIBYTES [OPTION...]: an image of that folder with so much room beside it; paths below $MACHINES
ext4() {
  local used
  used=$(du -sm "$MACHINES$1" | cut -f1)
  rm -f "$MACHINES$2"
  truncate -s $((used * 5 / 4 + $3))M "$MACHINES$2"
  in_tools mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,nodiscard "${@:4}" -d "$1" "$2"
}
