"""The decision interval of a row of a verdict, however its documents were drawn.

Three ways: all documents at once, where their order is of no effect; in blocks, where the interval
is what no look so far has excluded; and without replacement from finitely many, which are then all
that the claim is about.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.errors import InternalError
from attnaudit.records import Draw, Measurement
from attnaudit.statistics import (
    finite_lower_bound,
    finite_median_lower_bound,
    finite_median_upper_bound,
    finite_upper_bound,
)
from attnaudit.verdicts.evidence import Evidence
from attnaudit.verdicts.statistic import Levels, decision_interval, reduce_to_mean

THESE_DOCUMENTS = "these documents"
"""The target of a claim that is about the documents themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """The evidence of one row and its places in the order of drawing.

    Attributes:
        evidence: The documents of the row.
        place: [documents] place of each among all that were drawn.
        drawn: Documents drawn, of any row.
        population: Documents that they were drawn from.
        looks: How many had been drawn at each look, ascending; none if there was no look before
            the last.
    """

    evidence: Evidence
    place: NDArray[np.int64]
    drawn: int
    population: int
    looks: tuple[int, ...] = ()


def draw_of(measurement: Measurement) -> Draw:
    """How documents were drawn; all there are, in their order, unless the measurement says.

    Raises:
        InternalError: If what it says contradicts itself.
    """
    total = len(measurement.documents)
    draw = measurement.draw
    if draw is None:
        return Draw(place=np.arange(total), drawn=total, population=total)
    apart = np.unique(draw.place).size == total == draw.place.size
    inside = bool(((draw.place >= 0) & (draw.place < draw.drawn)).all())
    if not (apart and inside and draw.drawn <= draw.population):
        raise InternalError(
            f"measurement {measurement.audit} / {measurement.quantity} has {total} documents, "
            f"{np.unique(draw.place).size} places, {draw.drawn} drawn and {draw.population} to "
            "draw from, which do not fit"
        )
    return draw


def row_interval(claim: Claim, row: Drawn, levels: Levels) -> tuple[float, float]:
    """Bounds on the statistic of the documents of a row, in units of the statistic.

    Between looks the bounds only move towards each other: one that was once excluded stays so. That
    keeps the error probability wherever one stops looking, and if the lower end passes the upper
    one, one of them was wrong. A cluster counts from the look at which it is known to be whole.
    """
    if claim.target == THESE_DOCUMENTS:
        return _finite_interval(claim, row, levels)
    ends = [
        decision_interval(claim, row.evidence.select(_seen(row, look)), levels)
        for look in row.looks
    ]
    ends = ends or [decision_interval(claim, row.evidence, levels)]
    return max(low for low, _ in ends), min(high for _, high in ends)


def _seen(row: Drawn, look: int) -> NDArray[np.intp]:
    """Documents of the row that count at a look.

    Clusters are drawn one after another, so that all are whole but perhaps the last. A part of it
    says something else than the whole does at the next look, and bets that are changed afterwards
    are none.
    """
    clusters = row.evidence.clusters
    seen = np.flatnonzero(row.place < look)
    if clusters is None or look == row.population or not seen.size:
        return seen
    last = clusters[seen[row.place[seen].argmax()]]
    whole: NDArray[np.intp] = seen[clusters[seen] != last]
    return whole


def _finite_interval(claim: Claim, row: Drawn, levels: Levels) -> tuple[float, float]:
    least, most = claim.statistic_range
    if claim.statistic == "median":
        return _finite_median(claim, row, levels)
    if row.drawn == row.population and row.evidence.value.size:
        return _known_mean(claim, row.evidence)
    reduced = reduce_to_mean(claim, row.evidence)
    low = finite_lower_bound(
        _in_order(row, reduced.lower), population=row.population, level=levels.low
    )
    high = finite_upper_bound(
        _in_order(row, reduced.upper), population=row.population, level=levels.high
    )
    return least + (most - least) * low, least + (most - least) * high


def _known_mean(claim: Claim, evidence: Evidence) -> tuple[float, float]:
    """The least and the largest that the mean of all documents can be.

    It is not scaled, and its distances from the threshold are added up: documents that are all on
    the threshold have a mean that is on it too, to the last bit.
    """
    if claim.fraction_above is not None:
        ends = (evidence.lower > claim.fraction_above, evidence.upper > claim.fraction_above)
        low, high = (float(above.mean()) for above in ends)
        return low, high
    low, high = (
        claim.threshold + math.fsum(end - claim.threshold) / end.size
        for end in (evidence.lower, evidence.upper)
    )
    return low, high


def _finite_median(claim: Claim, row: Drawn, levels: Levels) -> tuple[float, float]:
    least, most = claim.statistic_range
    lower, upper = row.evidence.lower, row.evidence.upper
    if row.drawn == row.population and lower.size:
        # Of an even number there are two medians; the claim is true if it is of the one nearer it.
        middle = (lower.size - (claim.direction == "at_most")) // 2
        return float(np.sort(lower)[middle]), float(np.sort(upper)[middle])
    return (
        finite_median_lower_bound(
            _in_order(row, lower), population=row.population, level=levels.low, least=least
        ),
        finite_median_upper_bound(
            _in_order(row, upper), population=row.population, level=levels.high, greatest=most
        ),
    )


def _in_order(row: Drawn, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values in the order of drawing, NaN for documents that are not in the row."""
    ordered = np.full(row.drawn, np.nan)
    ordered[row.place] = values
    return ordered
