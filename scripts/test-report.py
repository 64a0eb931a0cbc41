#!/usr/bin/env python3
"""Adds up the Surefire and Failsafe reports of all modules.

Prints each failed and skipped test with its reason, the classes that took longest and, as the last line,
"N passed, N failed, N skipped". Ends with 1 if a test failed, if none ran or, with --no-skips, if one was skipped.
"""
import collections
import pathlib
import sys
import textwrap
import xml.etree.ElementTree as ElementTree

MESSAGE_LINES = 12
SLOWEST = 10


def told(problem):
    """What a failure says: an assertion's message begins with an empty line and tells the values further down."""
    text = (problem.get("message") or problem.text or "").strip()
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    left_out = len(lines) - MESSAGE_LINES
    return "\n".join(lines[:MESSAGE_LINES] + ([f"({left_out} more lines in the report)"] if left_out > 0 else []))


passed, failed, skipped = 0, 0, 0
seconds = collections.Counter()
root = pathlib.Path(__file__).resolve().parent.parent
reports = sorted(root.glob("*/target/surefire-reports/TEST-*.xml")) + sorted(
    root.glob("*/target/failsafe-reports/TEST-*.xml")
)
for report in reports:
    suite = ElementTree.parse(report).getroot()
    seconds[suite.get("name")] += float(suite.get("time", "0").replace(",", ""))
    for case in suite.iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name') or '(class)'}"
        problem = case.find("failure") if case.find("failure") is not None else case.find("error")
        skip = case.find("skipped")
        if problem is not None:
            failed += 1
            print(f"FAILED   {name}: {textwrap.indent(told(problem), ' ' * 9).strip()}")
        elif skip is not None:
            skipped += 1
            print(f"SKIPPED  {name}: {(skip.get('message') or 'no reason given').strip()}")
        else:
            passed += 1

print(f"{sum(seconds.values()):.0f} s in tests, most of it in")
for name, time in seconds.most_common(SLOWEST):
    print(f"{time:7.1f} s  {name}")
if skipped and "--no-skips" in sys.argv[1:]:
    print("Nothing may be skipped in this run.")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or passed == 0 or (skipped and "--no-skips" in sys.argv[1:]) else 0)
