"""The decision interval of a claim beside its threshold, as places along a strip."""

from dataclasses import dataclass

from attnaudit.reports.verdict_table import ClaimRows
from attnaudit.store.run import ClaimRow

_EDGE = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """Places on a strip from 0 to 100, the same scale for all rows of a claim.

    Attributes:
        low: Lower end of the decision interval.
        high: Upper end of the decision interval.
        estimate: Where the estimate lies, or None.
        threshold: Where the claim draws the line.
        above: Whether the claim lies above its threshold.
        null: Where the null of the claim lies, or None where it has none.
    """

    low: float
    high: float
    estimate: float | None
    threshold: float
    above: bool
    null: float | None


def strips(claim: ClaimRows) -> tuple[Strip | None, ...]:
    """One strip per row of a claim, None where nothing was decided from numbers.

    Args:
        claim: All rows of one claim.
    """
    numbers = [
        number
        for row in claim.rows
        for number in (row.low, row.high, row.estimate, row.null, _threshold(row))
        if number is not None
    ]
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    return tuple(_strip(row, low, high) for row in claim.rows)


def _strip(row: ClaimRow, low: float, high: float) -> Strip | None:
    threshold = _threshold(row)
    if row.low is None or row.high is None or threshold is None or low == high:
        return None

    def place(number: float) -> float:
        return round(_EDGE + (100 - 2 * _EDGE) * (number - low) / (high - low), 2)

    return Strip(
        low=place(row.low),
        high=place(row.high),
        estimate=None if row.estimate is None else place(row.estimate),
        threshold=place(threshold),
        above=row.at_least is not None,
        null=None if row.null is None else place(row.null),
    )


def _threshold(row: ClaimRow) -> float | None:
    return row.at_least if row.at_least is not None else row.at_most
