"""Predicted and realised numbers of documents as Markdown."""

from collections.abc import Sequence

import numpy as np

from attnaudit.calibration.prediction import FIRST, Prediction
from attnaudit.calibration.rates import Rate

FEWEST_HELD = 0.7
"""Share of predicted ranges that must hold the realised number."""


def held_share(predictions: Sequence[Prediction]) -> float | None:
    """The share over all predictions together; None where nothing had to be predicted."""
    rate = _together(predictions)
    return None if rate is None else rate.share


def prediction_lines(predictions: Sequence[Prediction]) -> list[str]:
    """A table of all claims, and what they amount to together."""
    rows = [
        ("model", "claim", "gap in sd", "inconclusive", "realised: median", "held by the range"),
        ("---",) * 6,
        *map(_row, predictions),
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    together = _together(predictions)
    if together is None:
        nothing = (
            f"No claim was inconclusive after {FIRST} documents, so nothing was predicted: failed"
        )
        return [*lines, "", nothing]
    low, high = together.interval
    verdict = "passed" if together.share >= FEWEST_HELD else "failed"
    return [
        *lines,
        "",
        (
            f"Together {together.count} of {together.total} ranges hold the realised number: "
            f"{together.share:.3f} ({low:.3f}-{high:.3f}), {FEWEST_HELD} asked for: {verdict}"
        ),
    ]


def _row(one: Prediction) -> tuple[str, ...]:
    total = len(one.realised)
    open_ = f"{total} of {one.draws}"
    if not total:
        return one.model, one.claim, f"{one.gap:.2f}", open_, "-", "-"
    median = f"{np.median(one.realised):,.0f}"
    held = f"{one.held / total:.3f}"
    return one.model, one.claim, f"{one.gap:.2f}", open_, median, held


def _together(predictions: Sequence[Prediction]) -> Rate | None:
    total = sum(len(one.realised) for one in predictions)
    return Rate(sum(one.held for one in predictions), total) if total else None
