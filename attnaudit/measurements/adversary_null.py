"""The adversary beside that of the same weights at random positions."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from attnaudit.adversaries import admits_interval
from attnaudit.measurements.free_share import NOT_ENCLOSED
from attnaudit.measurements.rows import exact_row
from attnaudit.measurements.shuffled_adversary import reordered_divergences
from attnaudit.measurements.shuffles import own_and_shuffled_orders
from attnaudit.metrics import ONE_TOKEN
from attnaudit.models.protocol import Attended
from attnaudit.records import ValueRow

SHUFFLES = 5
"""Random orders of each document whose adversary is found."""

_NOT_SEARCHED = "not searched for"


def adversary_null_rows(
    attended: Attended, rows: Sequence[ValueRow], *, exact: bool, max_tvd: float, seed: int
) -> Iterator[ValueRow]:
    """For each row, one "-null" and one "-above-null".

    The null is the mean of the same quantity over `SHUFFLES` random orders of the unit's own
    attention, each of which has an output of its own to keep to.

    Args:
        attended: One batch at one site.
        rows: What was found: "divergence" and "share-of-free-maximum" of each unit.
        exact: Whether it was found exactly. If not, no null is, and its rows are undefined.
        max_tvd: Total variation distance up to which outputs count as the same, in (0, 1).
        seed: Seed of the run.

    Raises:
        InvalidArgumentError: If a document has more tokens than can be shuffled.
    """
    found = _nulls(attended, max_tvd=max_tvd, seed=seed) if exact else {}
    missing = NOT_ENCLOSED if admits_interval(attended.readout) else _NOT_SEARCHED
    for row in rows:
        unit = row.document, row.unit
        null = found.get((unit, row.quantity), math.nan)
        cause = None
        if math.isnan(null):
            cause = ONE_TOKEN if exact else missing
        yield exact_row(unit, f"{row.quantity}-null", null, undefined=cause)
        yield replace(
            row,
            quantity=f"{row.quantity}-above-null",
            value=row.value - null,
            lower=row.lower - null,
            upper=row.upper - null,
            undefined=row.undefined or cause,
            witness=None,
            witness_probabilities=None,
        )


def _nulls(
    attended: Attended, *, max_tvd: float, seed: int
) -> dict[tuple[tuple[str, int], str], float]:
    orders = own_and_shuffled_orders(
        attended, measurement="adversary-null", draws=SHUFFLES, seed=seed
    )
    divergence, share = reordered_divergences(attended, orders[:, 1:], max_tvd=max_tvd)
    return {
        (unit, quantity): value
        for quantity, values in (("divergence", divergence), ("share-of-free-maximum", share))
        for unit, value in zip(attended.units, values.mean(dim=1).tolist(), strict=True)
    }
