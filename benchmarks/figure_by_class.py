"""The paper's figure of ε-max JSD by predicted class, for its search and for the exact value.

    python benchmarks/figure_by_class.py MODEL [MODEL ...] --out docs/figures/epsilon-max-jsd.svg

Each MODEL is a directory of a binary classifier that `attnaudit train` wrote, and becomes a column;
each predicted class becomes a row: the search upwards, the exact value downwards, on the same
documents. What the text beside the figure says of the spread is printed.
"""

import argparse
import itertools
import math
import statistics
from pathlib import Path

import matplotlib as mpl
import torch
from exact_against_search import compared, words_of
from matplotlib.figure import Figure

from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.models import load_model

MAX_TVD = 0.05
LARGEST = math.log(2)
HIGH = 0.6
EDGES = [LARGEST * k / 40 for k in range(41)]
# From the palette of Okabe and Ito, apart for colour-blind readers; one light and one dark, so that
# they stay apart in grey too.
EXACT, SEARCHED = "#0072B2", "#E69F00"


def values_by_class(directory):
    """(exact, searched) of every document in nats, by predicted class."""
    model = load_model(directory, dtype=torch.float32)
    documents = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
    groups: dict[str, list[tuple[float, float]]] = {name: [] for name in model.outputs.classes}
    for name, numbers in compared(model, sorted(documents, key=words_of)):
        groups[name].append(numbers[MAX_TVD])
    return groups


def drawn(models):
    """One panel per model and class.

    Args:
        models: Name of each model to (exact, searched) of every document, by predicted class.
    """
    rows = max(len(groups) for groups in models.values())
    figure = Figure(figsize=(3.9 * len(models), 0.9 + 1.7 * rows), layout="constrained")
    panels = figure.subplots(rows, len(models), sharex=True, sharey="col", squeeze=False)
    for column, (name, groups) in enumerate(models.items()):
        for row, (label, pairs) in enumerate(groups.items()):
            panel = panels[row][column]
            draw_panel(panel, pairs, title=f"{name}, predicted {label} (n = {len(pairs):,})")
        panels[-1][column].set_xlabel(f"ε-max JSD in nats, ε = {MAX_TVD:g}")
    for row in range(rows):
        panels[row][0].set_ylabel("share of documents")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, frameon=False)
    return figure


def draw_panel(panel, pairs, *, title):
    exact, searched = zip(*pairs, strict=True)
    for values, side, colour, label in (
        (searched, 1, SEARCHED, "found by the paper's search (upwards)"),
        (exact, -1, EXACT, "exact (downwards)"),
    ):
        # Rounding can leave a divergence a hair above the largest there is.
        within = [min(value, LARGEST) for value in values]
        weights = [side / len(values)] * len(values)
        counts, _, _ = panel.hist(
            within, EDGES, weights=weights, color=colour, histtype="stepfilled", label=label
        )
        draw_median(panel, statistics.median(values), height=side * max(abs(counts)))
    panel.axhline(0, color="black", linewidth=0.8)
    panel.axvline(LARGEST, color="black", linewidth=0.8, linestyle=":")
    panel.set_title(title, fontsize="medium")
    panel.set_xlim(0, LARGEST * 1.02)
    panel.set_xticks([0, 0.2, 0.4, 0.6, LARGEST], ["0", "0.2", "0.4", "0.6", "ln 2"])
    panel.margins(y=0.12)
    panel.yaxis.set_major_locator(mpl.ticker.MaxNLocator(nbins=5))
    panel.yaxis.set_major_formatter(lambda share, _: f"{abs(share):.0%}")
    panel.spines[["top", "right"]].set_visible(False)


def draw_median(panel, median, *, height):
    panel.plot([median, median], [0, height], color="black", linewidth=1.2)
    panel.annotate(
        f"median {median:.3f}",
        (median, height),
        xytext=(-4, 0),
        textcoords="offset points",
        horizontalalignment="right",
        verticalalignment="center",
        fontsize="small",
    )


def spread(values):
    """In words: the least, and the share above `HIGH`."""
    high = sum(value > HIGH for value in values) / len(values)
    return f"from {min(values):.3f}, {high:.1%} above {HIGH:g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    parser.add_argument("--out", type=Path, required=True, help="SVG file to write")
    given = parser.parse_args()
    # The same values give the same file: no date, and identifiers that are not drawn at random.
    mpl.rcParams["svg.hashsalt"] = given.out.name
    models = {directory.name: values_by_class(directory) for directory in given.models}
    for name, groups in models.items():
        exact, searched = zip(*itertools.chain.from_iterable(groups.values()), strict=True)
        print(f"{name}: exact {spread(exact)}; search {spread(searched)}")
    figure = drawn(models)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(given.out, metadata={"Date": None}, facecolor="white")


if __name__ == "__main__":
    main()
