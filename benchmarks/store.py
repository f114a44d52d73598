"""Keep of a benchmark file what a reader or the gate needs: figures, medians, machine and versions.

python benchmarks/store.py benchmark.json benchmarks/results/cpu.json
"""

import argparse
import json
from pathlib import Path


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("benchmark", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    kept = stored(json.loads(options.benchmark.read_text(encoding="utf-8")))
    options.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
