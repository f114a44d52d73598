"""How many documents, or clusters of them, would probably decide an inconclusive claim."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnaudit.statistics import LARGEST_NEEDED, needed_documents
from attnaudit.verdicts.statistic import Levels, Reduced


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRow:
    """A row of a verdict that is neither supported nor refuted.

    Attributes:
        reduced: The values of its draws: documents, or clusters where they come in clusters.
        share: Share of all draws that are in its group.
        fewest: A number of draws in the group below which it decides nothing.
    """

    reduced: Reduced
    share: float
    fewest: int


def predict_needed(
    rows: Sequence[OpenRow],
    *,
    refuting_side: int,
    levels: Levels,
    generator: np.random.Generator,
) -> tuple[int, int] | None:
    """Total draws, 10 % and 90 % quantile, if the groups keep their shares of them.

    A single row that points against the claim decides it; otherwise every open row must be
    decided.

    Args:
        rows: What is open; not empty.
        refuting_side: 1 if the claim is refuted from above its threshold, -1 if from below.
        levels: The error probabilities of the two ends of the decision interval.
        generator: Draws again.

    Returns:
        The range, where an end at `LARGEST_NEEDED` reads "this many or more"; None if a row has
        no document to tell from.
    """
    if not all(row.reduced.lower.size for row in rows):
        return None
    against = [row for row in rows if row.reduced.side == refuting_side]
    ranges = [_needed_for(row, levels, generator) for row in against or rows]
    first = min if against else max
    return first(few for few, _ in ranges), first(many for _, many in ranges)


def _needed_for(row: OpenRow, levels: Levels, generator: np.random.Generator) -> tuple[int, int]:
    few, many = needed_documents(
        row.reduced.lower,
        row.reduced.upper,
        threshold=row.reduced.threshold,
        level_above=levels.low,
        level_below=levels.high,
        generator=generator,
    )
    return _overall(few, row), _overall(many, row)


def _overall(draws: int, row: OpenRow) -> int:
    return min(math.ceil(max(draws, row.fewest) / row.share), LARGEST_NEEDED)
