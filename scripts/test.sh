#!/bin/bash
# Runs every test there is and fails if one failed or was skipped. Last line: N passed, N failed, N skipped
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
find . -type d \( -name surefire-reports -o -name failsafe-reports \) -path '*/target/*' -exec rm -rf {} +
status=0
scripts/maven.sh verify --fail-at-end -Dnodetelemetry.tests.required=true "$@" || status=$?
python3 scripts/test-report.py --no-skips || status=1
exit "$status"
