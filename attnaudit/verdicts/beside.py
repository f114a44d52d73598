"""What is shown beside a decision interval and decides nothing: customary intervals, and the null.

The decision interval shares its error probability with all claims of the session and all rows of
the claim, so it is wider than what readers are used to. The customary intervals are for them.
"""

import hashlib
import math
import warnings

import numpy as np

from attnaudit.claims import Claim
from attnaudit.errors import InternalError
from attnaudit.records import Beside, Measurement
from attnaudit.verdicts.clusters import find_clusters
from attnaudit.verdicts.evidence import Evidence, gather_evidence
from attnaudit.verdicts.groups import find_possible_groups
from attnaudit.verdicts.statistic import Levels, decision_interval, defined_draws, estimate

MOST_RESAMPLED = 2_000
"""Draws up to which a bootstrap interval is made: its jackknife grows with their square."""

_ALONE = Levels(low=0.025, high=0.025)
_RESAMPLES = 999
# A smaller spread of values, as a share of their range, is rounding in single precision.
_ROUNDING = 1e-6


def intervals_beside(claim: Claim, measurement: Measurement) -> tuple[Beside, ...]:
    """The customary intervals of every row of a claim's verdict, in its order.

    Args:
        claim: Says which statistic and which groups.
        measurement: What the verdict rests on.

    Raises:
        InvalidArgumentError: If the measurement is not the claim's.
        InternalError: If it contradicts itself.

    Source:
        Efron (1987) for the bootstrap interval.
    """
    evidence = gather_evidence(claim, measurement)
    groups = find_possible_groups(claim, measurement)
    rows = ((group.name, evidence.select(group.index)) for group in groups)
    return tuple(
        Beside(
            group=name,
            unadjusted=decision_interval(claim, row, _ALONE),
            bca=_bca(claim, name, row),
        )
        for name, row in rows
    )


def null_estimate(claim: Claim, measurement: Measurement, null: Measurement) -> float:
    """The claim's statistic of what stands for no explanation, over documents that have both.

    A document that has a null and no value of its own, or the other way round, would make the two
    numbers speak of different documents.

    Args:
        claim: Says which statistic, and which documents it is about.
        measurement: Its quantity.
        null: Its null quantity, of the same documents in the same order.

    Returns:
        In units of the statistic; NaN if no document has both.

    Raises:
        InternalError: If the two are not of the same documents.
    """
    if null.documents != measurement.documents:
        raise InternalError(
            f"claim {claim.id}: {len(measurement.documents)} documents have a {claim.quantity}, "
            f"{len(null.documents)} a {null.quantity}, and they are not the same in the same order"
        )
    both = np.isfinite(measurement.value) & np.isfinite(null.value)
    kept = np.flatnonzero(both & (null.lengths >= claim.min_tokens))
    everything = Evidence(
        value=null.value,
        lower=null.lower,
        upper=null.upper,
        causes=null.undefined,
        clusters=find_clusters(claim, null),
    )
    return estimate(claim, everything.select(kept))


def _bca(claim: Claim, group: str, row: Evidence) -> tuple[float, float] | None:
    if claim.statistic == "median" and row.clusters is not None:
        return None  # It would resample clusters, whose median is not that of their documents.
    values = row.defined if claim.statistic == "median" else defined_draws(claim, row)
    low, high = claim.statistic_range
    if not 1 < values.size <= MOST_RESAMPLED or np.ptp(values) <= _ROUNDING * (high - low):
        return None
    from scipy import stats  # noqa: PLC0415  # it takes most of a second, and only this needs it

    # Sorted and seeded by name, so that neither order nor company of the claim has an effect.
    seed = hashlib.sha256(f"{claim.id}\0{group}".encode()).digest()
    with warnings.catch_warnings():
        # Where the jackknife does not vary, as of many a median, there is no such interval.
        warnings.simplefilter("ignore")
        found = stats.bootstrap(
            (np.sort(values),),
            np.median if claim.statistic == "median" else np.mean,
            confidence_level=0.95,
            n_resamples=_RESAMPLES,
            method="BCa",
            vectorized=True,
            random_state=np.random.default_rng(int.from_bytes(seed)),
        ).confidence_interval
    low, high = float(found.low), float(found.high)
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None
