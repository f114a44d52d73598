"""How many times as fast as the paper's search the exact adversary is, commit after commit.

    python benchmarks/ratio_chart.py [--history DIR] [--out docs/figures/adversary-speed.svg]

Both sides of a ratio are measured in one run on the same documents, so points of one machine can be
compared whatever else it did, and those of several machines stand beside each other.
"""

import argparse
import json
import math
from collections import defaultdict
from pathlib import Path

import matplotlib as mpl
from history import HISTORY
from matplotlib.figure import Figure

OUT = Path(__file__).parents[1] / "docs" / "figures" / "adversary-speed.svg"
PANELS = {
    "exact_solver": "exact solver alone",
    "encoding_solving_and_verifying": "with encoding and verifying",
}
# From the palette of Okabe and Ito, apart for colour-blind readers.
COLOURS = {
    "sst": "#0072B2",
    "20news-sports": "#D55E00",
    "20news-sports-200-to-260-words": "#009E73",
}
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", ":", "-.")
MOST_LABELS = 5


def read_points(folder):
    """All points of a history, in the order of their commits."""
    points = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))
    ]
    if not points:
        raise SystemExit(f"{folder} holds no points; python benchmarks/history.py makes one")
    return sorted(points, key=lambda one: (one["committed"], one["commit"]))


def machine_name(point):
    """The device, or the processor with its cores where that computed."""
    machine = point["machine"]
    if machine["device"] == "cpu":
        return f"{machine['processor']}, {machine['cores']} cores"
    return machine["device"]


def lines_of(points, test):
    """(set, machine) to the (commit, ratio) of each point that has this test, in their order."""
    lines = defaultdict(list)
    for one in points:
        for name in COLOURS:
            ratio = one["ratios"].get(f"{test}[{name}]")
            if ratio is not None:
                lines[name, machine_name(one)].append((one["commit"], ratio))
    return dict(lines)


def drawn(points):
    """A panel per test: a colour per set of documents, a marker per machine."""
    commits = list(dict.fromkeys(one["commit"] for one in points))
    dates = {one["commit"]: one["committed"][:10] for one in points}
    machines = list(dict.fromkeys(machine_name(one) for one in points))
    figure = Figure(figsize=(8.4, 4.2), layout="constrained")
    panels = figure.subplots(1, len(PANELS), sharey=True)
    for panel, (test, title) in zip(panels, PANELS.items(), strict=True):
        for (name, machine), line in lines_of(points, test).items():
            number = machines.index(machine)
            panel.plot(
                [commits.index(commit) for commit, _ in line],
                [ratio for _, ratio in line],
                color=COLOURS[name],
                marker=MARKERS[number % len(MARKERS)],
                linestyle=LINES[number % len(LINES)],
                label=f"{name}, {machine}",
            )
        panel.set_title(title, fontsize="medium")
        panel.set_yscale("log")
        panel.yaxis.set_major_formatter("{x:g}")
        panel.grid(axis="y", alpha=0.3)
        # The last commit is always named, and as many before it as there is room for.
        places = range(len(commits) - 1, -1, -math.ceil(len(commits) / MOST_LABELS))
        names = [f"{dates[commits[place]]}\n{commits[place][:7]}" for place in places]
        panel.set_xticks(places, names, fontsize="small")
        panel.set_xlim(-0.5, len(commits) - 0.5)
    panels[0].set_ylabel("times as fast as the paper's search")
    entries = {
        label: handle
        for panel in panels
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)
    }
    figure.legend(
        entries.values(), entries, loc="outside lower center", ncols=2, frameon=False,
        fontsize="small",
    )  # fmt: skip
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--history", type=Path, default=HISTORY)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    # The same points give the same file.
    with mpl.rc_context({"svg.hashsalt": "adversary speed", "svg.fonttype": "none"}):
        drawn(read_points(options.history)).savefig(options.out, metadata={"Date": None})
    print(options.out)


if __name__ == "__main__":
    main()
