"""Whether `judge` itself comes to the verdicts that are reached for many samples at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.calibration.draws import Draws
from attnaudit.calibration.outcomes import Outcomes
from attnaudit.calibration.population import resampled
from attnaudit.claims import Claim
from attnaudit.errors import InternalError
from attnaudit.records import Measurement, Outcome
from attnaudit.verdicts import judge


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmed:
    """Verdicts that `judge` has repeated with the same outcome.

    Attributes:
        total: All of them.
        decided: Those that were supported or refuted.
    """

    total: int = 0
    decided: int = 0

    def __add__(self, other: "Confirmed") -> "Confirmed":
        """Both together."""
        return Confirmed(total=self.total + other.total, decided=self.decided + other.decided)


def confirmed(
    outcomes: Outcomes,
    claim: Claim,
    measurement: Measurement,
    draws: Draws,
    *,
    level: float,
    samples: int,
) -> Confirmed:
    """Have `judge` repeat some samples of each outcome: the first ones and those nearest its edge.

    Args:
        outcomes: What became of the claim in each sample.
        claim: What is claimed.
        measurement: The population that the samples are from.
        draws: The samples.
        level: Error probability for each direction.
        samples: How many of the first, and how many of the nearest, of each of the three outcomes;
            all of them where there are fewer.

    Raises:
        InternalError: If it comes to another verdict.
    """
    decided = 0
    chosen = _chosen(outcomes, samples)
    for number in chosen:
        index = draws.index[number].tolist()
        verdict = judge(claim, resampled(measurement, index), level=level)
        supported, refuted = outcomes.supported[number], outcomes.refuted[number]
        expected = verdict.outcome is Outcome.SUPPORTED, verdict.outcome is Outcome.REFUTED
        if (supported, refuted) != expected:
            raise InternalError(
                f"claim {claim.id} at {claim.threshold:g} on sample {number} of {draws.n} "
                f"documents: judge says {verdict.outcome}, calibration supported={supported}, "
                f"refuted={refuted}"
            )
        decided += int(supported or refuted)
    return Confirmed(total=len(chosen), decided=decided)


def _chosen(outcomes: Outcomes, samples: int) -> list[int]:
    found: set[int] = set()
    for which in (outcomes.supported, outcomes.refuted, outcomes.inconclusive):
        members = np.flatnonzero(which)
        found.update(members[:samples].tolist())
        found.update(_nearest(members, outcomes.margin, samples))
    return sorted(found)


def _nearest(
    members: NDArray[np.intp], margin: NDArray[np.float64] | None, samples: int
) -> list[int]:
    if margin is None:
        return []
    nearest: list[int] = members[np.argsort(margin[members], kind="stable")[:samples]].tolist()
    return nearest
