#!/bin/bash
# Runs the Maven wrapper with a fitting JDK; shows progress and problems, keeps the whole log in target/maven.log.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
JAVA_HOME=$(scripts/find-jdk.sh javac) || { echo "no JDK >= 25; run scripts/setup.sh build" >&2; exit 1; }
export JAVA_HOME
mkdir -p target
[ -d "${HOME:-/root}/.m2/repository/io/opentelemetry" ] || echo "maven: the first build fetches its dependencies; a few minutes"
./mvnw --batch-mode -Dstyle.color=never "$@" < /dev/null 2>&1 | tee target/maven.log \
    | grep --line-buffered -E '^\[(WARNING|ERROR)\]|^\[INFO\] (Building NodeTelemetry|Running |Tests run:.*Time|BUILD)|^skipped '
status=${PIPESTATUS[0]}
[ "$status" -eq 0 ] || echo "maven: failed; the whole log is target/maven.log" >&2
exit "$status"
