"""What is known of one claim about one construction, decided on samples of one size."""

import math
from dataclasses import dataclass

from attnaudit.calibration.confirmation import Confirmed
from attnaudit.calibration.rates import Rate

LEVEL = 0.025
"""Error probability of each direction of a claim that is judged alone."""
NEAR, FAR = 0.1, 0.5
"""Distances from the truth, in standard deviations of one document's value."""
MOST_INCONCLUSIVE = 0.2
"""Share of samples that may stay undecided at the far distance, with `ENOUGH` documents."""
ENOUGH = 200
PRICE = 3
"""Documents that bets may cost for each one that any valid rule needs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """How often one claim is decided, and how often wrongly, on samples of one size.

    Attributes:
        construction: Name of the construction.
        claim: Id of the claim.
        statistic: Mean, fraction or median.
        truth: The statistic over the whole population.
        n: Documents of a sample.
        false_support: Supported with the threshold at the truth: a hair beyond it, it is false.
        false_refute: Refuted with the threshold at the truth, so that it is true.
        near_support: Supported though false by `NEAR`; None where no such threshold exists.
        near_refute: Refuted though true by `NEAR`; None likewise.
        undecided_true: Inconclusive though true by `FAR`; None likewise.
        undecided_false: Inconclusive though false by `FAR`; None likewise.
        student_support: What `false_support` would be with Student's t interval.
        student_refute: What `false_refute` would be with it.
        confirmed: Verdicts that `judge` itself has repeated, at all distances from the truth.
        least_true: Documents that any valid rule needs to support it where it is true by `FAR`, in
            all but `MOST_INCONCLUSIVE` of the samples; infinite where there is no such threshold.
        least_false: Documents that any valid rule needs to refute it where it is false by `FAR`.
    """

    construction: str
    claim: str
    statistic: str
    truth: float
    n: int
    false_support: Rate
    false_refute: Rate
    near_support: Rate | None
    near_refute: Rate | None
    undecided_true: Rate | None
    undecided_false: Rate | None
    student_support: Rate
    student_refute: Rate
    confirmed: Confirmed
    least_true: float = math.inf
    least_false: float = math.inf

    @property
    def errors(self) -> tuple[Rate, ...]:
        """The rates that may not be above the nominal one."""
        found = (self.false_support, self.false_refute, self.near_support, self.near_refute)
        return tuple(rate for rate in found if rate is not None)

    @property
    def undecided(self) -> tuple[tuple[Rate, float], ...]:
        """The shares that stay undecided far from the truth, and what any valid rule needs."""
        both = ((self.undecided_true, self.least_true), (self.undecided_false, self.least_false))
        return tuple((rate, least) for rate, least in both if rate is not None)

    @property
    def lacks_power(self) -> bool:
        """Whether too much stays undecided far from the truth, where enough documents are there.

        Half a standard deviation may be next to nothing in terms of the range. Then no rule can
        tell it from chance with so few documents, and none is asked to.
        """
        return self.n == ENOUGH and any(
            rate.share > MOST_INCONCLUSIVE and PRICE * least <= ENOUGH
            for rate, least in self.undecided
        )
