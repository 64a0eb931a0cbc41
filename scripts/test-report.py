#!/usr/bin/env python3
"""Adds up the Surefire and Failsafe reports of all modules.

Prints each failed and skipped test with its reason and, as the last line, "N passed, N failed, N skipped".
Ends with 1 if a test failed, if none ran or, with --no-skips, if one was skipped.
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

passed, failed, skipped = 0, 0, 0
root = pathlib.Path(__file__).resolve().parent.parent
reports = sorted(root.glob("*/target/surefire-reports/TEST-*.xml")) + sorted(
    root.glob("*/target/failsafe-reports/TEST-*.xml")
)
for report in reports:
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name') or '(class)'}"
        problem = case.find("failure") if case.find("failure") is not None else case.find("error")
        skip = case.find("skipped")
        if problem is not None:
            failed += 1
            first_line = (problem.get("message") or problem.text or "").strip().split("\n")[0]
            print(f"FAILED   {name}: {first_line}")
        elif skip is not None:
            skipped += 1
            print(f"SKIPPED  {name}: {(skip.get('message') or 'no reason given').strip()}")
        else:
            passed += 1

if skipped and "--no-skips" in sys.argv[1:]:
    print("Nothing may be skipped in this run.")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or passed == 0 or (skipped and "--no-skips" in sys.argv[1:]) else 0)
