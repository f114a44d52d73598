"""How narrow the interval of several classes is on random dense units, and what a unit costs.

Every token has a score for every class, drawn from a normal distribution of standard deviation 2
(or 4); the bias is zero. Attention is the softmax of normal numbers of standard deviation 2, whose
largest of 60 weights is 0.31 on average, or 1, where it is 0.11. Trained models are far less
dense. Run as `python benchmarks/interval_quality.py`.
"""

import os
import time
from dataclasses import dataclass

# Before torch is imported: the times are those of one core.
os.environ["OMP_NUM_THREADS"] = "1"

import torch
import typer

from attnaudit.adversaries import interval_adversary
from attnaudit.models.readout import LinearReadout

MAX_TVD = 0.05


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of random unit; both spreads are standard deviations, in logits."""

    classes: int
    tokens: int
    scores: float = 2.0
    attention: float = 2.0


SORTS = (
    Sort(classes=3, tokens=30),
    Sort(classes=4, tokens=30),
    Sort(classes=6, tokens=60),
    Sort(classes=10, tokens=60),
    Sort(classes=10, tokens=60, scores=4.0),
    Sort(classes=6, tokens=60, attention=1.0),
    Sort(classes=10, tokens=60, attention=1.0),
)


def drawn(sort, units, *, seed):
    generator = torch.Generator().manual_seed(seed)
    shape = (units, sort.tokens)
    logits = torch.randn(shape, generator=generator, dtype=torch.float64)
    scores = torch.randn((*shape, sort.classes), generator=generator, dtype=torch.float64)
    bias = torch.zeros(sort.classes, dtype=torch.float64)
    readout = LinearReadout(sort.scores * scores, bias, "softmax")
    mask = torch.ones(shape, dtype=torch.bool)
    return torch.softmax(sort.attention * logits, dim=1), mask, readout


def main(units: int = 20, seed: int = 0) -> None:
    """Print a table; divergences and widths in nats, at a permitted distance of 0.05."""
    typer.echo("classes tokens scores attention | lower  upper  | width mean  max   | s/unit mean")
    for sort in SORTS:
        attention, mask, readout = drawn(sort, units, seed=seed)
        begin = time.process_time()
        found = interval_adversary(attention, mask, readout, max_tvd=MAX_TVD)
        seconds = (time.process_time() - begin) / units
        width = found.upper_bound - found.divergence
        typer.echo(
            f"{sort.classes:7d} {sort.tokens:6d} {sort.scores:6.1f} {sort.attention:9.1f} | "
            f"{found.divergence.mean():.4f} {found.upper_bound.mean():.4f} | "
            f"{width.mean():10.4f} {width.max():.4f} | {seconds:11.3f}"
        )


if __name__ == "__main__":
    typer.run(main)
