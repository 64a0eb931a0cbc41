#!/bin/bash
# Builds the committed state twice, in two directories, and compares: every jar and the archive must have the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
JAVA_HOME=$(scripts/find-jdk.sh javac)
export JAVA_HOME
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Paths of different length: what leaks a path differs in size as well.
for tree in a another-place; do
    git clone -q . "$work/$tree"
    echo "building in $tree"
    (cd "$work/$tree" && ./mvnw -q --batch-mode package -DskipTests < /dev/null > "$work/log" 2>&1) || { cat "$work/log" >&2; exit 1; }
    (cd "$work/$tree" && find . -path '*/target/*' \( -name 'node-telemetry*.jar' -o -name 'bpf-objects*.jar' -o -name 'node-telemetry-*.tar.gz' \) -print0 \
        | sort -z | xargs -0 sha256sum) > "$work/$tree.sums"
    sleep 2 # time stamps with a resolution of two seconds would show now
done

if ! diff "$work/a.sums" "$work/another-place.sums"; then
    echo "not reproducible: the files above differ between two builds of one commit" >&2
    exit 1
fi
echo "reproducible: $(wc -l < "$work/a.sums") files have the same bytes in both builds"
