"""Error rates of one claim about one construction, for each number of documents."""

import math
from collections.abc import Mapping, Sequence

from attnaudit.calibration.attainable import least_documents
from attnaudit.calibration.cells import FAR, LEVEL, MOST_INCONCLUSIVE, NEAR, Cell
from attnaudit.calibration.confirmation import Confirmed, confirmed
from attnaudit.calibration.draws import Draws
from attnaudit.calibration.outcomes import Outcomes, decide
from attnaudit.calibration.population import Population
from attnaudit.calibration.questions import at_distance, evidence_of
from attnaudit.calibration.rates import Rate
from attnaudit.calibration.student import student
from attnaudit.claims import Claim
from attnaudit.verdicts.evidence import Evidence


def measure_cells(
    claim: Claim, population: Population, draws: Sequence[Draws], *, judged: int
) -> list[Cell]:
    """The cells of a claim, one for each set of samples; none if no threshold can be at the truth.

    Args:
        claim: Its threshold is put where it is wanted.
        population: What the samples are from.
        draws: Samples of each size.
        judged: How many samples `judge` itself repeats, as `confirmed` says, at each threshold.

    Raises:
        InternalError: If it comes to another verdict.
    """
    evidence = evidence_of(claim, population)
    if at_distance(claim, evidence, 0.0) is None:
        return []
    asked = {gap: at_distance(claim, evidence, gap) for gap in (-FAR, -NEAR, 0.0, NEAR, FAR)}
    there = {gap: one for gap, one in asked.items() if one is not None}
    return [_cell(there, evidence, population, some, judged) for some in draws]


def _cell(
    asked: Mapping[float, Claim],
    evidence: Evidence,
    population: Population,
    draws: Draws,
    judged: int,
) -> Cell:
    boundary = asked[0.0]
    found = {gap: decide(claim, evidence, draws, level=LEVEL) for gap, claim in asked.items()}
    usual = student(boundary, evidence, draws, level=LEVEL)
    return Cell(
        construction=population.construction,
        claim=boundary.id,
        statistic=boundary.statistic,
        truth=boundary.threshold,
        n=draws.n,
        false_support=Rate.of(found[0.0].supported),
        false_refute=Rate.of(found[0.0].refuted),
        near_support=Rate.of(found[-NEAR].supported) if -NEAR in found else None,
        near_refute=Rate.of(found[NEAR].refuted) if NEAR in found else None,
        undecided_true=Rate.of(found[FAR].inconclusive) if FAR in found else None,
        undecided_false=Rate.of(found[-FAR].inconclusive) if -FAR in found else None,
        student_support=Rate.of(usual.supported),
        student_refute=Rate.of(usual.refuted),
        confirmed=_confirmed(asked, found, population, draws, judged),
        least_true=_least(asked.get(FAR), evidence),
        least_false=_least(asked.get(-FAR), evidence),
    )


def _confirmed(
    asked: Mapping[float, Claim],
    found: Mapping[float, Outcomes],
    population: Population,
    draws: Draws,
    judged: int,
) -> Confirmed:
    parts = [
        confirmed(
            found[gap],
            claim,
            population.measurements[claim.id],
            draws,
            level=LEVEL,
            samples=judged,
        )
        for gap, claim in asked.items()
    ]
    return sum(parts, Confirmed())


def _least(claim: Claim | None, evidence: Evidence) -> float:
    if claim is None:
        return math.inf
    return least_documents(claim, evidence, level=LEVEL, power=1 - MOST_INCONCLUSIVE)
