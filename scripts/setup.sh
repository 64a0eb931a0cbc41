#!/bin/bash
# Makes the machine ready: scripts/setup.sh run|build|test|kernels. Quick and quiet when nothing is missing.
#
#   run     what the built distribution needs: a JDK >= 25, libbpf, libzstd, liblz4, liblzma
#   build   also what compiles it: clang, llvm-strip, make, curl or wget (for the Maven wrapper)
#   test    also what the tests start or compare with: docker, busybox, iptables, promtool, bpftool ...
#   kernels as build, and what makes the virtual machines of 'make test-kernels'
#
# With apt and root, what is missing is installed. Otherwise the script says what is missing and ends with 1.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
purpose=${1:-build}
jvm_dir=${JVM_DIR:-/usr/lib/jvm}

missing=()  # what, in words
packages=() # what brings it, on Debian and its kin

has_command() {
    command -v "$1" > /dev/null || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]
}

has_library() {
    # The linker's cache knows every directory; the file name alone does for systems without one.
    { /sbin/ldconfig -p 2> /dev/null || true; } | grep -q "^[[:space:]]*$1 " || compgen -G "/usr/lib*/*/$1" > /dev/null \
        || compgen -G "/usr/lib*/$1" > /dev/null
}

# need WORDS PACKAGE TEST...: notes the package unless the test succeeds.
need() {
    local words=$1 package=$2
    shift 2
    if ! "$@"; then
        missing+=("$words")
        packages+=("$package")
    fi
}

downloads() { has_command curl || has_command wget; }
certificates() { [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -s /etc/pki/tls/certs/ca-bundle.crt ] || [ -s /etc/ssl/cert.pem ]; }
venv() { python3 -c 'import ensurepip, venv' 2> /dev/null; }

need "libbpf.so.1 (loads the BPF programs)" libbpf1 has_library libbpf.so.1
need "libzstd.so.1 (unpacks long messages of the journal)" libzstd1 has_library libzstd.so.1
need "liblz4.so.1 (the same, of systemd before 246)" liblz4-1 has_library liblz4.so.1
need "liblzma.so.5 (the same, where journald was told to use XZ)" liblzma5 has_library liblzma.so.5
if [ "$purpose" != run ]; then
    need "clang with the bpf target (compiles the BPF programs)" clang has_command clang
    need "llvm-strip" llvm has_command llvm-strip
    need "libbpf's C headers" libbpf-dev test -e /usr/include/bpf/bpf_helpers.h
    need "libzstd's C headers" libzstd-dev test -e /usr/include/zstd.h
    need "liblz4's C headers" liblz4-dev test -e /usr/include/lz4.h
    need "liblzma's C headers" liblzma-dev test -e /usr/include/lzma.h
    need "make" make has_command make
    need "curl or wget (the Maven wrapper's first run)" curl downloads
    need "certificate authorities" ca-certificates certificates
fi
if [ "$purpose" = test ] || [ "$purpose" = kernels ]; then
    need "a C compiler (load drivers)" gcc has_command cc
    need "the C library's headers" libc6-dev test -e /usr/include/stdio.h
fi
if [ "$purpose" = kernels ]; then
    need "mmdebstrap (makes the virtual machines, of Debian's packages)" mmdebstrap has_command mmdebstrap
    need "Debian's keyring" debian-archive-keyring test -e /usr/share/keyrings/debian-archive-keyring.gpg
fi
if [ "$purpose" = test ]; then
    need "curl" curl has_command curl
    need "clang-format" clang-format has_command clang-format
    need "dockerd" docker.io has_command dockerd
    need "containerd" containerd has_command containerd
    need "runc" runc has_command runc
    need "CNI plugins (networks of pods)" containernetworking-plugins test -x /usr/lib/cni/bridge
    need "systemd (run in a container)" systemd test -x /usr/lib/systemd/systemd
    need "dbus-daemon" dbus has_command dbus-daemon
    need "logrotate" logrotate has_command logrotate
    need "podman" podman has_command podman
    need "conmon (podman's)" conmon has_command conmon
    need "a static busybox (the test image)" busybox-static has_command busybox
    need "iptables (docker's)" iptables has_command iptables
    need "nft" nftables has_command nft
    need "ip" iproute2 has_command ip
    need "ping" iputils-ping has_command ping
    need "losetup, mount and addpart (disks of the tests)" util-linux has_command addpart
    need "mkfs.ext4" e2fsprogs has_command mkfs.ext4
    need "promtool" prometheus has_command promtool
    need "bpftool" bpftool has_command bpftool
    need "python3 with venv" python3-venv venv
