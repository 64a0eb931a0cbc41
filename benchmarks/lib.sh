# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What run.sh, net.sh and logs.sh share: the agent under measurement, numbers, and the table. Whoever sources this has set COMMAND.
# What is measured goes to $TABLE, a wrong count sets FAILED, progress goes to standard error.

. "$(dirname "${BASH_SOURCE[0]}")/../scripts/test/lib.sh"

# shellcheck disable=SC2034  # used by the scripts that source this
LAUNCHER=$REPOSITORY/node-telemetry-cli/target/node-telemetry/bin/node-telemetry
BENCHMARKS=$REPOSITORY/benchmarks/target
# shellcheck disable=SC2034
TICKS=$(getconf CLK_TCK)
# Options of JMH for all benchmarks.
JMH_OPTIONS=()
LOAD=$REPOSITORY/node-telemetry-core/target/load
WORK=$(mktemp -d "${TMPDIR:-/tmp}/nt-bench.XXXXXX")
TABLE=$WORK/table
AGENT=""
# Words that start the launcher in a place of its own.
AGENT_PREFIX=()
FAILED=0

# prepare_benchmarks: what all of them need
prepare_benchmarks() {
  [ "$(id -u)" = 0 ] || fail "needs root"
  [ -x "$LAUNCHER" ] || fail "no $LAUNCHER: run 'make build'"
  require curl curl
  make -s -C "$REPOSITORY/node-telemetry-core/src/test/c" OUT="$LOAD"
  touch "$TABLE"
}

say() { printf '[%(%H:%M:%S)T] %s\n' -1 "$*" >&2; }

# row WHAT MEASURED TARGET
row() {
  printf '| %s | %s | %s |\n' "$1" "$2" "$3" >>"$TABLE"
  say "$1: $2 (target $3)"
}

median() { sort -g | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
calculate() { awk "BEGIN {printf \"$1\", $2}"; }

# --- the agent -------------------------------------------------------------------------------------------------------

# launch_agent FLAG...: starts it and does not wait
launch_agent() {
  PORT=$(free_port)
  "${AGENT_PREFIX[@]}" "$LAUNCHER" --listen="127.0.0.1:$PORT" "$@" >"$WORK/agent.log" 2>&1 </dev/null &
  AGENT=$!
}

scrape() { curl -sf "http://127.0.0.1:$PORT/metrics"; }

# await_agent: waits for its first scrape, by when its programs are attached
await_agent() {
  await 30 scrape || {
    tail -n 20 "$WORK/agent.log" >&2
    fail "the agent did not start; the end of its log is above"
  }
}

stop_agent() {
  if [ -n "$AGENT" ]; then
    kill "$AGENT" 2>/dev/null || true
    wait "$AGENT" 2>/dev/null || true
    AGENT=""
  fi
}

# agent_kib FIELD: VmRSS or VmHWM of proc_pid_status(5)
agent_kib() { awk -v field="$1:" '$1 == field {print $2}' "/proc/$AGENT/status"; }

# Both user and system time of all its threads, in clock ticks: utime and stime of proc_pid_stat(5).
agent_ticks() {
  local stat
  stat=$(cat "/proc/$AGENT/stat")
  awk '{print $12 + $13}' <<<"${stat##*) }"
}

mib() { calculate '%.0f MiB' "$1 / 1024"; }

# rate LINE MADE: connects/s by what the load driver printed; fails if it did not make that many
rate() {
  local made nanos
  made=$(sed -n 's/.* made=\([0-9]*\).*/\1/p' <<<"$1")
  nanos=$(sed -n 's/.*elapsed_ns=\([0-9]*\).*/\1/p' <<<"$1")
  [ "$made" = "$2" ] || fail "made $made connections instead of $2"
  calculate '%.1f\n' "$made / ($nanos / 1e9)"
}

# --- JMH --------------------------------------------------------------------------------------------------------------

build_benchmarks() {
  say "building the benchmarks"
  (cd "$REPOSITORY" && scripts/maven.sh -q package -DskipTests -pl benchmarks -am) >&2
}

# jmh TARGET ARGUMENT...: runs JMH; each of its results becomes a row, those of time with that target
jmh() {
  local target=$1
  shift
  build_benchmarks
  say "JMH; its own output follows"
  "$("$REPOSITORY/scripts/find-jdk.sh" java)/bin/java" -cp "$BENCHMARKS/classes:$BENCHMARKS/lib/*" org.openjdk.jmh.Main \
    "${JMH_OPTIONS[@]}" -prof gc -rf csv -rff "$WORK/jmh.csv" "$@" >&2
  # Benchmark, score, error, unit and parameters; of the profiler only the bytes allocated by one operation.
  python3 - "$WORK/jmh.csv" >"$WORK/jmh" <<'PYTHON'
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    name = row["Benchmark"].removeprefix("io.nodetelemetry.benchmarks.")
    name, _, extra = name.partition(":")
    if extra and not extra.endswith("gc.alloc.rate.norm"):
        continue
    params = ", ".join(f"{k[7:]} {v}" for k, v in row.items() if k.startswith("Param: ") and v)
    unit = "B allocated per operation" if extra else row["Unit"]
    error = row["Score Error (99.9%)"]
    error = f" ± {float(error):.2g}" if error not in ("", "NaN") else ""
    kind = "allocation" if extra else "time"
    print(f"{name}{' (' + params + ')' if params else ''}|{float(row['Score']):.3g}{error} {unit}|{kind}")
PYTHON
  while IFS='|' read -r what measured kind; do
    row "$what" "$measured" "$([ "$kind" = time ] && echo "$target" || echo "–")"
  done <"$WORK/jmh"
}

# --- the table -------------------------------------------------------------------------------------------------------

# print_machine: one line that says where, when and how the table came about
print_machine() {
  local cpu memory
  cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
  memory=$(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo)
  printf '%s; %s cores, %s, Linux %s; %s; commit %s; `%s`\n\n' "${cpu:-$(uname -m)}" "$(nproc)" "$memory" "$(uname -r)" \
    "$(date -u +%F)" "$(git -C "$REPOSITORY" rev-parse --short HEAD 2>/dev/null || echo unknown)" "${COMMAND% }"
}

print_table() {
  printf '| What | Measured | Target |\n| --- | --- | --- |\n'
  cat "$TABLE"
}
