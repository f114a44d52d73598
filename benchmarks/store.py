"""Keep of a benchmark file what a reader or the gate needs: figures, medians, machine and versions.

    python benchmarks/store.py benchmark.json benchmarks/results/cpu.json [--history]

With --history its ratios are also kept with the commit that they were measured at.
"""

import argparse
import json
from pathlib import Path

import history


def stored(benchmark):
    """The file without single rounds and without what a machine calls itself."""
    machine = benchmark["machine_info"]
    cpu = machine["cpu"]
    return {
        "date": benchmark["datetime"][:10],
        "machine": {
            "processor": cpu.get("brand_raw", machine["processor"]),
            "cores": cpu["count"],
            "device": machine["device"],
            "python": machine["python_version"],
            **machine["versions"],
        },
        "benchmarks": [
            {
                "name": one["name"],
                "median_seconds": one["stats"]["median"],
                "extra_info": one["extra_info"],
            }
            for one in sorted(benchmark["benchmarks"], key=lambda one: one["name"])
        ],
    }


def measured_commit(benchmark):
    """The commit that a benchmark file says it was measured at, with nothing changed since."""
    commit = benchmark.get("commit_info", {})
    if commit.get("id") is None or commit.get("dirty"):
        raise SystemExit(
            "the benchmark was not measured at a commit as it is; measure a clean checkout, or "
            "name the commit with --commit"
        )
    return commit["id"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("benchmark", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--history", action="store_true", help="keep the ratios for the chart")
    parser.add_argument("--commit", help="that was measured, where the file does not name it")
    options = parser.parse_args()
    benchmark = json.loads(options.benchmark.read_text(encoding="utf-8"))
    kept = stored(benchmark)
    options.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if options.history:
        commit, committed = history.commit_and_date(options.commit or measured_commit(benchmark))
        print(history.append(history.point(kept, commit=commit, committed=committed)))


if __name__ == "__main__":
    main()
