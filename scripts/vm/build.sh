#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
#   build.sh KERNEL...      makes what virtual machines with these kernels need, such as "6.1 6.12", as far as it is missing
#
# Debian's packages only, from the mirror that this machine's apt sources name. Nothing is installed here. What is made
# stays in NODE_TELEMETRY_VM_CACHE (/var/tmp/node-telemetry-vm, 2 GB); to have it made anew, remove that folder.
. "$(dirname "$0")/lib.sh"

[ $# -gt 0 ] || { echo "usage: $SELF KERNEL..." >&2 && exit 2; }
KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

find_mirror() {
  require apt-get apt
  require mmdebstrap mmdebstrap
  [ "$(id -u)" = 0 ] || fail "needs root"
  [ -e "$KEYS" ] || fail "no $KEYS: apt-get install debian-archive-keyring"
  MIRROR=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
  [ -n "$MIRROR" ] || fail "apt's lists name no Debian mirror: add one to the apt sources, then apt-get update"
}

# debian SUITE FOLDER VARIANT PACKAGES: a Debian in a folder that does not exist yet
debian() {
  local log=$WORK/mmdebstrap.log
  mmdebstrap --quiet --variant="$3" --include="$4" --aptopt='APT::Install-Recommends "false"' \
    --aptopt='Acquire::Languages "none"' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' "$1" "$2" "deb [signed-by=$KEYS] $MIRROR $1 main" >"$log" 2>&1 \
    || { tail -n 20 "$log" >&2 && fail "mmdebstrap could not make a $1 with $4"; }
}

build_tools() {
  say "tools: QEMU and what makes images, of Debian $TOOLS_SUITE"
  [ ! -e "$MACHINES" ] || fail "$MACHINES is there and is not complete: remove it"
  # Unpacked and not installed: these programs need their files and nothing else.
  debian $TOOLS_SUITE "$MACHINES.new" extract qemu-system-x86,seabios,e2fsprogs,kmod,cpio,xz-utils,zstd,gzip,busybox-static,coreutils,dpkg,findutils,bash
  mkdir -p "$MACHINES.new/images" "$MACHINES.new/tmp" "$MACHINES.new/var/tmp"
  : >"$MACHINES.new/etc/mtab" # or mkfs complains
  chroot "$MACHINES.new" /usr/bin/qemu-system-x86_64 --version >&2 || fail "QEMU of Debian $TOOLS_SUITE does not start here"
  mv "$MACHINES.new" "$MACHINES"
}

build_machine() {
  say "machine: a root file system of Debian $MACHINE_SUITE"
  local root=$WORK/root
  debian $MACHINE_SUITE "$root" minbase systemd,kmod,iproute2,nftables,iptables,libbpf1,zlib1g,libstdc++6,procps
  rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/etc/apt/sources.list*
  : >"$root/etc/fstab"
  echo machine >"$root/etc/hostname"
  echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
  mkdir -p "$root/payload" "$root/usr/lib/modules"
  cp "$REPOSITORY/scripts/vm/guest/payload.service" "$root/etc/systemd/system/"
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
  ln -s ../payload.service "$root/etc/systemd/system/multi-user.target.wants/"
  # What only takes time here.
  local unit
  for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
    fstrim.timer systemd-journal-flush.service getty@tty1.service serial-getty@ttyS0.service systemd-pstore.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  ext4 "${root#"$MACHINES"}" /images/root.img.new 300
  mv "$IMAGES/root.img.new" "$IMAGES/root.img"
  rm -rf "$root"
}

apt_here() { APT_CONFIG=$WORK/apt.conf "$@"; }

fetch_lists() {
  [ ! -e "$WORK/apt.conf" ] || return 0
  say "package lists of $KERNEL_SUITES"
  mkdir -p "$WORK"/lists/partial "$WORK"/apt/archives/partial "$WORK/none"
  : >"$WORK/status"
  local suite
  for suite in $KERNEL_SUITES; do echo "deb [arch=amd64 signed-by=$KEYS] $MIRROR $suite main"; done >"$WORK/sources.list"
  cat >"$WORK/apt.conf" <<CONF
Dir::State::lists "$WORK/lists";
Dir::State::status "$WORK/status";
Dir::Cache "$WORK/apt";
Dir::Etc::sourcelist "$WORK/sources.list";
Dir::Etc::sourceparts "$WORK/none";
Dir::Etc::preferencesparts "$WORK/none";
Dir::Etc::preferences "/dev/null";
APT::Architecture "amd64";
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
  # A suite that the mirror no longer has is no loss unless its kernel is wanted.
  apt_here apt-get -qq update || say "some package lists are missing"
}

# kernel_release SERIES: such as 6.1.0-50-cloud-amd64; cloud kernels have the drivers of virtual machines and few others
kernel_release() {
  apt_here apt-cache pkgnames "linux-image-$1." | sed -n "s/^linux-image-\(${1//./\\.}\.[0-9].*-cloud-amd64\)$/\1/p" | sort -V | tail -n 1
}

build_kernel() {
  local series=$1 release name unpacked=$WORK/kernel
  release=$(kernel_release "$series")
  [ -n "$release" ] || fail "no kernel $series in $KERNEL_SUITES of this machine's Debian mirror"
  say "kernel $series: $release"
  rm -rf "$unpacked" && mkdir -p "$unpacked"
  # Since 7.3 the image is a package that only depends on the others.
  for name in "linux-image-$release" "linux-base-$release" "linux-binary-$release" "linux-modules-$release"; do
    [ -z "$(apt_here apt-cache madison "$name")" ] || (cd "$unpacked" && apt_here apt-get -qq download "$name")
  done
  for name in "$unpacked"/*.deb; do dpkg-deb -x "$name" "$unpacked/all"; done
  local folder=$WORK/$series vmlinuz modules
  mkdir -p "$folder/tree/lib/modules" "$folder/initrd/modules"
  vmlinuz=$(find "$unpacked/all" -type f -name 'vmlinuz*')
  modules=$(find "$unpacked/all" -type d -path "*/lib/modules/$release")
  [ -n "$vmlinuz" ] && [ -n "$modules" ] || fail "the packages of kernel $release are laid out in an unknown way"
  cp "$vmlinuz" "$folder/vmlinuz"
  mv "$modules" "$folder/tree/lib/modules/"
  find "$folder/tree" -name vmlinuz -delete
  rm -f "$folder/tree/lib/modules/$release/build" "$folder/tree/lib/modules/$release/source"
  in_tools depmod -b "${folder#"$MACHINES"}/tree" "$release"
  build_initrd "$folder" "$release"
  ext4 "${folder#"$MACHINES"}/tree/lib/modules" "${folder#"$MACHINES"}/modules.img" 16 -O ^has_journal
  echo "$release" >"$folder/release"
  rm -rf "$folder/tree" "$folder/initrd" "$unpacked" "$WORK/apt/archives"/*.deb
  mv "$folder" "$IMAGES/$series"
}

# build_initrd FOLDER RELEASE: the modules that reach the disks, in the order of their loading, and guest/init
build_initrd() {
  local initrd=$1/initrd module path plain
  mkdir -p "$initrd/bin" "$initrd/root" "$initrd/dev"
  cp "$MACHINES/bin/busybox" "$initrd/bin/"
  install -m 755 "$REPOSITORY/scripts/vm/guest/init" "$initrd/init"
  for module in virtio_pci virtio_blk crc32c_generic crc32c ext4; do
    # Not each kernel has each of them as a module.
    in_tools modprobe -d "${1#"$MACHINES"}/tree" -S "$2" --show-depends $module 2>/dev/null || true
  done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++' >"$initrd/paths"
  while read -r path; do
    plain=$(basename "$path" | sed 's/\.\(xz\|zst\|gz\)$//')
    case $path in
      *.xz) in_tools xz -dc "$path" ;;
      *.zst) in_tools zstd -dqc "$path" ;;
      *.gz) in_tools gzip -dc "$path" ;;
      *) in_tools cat "$path" ;;
    esac >"$initrd/modules/$plain"
    echo "$plain" >>"$initrd/modules/order"
  done <"$initrd/paths"
  rm "$initrd/paths"
  in_tools bash -c "cd '${initrd#"$MACHINES"}' && find . | cpio -o -H newc --quiet -R 0:0 | gzip -1" >"$1/initrd.img"
}

missing=()
for series in "$@"; do [ -e "$IMAGES/$series/release" ] || missing+=("$series"); done
[ ${#missing[@]} -gt 0 ] || [ ! -e "$IMAGES/root.img" ] || exit 0

mkdir -p "$(dirname "$MACHINES")"
exec 8>"$MACHINES.lock"
flock 8
WORK=$(mktemp -d)
trap 'rm -rf "$WORK" "$MACHINES.new"' EXIT
find_mirror
[ -e "$MACHINES/usr/bin/qemu-system-x86_64" ] || build_tools
# From here on in the cache, where the tools see it.
rm -rf "$WORK"
WORK=$(mktemp -d -p "$MACHINES/tmp")
[ -e "$IMAGES/root.img" ] || build_machine
for series in "${missing[@]}"; do
  [ ! -e "$IMAGES/$series/release" ] || continue # made while we waited
  fetch_lists
  build_kernel "$series"
done
