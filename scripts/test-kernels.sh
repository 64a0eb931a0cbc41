#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
#   test-kernels.sh      shows that the built distribution counts exactly on several kernels and ways of mounting cgroups
#
# Each in a virtual machine of its own, emulated, one after the other; one to three minutes each. Prints a row per check
# and, at the end, a row per kernel. Exit status 0 only when everything was equal.
#   KERNELS   which ones (5.10 6.1 6.12 6.18 7.3)
#   MODES     how cgroups are mounted (v2 hybrid v1)
#   CHECKS    which parts of scripts/vm/guest (counts loss bytes translation logs)
#   NODE_TELEMETRY_VM_CACHE   where the machines are kept (/var/tmp/node-telemetry-vm)
. "$(dirname "$0")/vm/lib.sh"

KERNELS=${KERNELS:-5.10 6.1 6.12 6.18 7.3}
MODES=${MODES:-v2 hybrid v1}
CHECKS=${CHECKS:-counts loss bytes translation logs}
DISTRIBUTION=$REPOSITORY/node-telemetry-cli/target/node-telemetry
[ -x "$DISTRIBUTION/bin/node-telemetry" ] || fail "no $DISTRIBUTION: run 'make build'"
require make make
require cc "gcc libc6-dev"
JAVA=$("$REPOSITORY/scripts/find-jdk.sh" java) || fail "no JDK >= 25: scripts/setup.sh run"

# The disk that a machine gets beside its system: the agent, a JDK, the load drivers, the checks.
build_payload() {
  PAYLOAD=$(mktemp -d -p "$MACHINES/tmp")
  trap 'rm -rf "$PAYLOAD"' EXIT
  make -s -C "$REPOSITORY/node-telemetry-core/src/test/c" OUT="$PAYLOAD/load"
  cp -a "$DISTRIBUTION" "$PAYLOAD/agent"
  cp "$REPOSITORY"/scripts/vm/guest/{run,*.sh} "$PAYLOAD/"
  mkdir "$PAYLOAD/jdk"
  tar -c -C "$JAVA" --exclude=./lib/src.zip --exclude=./jmods --exclude=./demo --exclude=./man . | tar -x -C "$PAYLOAD/jdk"
  echo "$CHECKS" >"$PAYLOAD/parts"
  echo "$JAVA" >"$PAYLOAD/java-home"
  echo "$DISTRIBUTION" >"$PAYLOAD/agent-home"
  ext4 "${PAYLOAD#"$MACHINES"}" /images/payload.img 8
}

# rows KERNEL MODE: what the machine printed, as rows of the table; false unless it was that machine and it came to its end
rows() {
  awk -F '\t' -v kernel="$1" -v mode="$2" '
    $1 == "ok" || $1 == "differs" { printf "| %s | %s | %s | %s | %s | %s |\n", kernel, mode, $2, $3, $4, $1; rows++; next }
    $1 == "machine" { meant = index($2, kernel ".") == 1 && $3 == mode; next }
    $1 == "done" { done = 1; next }
    { print > "/dev/stderr" }
    END { exit !(meant && done && rows) }'
}

# shellcheck disable=SC2086  # words
"$REPOSITORY/scripts/vm/build.sh" $KERNELS
# One test at a time: the machines share the host's processors, and that disk.
exec 7>"$MACHINES/lock"
flock --nonblock 7 || fail "another test-kernels.sh is running"
build_payload

failed=0
summary="| Kernel |" rule="|---|"
for mode in $MODES; do summary+=" $mode |" rule+="---|"; done
summary+=$'\n'$rule

printf '| Kernel | cgroups | Check | Expected | Counted | |\n|---|---|---|---|---|---|\n'
for kernel in $KERNELS; do
  summary+=$'\n'"| $(cat "$IMAGES/$kernel/release") |"
  for mode in $MODES; do
    began=$SECONDS complete=""
    output=$("$REPOSITORY/scripts/vm/run.sh" "$kernel" "$mode" payload.img 900) || complete=no
    rows "$kernel" "$mode" <<<"$output" || complete=no
    equal=$(grep -c '^ok' <<<"$output" || true)
    different=$(grep -c '^differs' <<<"$output" || true)
    [ -z "$complete$different" ] || [ "$complete$different" = 0 ] || failed=1
    summary+=" $equal of $((equal + different)) equal${complete:+, not complete} |"
    say "$kernel, $mode: $equal equal, $different not, $((SECONDS - began)) s${complete:+; not complete}"
  done
done
printf '\n%s\n' "$summary"
exit $failed
