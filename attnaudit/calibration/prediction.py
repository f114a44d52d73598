"""How often the predicted number of documents that decides a claim holds the real one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnaudit.calibration.capital import log_capitals
from attnaudit.calibration.population import resampled
from attnaudit.calibration.questions import without_groups
from attnaudit.claims import Claim, default_claims
from attnaudit.errors import UsageError
from attnaudit.records import Measurement
from attnaudit.runs.stored import StoredRun, missing_measurement
from attnaudit.statistics import LARGEST_NEEDED
from attnaudit.verdicts import judge
from attnaudit.verdicts.evidence import gather_evidence
from attnaudit.verdicts.statistic import reduce_to_mean

FIRST = 20
"""Documents that the prediction is made from."""
_GROWTH_BETWEEN_LOOKS = 1.03


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """Predictions for one claim about one run.

    Attributes:
        model: Name of the model.
        claim: Id of the claim.
        gap: Distance of the threshold from the mean of all documents, in standard deviations.
        draws: Samples of `FIRST` documents that were drawn.
        ranges: [inconclusive samples] the predicted ranges.
        realised: [inconclusive samples] numbers of documents that decided.
    """

    model: str
    claim: str
    gap: float
    draws: int
    ranges: tuple[tuple[int, int], ...]
    realised: tuple[int, ...]

    @property
    def held(self) -> int:
        """Ranges that hold the realised number."""
        return sum(
            few <= number and (number <= many or many >= LARGEST_NEEDED)
            for (few, many), number in zip(self.ranges, self.realised, strict=True)
        )


def predictions_of(
    stored: StoredRun, *, draws: int, generator: np.random.Generator
) -> list[Prediction]:
    """Predict from 20 documents of a run when its claims will be decided, then go on to see.

    Documents are drawn from those of the run with replacement, so that they never run out. Claims
    are the package's own, without their groups, at the level that the run gave them.

    Args:
        stored: A run of the default claims.
        draws: Samples of 20 documents for each claim.
        generator: Draws the documents.

    Raises:
        UsageError: If the run did not measure what a claim is about.
    """
    predictions = []
    for entry in stored.run.models:
        for claim in default_claims().claims:
            measurement = stored.measurement(entry, claim)
            if measurement is None:
                raise UsageError(
                    f"{stored.place} did not measure {missing_measurement(entry, claim)}. Audit "
                    "the model with the package's default claims first"
                )
            asked = without_groups(claim)
            long_enough = np.flatnonzero(measurement.lengths >= claim.min_tokens)
            kept = resampled(measurement, long_enough.tolist())
            level = stored.run.settings.level
            found = predict_and_see(asked, kept, level=level, draws=draws, generator=generator)
            predictions.append(_prediction(entry.name, asked, kept, draws, found))
    return predictions


def predict_and_see(
    claim: Claim,
    measurement: Measurement,
    *,
    level: float,
    draws: int,
    generator: np.random.Generator,
) -> list[tuple[tuple[int, int], int]]:
    """Predicted range and realised number, for each sample of 20 that leaves the claim open.

    Args:
        claim: Without groups.
        measurement: The documents to draw from, all as long as the claim demands.
        level: Error probability for each direction.
        draws: Samples.
        generator: Draws the documents.
    """
    found = []
    for _ in range(draws):
        index = generator.integers(len(measurement.documents), size=FIRST)
        verdict = judge(claim, resampled(measurement, index.tolist()), level=level)
        if verdict.needed is not None:
            realised = _realised(claim, measurement, index.tolist(), level, generator)
            found.append((verdict.needed, realised))
    return found


def _realised(
    claim: Claim,
    measurement: Measurement,
    first: Sequence[int],
    level: float,
    generator: np.random.Generator,
) -> int:
    """Documents at which the claim is first decided, up to the distance between two looks."""
    reduced = reduce_to_mean(claim, gather_evidence(claim, measurement))
    mean, target = reduced.threshold, -math.log(level)
    size = len(measurement.documents)
    counts = np.bincount(first, minlength=size).astype(np.float64)
    number = len(first)
    while number < LARGEST_NEEDED:
        further = min(math.ceil(number * _GROWTH_BETWEEN_LOOKS), LARGEST_NEEDED) - number
        counts += generator.multinomial(further, np.full(size, 1 / size))
        number += further
        capitals = (
            log_capitals(counts[None], reduced.lower, mean),
            log_capitals(counts[None], 1 - reduced.upper, 1 - mean),
        )
        if max(capitals)[0] >= target:
            return number
    return LARGEST_NEEDED


def _prediction(
    model: str,
    claim: Claim,
    measurement: Measurement,
    draws: int,
    found: Sequence[tuple[tuple[int, int], int]],
) -> Prediction:
    reduced = reduce_to_mean(claim, gather_evidence(claim, measurement))
    deviation = float(reduced.lower.std())
    missing = abs(float(reduced.lower.mean()) - reduced.threshold)
    return Prediction(
        model=model,
        claim=claim.id,
        gap=missing / deviation if deviation else math.inf,
        draws=draws,
        ranges=tuple(ends for ends, _ in found),
        realised=tuple(number for _, number in found),
    )