fi

# The JDK is apart: Debian 12 has no package for it.
jdk_command=javac
[ "$purpose" = run ] && jdk_command=java
jdk=$("$here/find-jdk.sh" $jdk_command) || jdk=''

as_root() { [ "$(id -u)" = 0 ]; }

apt_quietly() {
    NEEDRESTART_SUSPEND=1 DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" < /dev/null
}

has_candidate() {
    LC_ALL=C apt-cache policy "$1" 2> /dev/null | grep -q '^  Candidate: [^(]'
}

# Installs packages; package lists are fetched only where the ones at hand do not do.
apt_install() {
    local package log updated=
    for package in "$@"; do
        if [ -z "$updated" ] && ! has_candidate "$package"; then
            echo "setup: fetching package lists"
            apt_quietly update
            updated=yes
        fi
    done
    echo "setup: installing $*"
    log=$(mktemp)
    if ! apt_quietly install -y --no-install-recommends "$@" > "$log" 2>&1; then
        [ -z "$updated" ] && echo "setup: fetching package lists" && apt_quietly update
        if ! apt_quietly install -y --no-install-recommends "$@" > "$log" 2>&1; then
            cat "$log" >&2
            rm -f "$log"
            echo "setup: apt could not install: $*" >&2
            exit 1
        fi
    fi
    rm -f "$log"
}

# Debian starts a service with its package. The tests start daemons of their own, so that nobody's machine is left with
# a docker or Prometheus it did not ask for: nothing is started now, nor at the next boot.
apt_install_without_services() {
    local policy=/usr/sbin/policy-rc.d service
    local services=()
    for service in docker.service docker.socket containerd.service prometheus.service nftables.service \
        podman.socket podman.service podman-restart.service podman-auto-update.timer logrotate.timer; do
        [ -e "/lib/systemd/system/$service" ] || services+=("$service")
    done
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' > $policy
        chmod 755 $policy
        # shellcheck disable=SC2064
        trap "rm -f $policy" EXIT
    fi
    apt_install "$@"
    if has_command systemctl; then
        for service in "${services[@]}"; do
            [ ! -e "/lib/systemd/system/$service" ] || systemctl --quiet disable "$service" > /dev/null 2>&1 || true
        done
    fi
}

say_missing() {
    echo "setup: missing for '$purpose':" >&2
    [ -n "$jdk" ] || echo "  - a JDK >= 25: none in JAVA_HOME, $jvm_dir or PATH; set JAVA_HOME to one" >&2
    local what
    for what in "${missing[@]}"; do echo "  - $what" >&2; done
}

if [ -z "$jdk" ] || [ ${#missing[@]} -gt 0 ]; then
    if ! has_command apt-get; then
        say_missing
        echo "setup: there is no apt here; install these with the system's package manager, then run this again" >&2
        exit 1
    fi
    if ! as_root; then
        say_missing
        echo "setup: run as root:  $here/setup.sh $purpose" >&2
        [ ${#packages[@]} -eq 0 ] || echo "setup: or:  apt-get install --no-install-recommends ${packages[*]}" >&2
        exit 1
    fi
fi

[ ${#packages[@]} -eq 0 ] || apt_install_without_services "${packages[@]}"

if [ -z "$jdk" ]; then
    # An explicit JVM_DIR asks for a JDK in there, which apt would not serve.
    if [ -z "${JVM_DIR:-}" ] && { has_candidate openjdk-25-jdk-headless || { apt_quietly update && has_candidate openjdk-25-jdk-headless; }; }; then
        apt_install openjdk-25-jdk-headless
    else
        certificates || apt_install ca-certificates
        has_command patchelf || apt_install patchelf
        echo "setup: unpacking Debian trixie's OpenJDK 25 into $jvm_dir/openjdk-25-trixie (about 150 MB to fetch)"
        "$here/unpack-jdk.sh" "$jvm_dir/openjdk-25-trixie"
    fi
    jdk=$("$here/find-jdk.sh" $jdk_command) || { say_missing; exit 1; }
fi

echo "setup: JDK $(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$jdk/release") ($(sed -n 's/^IMPLEMENTOR="\(.*\)"/\1/p' "$jdk/release")) in $jdk"
