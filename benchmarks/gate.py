"""Fail if a ratio in a new benchmark file has fallen far below the one in an old file.

    python benchmarks/gate.py OLD.json NEW.json [--at-least 0.7]

Ratios compare two things measured in one run, so old and new may come from different machines.
"""

import argparse
import json
import sys
from pathlib import Path


def ratios(path):
    """Ratio of every benchmark that has one, by name."""
    stored = json.loads(Path(path).read_text(encoding="utf-8"))
    return {
        one["name"]: one["extra_info"]["ratio"]
        for one in stored["benchmarks"]
        if "ratio" in one["extra_info"]
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--at-least", type=float, default=0.7, help="new ratio over old ratio")
    options = parser.parse_args()
    old, new = ratios(options.old), ratios(options.new)
    fallen = []
    for name, before in old.items():
        now = new.get(name)
        kept = now is not None and now >= options.at_least * before
        if not kept:
            fallen.append(name)
        print(f"{'ok' if kept else 'FALLEN':7}{name}: {before:g} before, {now} now")
    sys.exit(1 if fallen else 0)


if __name__ == "__main__":
    main()
