"""Error rates of one claim about one construction, for each number of documents."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from attnaudit.calibration.attainable import least_documents
from attnaudit.calibration.draws import Draws
from attnaudit.calibration.outcomes import Outcomes, confirmed, decide
from attnaudit.calibration.population import Population
from attnaudit.calibration.questions import at_distance, evidence_of
from attnaudit.calibration.rates import Rate
from attnaudit.calibration.student import student
from attnaudit.claims import Claim
from attnaudit.verdicts.evidence import Evidence

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
        confirmed: How many of the verdicts `judge` itself has repeated.
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
    confirmed: int
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


def measure_cells(
    claim: Claim, population: Population, draws: Sequence[Draws], *, judged: int
) -> list[Cell]:
    """The cells of a claim, one for each set of samples; none if no threshold can be at the truth.

    Args:
        claim: Its threshold is put where it is wanted.
        population: What the samples are from.
        draws: Samples of each size.
        judged: How many samples of each cell `judge` itself repeats.

    Raises:
        InternalError: If it comes to another verdict.
    """
    evidence = evidence_of(claim, population)
    boundary = at_distance(claim, evidence, 0.0)
    if boundary is None:
        return []
    cells = []
    for some in draws:
        outcomes = decide(boundary, evidence, some, level=LEVEL)
        usual = student(boundary, evidence, some, level=LEVEL)
        moved = {gap: _moved(claim, population, some, gap) for gap in (-FAR, -NEAR, NEAR, FAR)}
        near_false, near_true = moved[-NEAR], moved[NEAR]
        far_false, far_true = moved[-FAR], moved[FAR]
        cells.append(
            Cell(
                construction=population.construction,
                claim=claim.id,
                statistic=claim.statistic,
                truth=boundary.threshold,
                n=some.n,
                false_support=Rate.of(outcomes.supported),
                false_refute=Rate.of(outcomes.refuted),
                near_support=None if near_false is None else Rate.of(near_false.supported),
                near_refute=None if near_true is None else Rate.of(near_true.refuted),
                undecided_true=None if far_true is None else Rate.of(far_true.inconclusive),
                undecided_false=None if far_false is None else Rate.of(far_false.inconclusive),
                student_support=Rate.of(usual.supported),
                student_refute=Rate.of(usual.refuted),
                confirmed=confirmed(
                    outcomes,
                    boundary,
                    population.measurements[claim.id],
                    some,
                    level=LEVEL,
                    samples=judged,
                ),
                least_true=_least(claim, evidence, FAR),
                least_false=_least(claim, evidence, -FAR),
            )
        )
    return cells


def _moved(claim: Claim, population: Population, draws: Draws, gap: float) -> Outcomes | None:
    evidence = evidence_of(claim, population)
    asked = at_distance(claim, evidence, gap)
    return None if asked is None else decide(asked, evidence, draws, level=LEVEL)


def _least(claim: Claim, evidence: Evidence, gap: float) -> float:
    asked = at_distance(claim, evidence, gap)
    if asked is None:
        return math.inf
    return least_documents(asked, evidence, level=LEVEL, power=1 - MOST_INCONCLUSIVE)
