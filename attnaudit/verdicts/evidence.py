"""What a measurement says about a claim, document by document, undefined values included."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.records import Bound, Measurement
from attnaudit.verdicts.clusters import find_clusters

CONSTANT_ATTENTION = "constant attention"
"""A cause of an undefined value that counts against a claim unless the claim says otherwise."""

# A sum of single-precision probabilities leaves its range by about this much, as a share of it.
_ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The quantity of a claim for the documents that the claim is about.

    Attributes:
        value: [documents], NaN where undefined.
        lower: [documents] least possible value, in the range of the quantity.
        upper: [documents] largest possible value, in the range of the quantity.
        causes: [documents] why there is no value, or None.
        clusters: [documents] number of the cluster that each belongs to; None if each is a draw of
            its own.
    """

    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    causes: tuple[str | None, ...]
    clusters: NDArray[np.intp] | None = None

    @property
    def draws(self) -> int:
        """How many clusters there are; how many documents, if each is a draw of its own."""
        return self.value.size if self.clusters is None else np.unique(self.clusters).size

    @property
    def defined(self) -> NDArray[np.float64]:
        """The values there are."""
        return self.value[~np.isnan(self.value)]

    @property
    def defined_clusters(self) -> NDArray[np.intp] | None:
        """The clusters that they belong to; None if each document is a draw of its own."""
        return None if self.clusters is None else self.clusters[~np.isnan(self.value)]

    def select(self, index: NDArray[np.intp]) -> Self:
        """Some documents only."""
        return type(self)(
            value=self.value[index],
            lower=self.lower[index],
            upper=self.upper[index],
            causes=tuple(self.causes[position] for position in index),
            clusters=None if self.clusters is None else self.clusters[index],
        )


def gather_evidence(claim: Claim, measurement: Measurement) -> Evidence:
    """The values of a measurement, undefined ones replaced as the claim says.

    An undefined value counts as the end of the range that is worse for the verdict under test, or
    as the end that is worse for the claim, so no model wins by being undefined. Values outside the
    range by rounding alone count as its end.

    Raises:
        InvalidArgumentError: If the measurement is not the one that the claim is about.
        UsageError: If a part of these documents was drawn by cluster, and all are claimed about.
        InternalError: If the measurement contradicts itself.
    """
    _check_same_quantity(claim, measurement)
    _check_consistent(measurement)
    low, high = claim.range
    lower = np.clip(measurement.lower, low, high)
    upper = np.clip(measurement.upper, low, high)
    for position, cause in enumerate(measurement.undefined):
        if cause is not None:
            lower[position], upper[position] = _imputed(claim, cause)
    return Evidence(
        value=measurement.value,
        lower=lower,
        upper=upper,
        causes=measurement.undefined,
        clusters=find_clusters(claim, measurement),
    )


def _imputed(claim: Claim, cause: str) -> tuple[float, float]:
    low, high = claim.range
    worst = low if claim.direction == "at_least" else high
    fails = claim.undefined == "fails" or (
        claim.undefined == "by-cause" and cause == CONSTANT_ATTENTION
    )
    return (worst, worst) if fails else (low, high)


def _check_same_quantity(claim: Claim, measurement: Measurement) -> None:
    asked, given = (claim.audit, claim.quantity), (measurement.audit, measurement.quantity)
    if asked != given:
        raise InvalidArgumentError(
            f"claim {claim.id} is about {' / '.join(asked)}, the measurement about "
            f"{' / '.join(given)}; pass the measurement of the claim's own audit"
        )
    limits = (measurement.low, measurement.high)
    if not all(map(math.isclose, claim.range, limits)):
        raise InvalidArgumentError(
            f"claim {claim.id}: {claim.quantity} lies in {claim.range}, but was measured on "
            f"{limits}"
        )


def _check_consistent(measurement: Measurement) -> None:
    name = f"measurement {measurement.audit} / {measurement.quantity}"
    total = len(measurement.documents)
    columns = [
        *(measurement.value, measurement.lower, measurement.upper),
        *(measurement.lengths, measurement.confidence),
    ]
    sizes = {column.shape for column in columns} | {(len(measurement.undefined),)}
    if sizes != {(total,)}:
        raise InternalError(f"{name} has {total} documents but columns of shapes {sorted(sizes)}")
    defined = np.array([cause is None for cause in measurement.undefined], dtype=bool)
    slack = _ROUNDING * (measurement.high - measurement.low)
    lower, value, upper = measurement.lower, measurement.value, measurement.upper
    in_order = (
        (measurement.low - slack <= lower)
        & (lower <= value + slack)
        & (value <= upper + slack)
        & (upper <= measurement.high + slack)
    )
    # Comparisons with NaN are false, so a value that is not finite is never in order.
    wrong = np.flatnonzero(np.where(defined, ~in_order, ~np.isnan(value)))
    if wrong.size:
        first = wrong[0]
        raise InternalError(
            f"{name}: document {measurement.documents[first]} has value {value[first]} in "
            f"[{lower[first]}, {upper[first]}], cause {measurement.undefined[first]!r}; defined "
            f"values lie in order in [{measurement.low}, {measurement.high}], others are NaN"
        )
    if measurement.kind is Bound.EXACT and not (
        np.array_equal(lower[defined], value[defined])
        and np.array_equal(upper[defined], value[defined])
    ):
        raise InternalError(f"{name} calls itself exact, but its bounds differ from its values")
