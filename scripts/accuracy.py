#!/usr/bin/env python3
"""Measures how well log patterns group the lines of logs whose groups are known.

Usage: accuracy.py NODE_TELEMETRY FOLDER

Each *_structured.csv in the folder is a set, with the columns Content (the message) and EventId (its true group).
Grouping accuracy is the share of lines whose pattern has exactly the lines of their true group.
"""
import collections
import csv
import pathlib
import subprocess
import sys

if len(sys.argv) != 3:
    sys.exit(__doc__)
program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
sets = sorted(folder.glob("*_structured.csv"))
if not sets:
    sys.exit(f"accuracy: no *_structured.csv in {folder}")

print(f"{'set':<32} {'lines':>7} {'groups':>7} {'patterns':>9} {'accuracy':>9}")
accuracies = []
for path in sets:
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        sys.exit(f"accuracy: {path} has no lines")
    lines = "".join(row["Content"].replace("\r", " ").replace("\n", " ") + "\n" for row in rows)
    result = subprocess.run([program, "patterns", "--assign", "-"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    hashes = result.stdout.decode().split()
    if len(hashes) != len(rows):
        sys.exit(f"accuracy: {len(rows)} lines of {path} gave {len(hashes)} hashes")
    groups, patterns = collections.defaultdict(set), collections.defaultdict(set)
    for number, (row, pattern) in enumerate(zip(rows, hashes)):
        groups[row["EventId"]].add(number)
        patterns[pattern].add(number)
    right = sum(
        len(numbers) for numbers in patterns.values() if numbers == groups[rows[next(iter(numbers))]["EventId"]]
    )
    accuracies.append(right / len(rows))
    name = path.name.removesuffix("_structured.csv").removesuffix(".log")
    print(f"{name:<32} {len(rows):>7} {len(groups):>7} {len(patterns):>9} {accuracies[-1]:>9.3f}")
print(f"{'mean':<32} {'':>7} {'':>7} {'':>9} {sum(accuracies) / len(accuracies):>9.3f}")
