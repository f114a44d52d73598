"""What every quantity says of models of known truth, and of trained ones.

    python benchmarks/quantities.py [--every-column] [--documents N] [--seed S] [MODEL ...]

prints Markdown tables of mean ± standard error over documents: the planted models, two sets of
further constructions, and the model directories that are named. nulls.py prints what stands beside
them.
"""

import argparse
import math
import statistics
import sys
from collections import defaultdict
from functools import partial

import numpy as np
import torch

from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.exchange import exchange
from attnaudit.measurements.inversion import inversion
from attnaudit.measurements.permutation import permutation
from attnaudit.models import open_model
from attnaudit.models.planted import constructions
from attnaudit.runs.plan import Request, make_plan

from fresh_constructions import FRESH, HELD_OUT  # isort: skip

BATCH = 16

COLUMNS = (
    ("X_u", "exchange", "logit-share"),
    ("X_u - null", "exchange", "logit-share-above-null"),
    ("X_p", "exchange", "output-share"),
    ("X_p - null", "exchange", "output-share-above-null"),
    ("inverted: TVD", "inversion", "tvd"),
    ("minus null", "inversion", "tvd-above-null"),
    ("changed", "inversion", "decision-changed"),
    ("weakened", "inversion", "decision-weakened"),
    ("minus null", "inversion", "decision-weakened-above-null"),
    ("permuted: TVD", "permutation", "tvd"),
    ("free share", "exchange", "share-of-free-maximum"),
    ("minus null", "exchange", "share-of-free-maximum-above-null"),
    ("least top", "exchange", "least-top-weight"),
    ("rescale width", "exchange", "rescale-width"),
    ("τ gradient", "agreement", "tau"),
)


IN_SHORT = {
    "exchange, logits (X_u - null)": COLUMNS[1],
    "exchange, output (X_p)": COLUMNS[2],
    "weakened by inversion (minus null)": COLUMNS[8],
    "class changed by inversion": COLUMNS[6],
    "adversary (free share)": COLUMNS[10],
}


def measure(model, documents, *, seed):
    """Values of every quantity, by audit and quantity."""
    site = model.sites[0].name
    audits = {
        "exchange": partial(
            exchange, site=site, max_tvd=0.05, max_logit_change=0.5, draws=20, seed=seed
        ),
        "inversion": partial(
            inversion, site=site, exponent=-1.0, max_logit_change=0.5, draws=20, seed=seed
        ),
        "permutation": partial(permutation, site=site, draws=100, seed=seed),
        "agreement": partial(agreement, site=site, importance="gradient"),
    }
    return values_of(audits, model, documents)


def values_of(audits, model, documents):
    """Values of every quantity of some audits, by audit and quantity."""
    documents = sorted(documents, key=lambda one: len(one.tokens or (one.text or "").split()))
    values = defaultdict(list)
    for start in range(0, len(documents), BATCH):
        batch = model.prepare(documents[start : start + BATCH])
        if not batch.documents:
            continue
        for audit, function in audits.items():
            for row in function(model, batch):
                if row.undefined is None:
                    values[audit, row.quantity].append(row.value)
    return values


def cell(values):
    if not values:
        return "-"
    mean = statistics.fmean(values)
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return f"{mean:.3f} ± {error:.3f}"


def print_table(rows, columns):
    heads = ("model", "n", *(name for name, _, _ in columns))
    sys.stdout.write("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|\n")
    for name, count, values in rows:
        cells = (cell(values[audit, quantity]) for _, audit, quantity in columns)
        sys.stdout.write(f"| {name} | {count} | " + " | ".join(cells) + " |\n")
        sys.stdout.flush()
    sys.stdout.write("\n")


def planted(some, *, count, seed, measure=measure):
    for one in some:
        documents = one.documents(count, np.random.default_rng(seed))
        yield f"{one.name}", count, measure(one.model(), documents, seed=seed)


def trained(paths, *, seed, limit, measure=measure):
    for subject in make_plan(Request(models=tuple(paths), limit=limit, seed=seed)).subjects:
        model = open_model(subject.source, device="cpu", dtype=torch.float64)
        yield subject.name, len(subject.documents), measure(model, subject.documents, seed=seed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", metavar="MODEL", help="directories of trained models")
    parser.add_argument("--documents", type=int, default=300, help="of each construction")
    parser.add_argument("--limit", type=int, help="documents of each trained model")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every-column", action="store_true", help="not only the audits' own")
    given = parser.parse_args()
    in_short = tuple((name, *column[1:]) for name, column in IN_SHORT.items())
    columns = COLUMNS if given.every_column else in_short
    for some in (constructions(), FRESH, HELD_OUT):
        print_table(planted(some, count=given.documents, seed=given.seed), columns)
    if given.models:
        print_table(trained(given.models, seed=given.seed, limit=given.limit), columns)


if __name__ == "__main__":
    main()
