# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2086,SC2102,SC2154
# Log lines of services: in the machine's journal and in files below /var/log, both while they are rotated; what is older
# than the agent; and that files are found without the BPF program too.

LOGGED=container_log_messages_total
WRITER=$OUT/log-writer

# A service that logs: errors until it may go on, by when the agent has found its log; then so many warnings; then nothing.
write_writer() {
  cat >$WRITER <<'WRITER'
#!/bin/bash
# FILE NAME BEFORE COUNT HOW; FILE may be "journal"
file=$1 name=$2 before=$3 count=$4 how=$5 out=/run/checks
[ $file = journal ] || { mkdir -p "${file%/*}" && exec >>$file; }

keep_older() {
  for i in 4 3 2 1; do [ ! -e $file.$i ] || mv $file.$i $file.$((i + 1)); done
}

turn() {
  case $how in
    rename) keep_older && mv $file $file.1 && exec >>$file ;;
    copy) keep_older && cp $file $file.1 && : >$file ;;
    journal) journalctl --rotate ;;
  esac
}

warn() {
  for i in $(seq $1); do echo "WARN request $i took $((i * 7)) ms"; done
}

warn $before
touch $out/$name.began
until [ -e $out/$name.go ]; do
  echo "ERROR nobody listens to $name"
  sleep 0.5
done
for i in 1 2 3 4; do
  warn $((count / 4))
  turn
  # So that the agent may have seen it: a file system's clock advances by milliseconds.
  sleep 0.5
done
touch $out/$name.end
sleep 1000
WRITER
  chmod +x $WRITER
}

# start_writer NAME FILE BEFORE COUNT HOW
start_writer() {
  systemd-run --quiet --unit="$1" -p LogRateLimitIntervalSec=0 $WRITER "$2" "$1" "$3" "$4" "$5" || abort "cannot start $1"
}

heard() { scrape && grep -q "^$LOGGED{container_id=\"/system.slice/$1.service\",level=\"error\"" $OUT/scrape; }

# write_all NAME...: they go on as soon as the agent has found their logs, and have written all when this returns
write_all() {
  local name
  for name in "$@"; do
    await 60 "the finding of the log of $name" heard $name
    touch $OUT/$name.go
  done
  for name in "$@"; do await 60 "the end of $name" [ -e $OUT/$name.end ]; done
}

before_logs() {
  write_writer
  start_writer log-older-journal journal 300 200 none
  start_writer log-older-file /var/log/older/older.log 300 200 none
  await 20 "older lines" eval "[ -e $OUT/log-older-journal.began ] && [ -e $OUT/log-older-file.began ]"
  expect "log files are looked for in the kernel" 1 node_telemetry_bpf_program_info program=find_open_logs
}

traffic_logs() {
  start_writer log-journal journal 400 1000 journal
  start_writer log-renamed /var/log/renamed.log 0 2000 rename
  start_writer log-copied /var/log/copied/copied.log 0 2000 copy
  # shellcheck disable=SC2016
  systemd-run --quiet --unit=log-short -p Type=oneshot -p LogRateLimitIntervalSec=0 \
    bash -c 'for i in $(seq 300); do echo "WARN attempt $i of many"; done' || abort "log-short failed"
  write_all log-older-journal log-older-file log-journal log-renamed log-copied

  expect "200 warnings in the journal, after older ones" 200 $LOGGED "$(container log-older-journal)" level=warning source=journald
  expect "200 warnings in a file, after older ones" 200 $LOGGED "$(container log-older-file)" level=warning source=/var/log/older/older.log
  expect "1400 warnings in the journal, rotated 4 times" 1400 $LOGGED "$(container log-journal)" level=warning source=journald
  expect "300 warnings of a service that ends" 300 $LOGGED "$(container log-short)" level=warning source=journald
  expect "2000 warnings in a file, renamed 4 times" 2000 $LOGGED "$(container log-renamed)" level=warning source=/var/log/renamed.log
  expect "2000 warnings in a file, copied and truncated 4 times" 2000 $LOGGED "$(container log-copied)" level=warning source=/var/log/copied/copied.log
}

restarted_logs() {
  expect "after a restart: no line counts again" 0 $LOGGED "$(container log-renamed)"
}

# The agent may not use bpf(2).
blind_logs() {
  start_writer log-blind /var/log/blind.log 0 400 rename
  write_all log-blind
  expect "400 warnings in a file, found without BPF" 400 $LOGGED "$(container log-blind)" level=warning source=/var/log/blind.log
  expect "no program is loaded" 0 node_telemetry_bpf_program_info program=find_open_logs
  expect "and why is told" 1 node_telemetry_collector_up collector=logs "reason=Files*"
}
