"""The tables of docs/performance.md from a stored benchmark file.

python benchmarks/tables.py benchmarks/results/cpu.json
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

COLUMNS = {
    "ratio": "times as fast",
    "ratio_with_encoding": "with the shared encoding on both sides",
    "ratio_with_moments": "with closed forms stored",
    "documents": "documents",
    "rows": "rows",
    "mean_words": "mean words",
    "mean_tokens": "mean words",
    "milliseconds_per_document": "ms a document",
    "growth_exponent": "growth exponent",
    "peak_mebibytes": "peak memory, MiB",
    "mean_found": "mean found, nats",
    "mean_searched": "mean searched, nats",
    "mean_width": "mean width, nats",
    "threads": "threads",
}


def main():
    [path] = sys.argv[1:]
    stored = json.loads(Path(path).read_text(encoding="utf-8"))
    machine = ", ".join(f"{key} {value}" for key, value in stored["machine"].items())
    print(f"{stored['date']}: {machine}")
    tests = defaultdict(list)
    for one in stored["benchmarks"]:
        test, _, case = one["name"].rstrip("]").partition("[")
        tests[test].append((case or "-", one["extra_info"]))
    for test, cases in tests.items():
        shown = [key for key in COLUMNS if any(key in figures for _, figures in cases)]
        print(f"\n### {test.removeprefix('test_').replace('_', ' ')}\n")
        print("| case | " + " | ".join(COLUMNS[key] for key in shown) + " |")
        print("|---" * (len(shown) + 1) + "|")
        for case, figures in cases:
            print(f"| {case} | " + " | ".join(str(figures.get(key, "")) for key in shown) + " |")


if __name__ == "__main__":
    main()
