"""Agreement of a transformer's attention sites, computed explanations among them, and their cost.

Mean over documents of Kendall's tau with the importance of words by gradient and by leaving words
out; what seeing a batch at that site costs, in forward passes of the same batch.

    python benchmarks/aggregated_sites.py runs/minilm-sst [--documents 30]
"""

import argparse
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch

from attnaudit.data.audit_file import FILE_NAME, read_audit_file, read_audited_documents
from attnaudit.measurements.importance import gradient_importance, leave_one_out_importance
from attnaudit.metrics import kendall_tau
from attnaudit.models.aggregated import AGGREGATED
from attnaudit.models.transformers.loading import load_transformer
from attnaudit.models.transformers.network import Inputs

AT_ONCE = 10
SITES = ("layer.last", "layers", "layer.last.every", "layers.every", *AGGREGATED)
MEASURES = ("gradient", "leave-one-out")


def fastest(functions):
    """Seconds that each function takes, the least of three rounds, after one that warms up."""
    rounds: list[list[float]] = []
    for _ in range(1 + 3):
        rounds.append([])
        for function in functions:
            begin = time.perf_counter()
            function()
            rounds[-1].append(time.perf_counter() - begin)
    return np.min(rounds[1:], axis=0)


def passed(model, batch):
    """One forward pass."""
    with torch.no_grad():
        model.network.logits(Inputs.of(batch))


def main():
    """Print a row for each site."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--documents", type=int, default=30)
    asked = parser.parse_args()
    model = load_transformer(asked.model)
    audited = read_audited_documents(read_audit_file(asked.model / FILE_NAME), asked.model)
    step = max(1, len(audited) // asked.documents)
    chosen = sorted(audited[::step][: asked.documents], key=lambda one: len(one.text or ""))
    names = {site.name for site in model.sites}
    sites = [name for name in SITES if name in names]
    taus: dict[tuple[str, str], list[float]] = {
        (site, measure): [] for site in sites for measure in MEASURES
    }
    seconds = np.zeros(1 + len(sites))
    for start in range(0, len(chosen), AT_ONCE):
        batch = model.prepare(chosen[start : start + AT_ONCE])
        seconds += fastest(
            [
                partial(passed, model, batch),
                *(partial(model.attend, batch, sites=[site]) for site in sites),
            ]
        )
        importances = {"gradient": gradient_importance(model, batch)}
        for site in sites:
            [attended] = model.attend(batch, sites=[site])
            if "leave-one-out" not in importances:
                importances["leave-one-out"] = leave_one_out_importance(
                    model, batch, attended.probabilities
                )
            for measure in MEASURES:
                found = kendall_tau(
                    attended.attention,
                    importances[measure],
                    attended.mask,
                    names=("attention", measure),
                )
                taus[site, measure] += found.statistic.tolist()
    print(f"{len(chosen)} documents of {asked.model}")
    print("| site | tau with gradient | tau with leave-one-out | passes |")
    print("|---|---|---|---|")
    for site, passes in zip(sites, seconds[1:] / seconds[0], strict=True):
        means = " | ".join(f"{np.nanmean(taus[site, measure]):.2f}" for measure in MEASURES)
        print(f"| `{site}` | {means} | {passes:.1f} |")


if __name__ == "__main__":
    main()
