#!/bin/sh
# Scrape time and resident memory of a whole process at 25, 125 and 500 thousand series, with the JVM flags of the
# distribution's launcher. Build first: ./mvnw package -DskipTests -pl benchmarks -am. Prints a table in Markdown.
set -eu
cd "$(dirname "$0")/.."
PORT=${PORT:-19471} SCRAPES=${SCRAPES:-20}
LAUNCHER=node-telemetry-cli/src/main/dist/bin/node-telemetry
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
# The launcher's own words, so that the figures cannot stray from what is shipped.
FLAGS=$(grep -oE -- '-X[A-Za-z:+=0-9-]+|-Dsun\.[A-Za-z.]+=[0-9]+' "$LAUNCHER" |
    grep -vE 'AOTCache|Xlog' | tr '\n' ' ')
CLASSES=benchmarks/target/node-telemetry-benchmarks-0.1.0-SNAPSHOT.jar

pid=
trap '[ -z "$pid" ] || kill "$pid"' EXIT
kib() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$pid/status"; }
mib() { echo $(($(kib "$1") / 1024)); }
seconds() { # median of the scrapes, by one client that keeps its connection
    set -- "$@" -s -w '%{time_total}\n'
    i=0
    while [ $i -lt "$SCRAPES" ]; do
        set -- "$@" -o /dev/null "http://127.0.0.1:$PORT/metrics"
        i=$((i + 1))
    done
    curl "$@" | sort -n | sed -n "$(((SCRAPES + 1) / 2))p"
}

echo "| series | text | gzip | RSS after start | RSS after scrapes | peak |"
echo "|---|---|---|---|---|---|"
for size in "250 20 25" "250 100 125" "1000 100 500"; do
    # shellcheck disable=SC2086
    set -- $size
    # shellcheck disable=SC2086
    "$JAVA" $FLAGS ${JAVA_OPTS:-} -cp "$CLASSES:benchmarks/target/lib/*" \
        io.nodetelemetry.benchmarks.ScrapeMemory "$1" "$2" "$PORT" > /dev/null &
    pid=$!
    until curl -sf -o /dev/null "http://127.0.0.1:$PORT/readyz"; do kill -0 "$pid"; sleep 0.1; done
    start=$(mib VmRSS)
    text=$(seconds)
    gzip=$(seconds -H 'Accept-Encoding: gzip')
    echo "| $3 000 | $text s | $gzip s | $start MiB | $(mib VmRSS) MiB | $(mib VmHWM) MiB |"
    kill "$pid"
    wait "$pid" 2> /dev/null || true
    pid=
done
