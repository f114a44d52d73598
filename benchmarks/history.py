"""Keep the ratios of a stored result with the commit they were measured at, a small file for each.

    python benchmarks/history.py benchmarks/results/cpu.json [--commit COMMIT]

benchmarks/store.py does the same with --history; benchmarks/ratio_chart.py draws what is kept.
"""

import argparse
import json
import re
import subprocess
from pathlib import Path

HISTORY = Path(__file__).parent / "results" / "history"


def point(result, *, commit, committed):
    """What is kept of a result: every ratio, and where and when it was measured.

    Args:
        result: As benchmarks/store.py writes it.
        commit: Full id of the commit that was measured.
        committed: When that was committed, in ISO 8601.
    """
    ratios = {
        one["name"].removeprefix("test_"): one["extra_info"]["ratio"]
        for one in result["benchmarks"]
        if "ratio" in one["extra_info"]
    }
    if not ratios:
        raise SystemExit("the result has no ratio to keep; run pytest benchmarks/ on more of them")
    machine = {key: result["machine"][key] for key in ("processor", "cores", "device")}
    return {"commit": commit, "committed": committed, "machine": machine, "ratios": ratios}


def append(kept, folder=HISTORY):
    """Write a point; one of the same commit and machine is replaced, all others stay."""
    machine = kept["machine"]
    name = machine["processor"] if machine["device"] == "cpu" else machine["device"]
    place = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    path = folder / f"{kept['committed'][:10]}-{kept['commit'][:7]}-{place}.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return path


def commit_and_date(revision):
    """Full id and date of a commit of this repository."""
    shown = subprocess.run(
        ["git", "show", "--no-patch", "--format=%H %cI", revision],  # noqa: S607
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if shown.returncode:
        raise SystemExit(f"git knows no commit {revision!r}: {shown.stderr.strip()}")
    return shown.stdout.split()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("result", type=Path, help="as benchmarks/store.py writes it")
    parser.add_argument("--commit", default="HEAD", help="that was measured")
    options = parser.parse_args()
    result = json.loads(options.result.read_text(encoding="utf-8"))
    commit, committed = commit_and_date(options.commit)
    print(append(point(result, commit=commit, committed=committed)))


if __name__ == "__main__":
    main()
