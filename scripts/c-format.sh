#!/bin/sh
# Checks the layout of all C sources against .clang-format; with --apply, corrects it.
#
# Releases of clang-format differ in small things, so only the one of Debian 12 judges; without it nothing is checked.
set -u
cd "$(dirname "$0")/.." || exit 1
release=14

for tool in clang-format-$release clang-format; do
    if command -v "$tool" > /dev/null && "$tool" --version | grep -q "version $release\."; then
        files=$(find bpf-objects/src node-telemetry-core/src/test/c benchmarks -name target -prune -o -name '*.[ch]' -print)
        # File names here hold no spaces.
        # shellcheck disable=SC2086
        if [ "${1:-}" = --apply ]; then
            exec $tool -i $files
        elif ! $tool --dry-run --Werror $files; then
            echo "c-format: run scripts/c-format.sh --apply" >&2
            exit 1
        fi
        exit 0
    fi
done
echo "c-format: not checked, no clang-format $release (Debian 12: apt-get install clang-format)"
