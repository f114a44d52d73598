"""How often a whole session has any wrong verdict: many claims about the same documents."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnaudit.calibration.draws import Draws
from attnaudit.calibration.outcomes import decide
from attnaudit.calibration.population import Population
from attnaudit.calibration.questions import at_the_truth
from attnaudit.calibration.rates import Rate
from attnaudit.calibration.student import student
from attnaudit.claims import Claim
from attnaudit.verdicts import direction_level
from attnaudit.verdicts.evidence import Evidence

CLAIMS_PER_SESSION = 20
"""Claims of a session, half of them true and half of them false by a hair."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionCell:
    """Sessions of twenty claims on samples of one size.

    Attributes:
        construction: Name of the construction.
        n: Documents of a sample, the same for all claims of a session.
        any_wrong: Sessions with at least one wrong verdict.
        unshared: The same if each claim were judged as if it were alone.
        student: The same by Student's t interval, the error probability shared as ours is.
    """

    construction: str
    n: int
    any_wrong: Rate
    unshared: Rate
    student: Rate


def measure_sessions(population: Population, draws: Sequence[Draws]) -> list[SessionCell]:
    """Sessions about ten quantities, each claimed at the truth and a hair beyond it.

    Args:
        population: What the samples are from.
        draws: Samples of each size.

    Returns:
        One cell for each size; none if fewer than ten quantities vary.
    """
    asked = at_the_truth(population)[: CLAIMS_PER_SESSION // 2]
    if len(asked) < CLAIMS_PER_SESSION // 2:
        return []
    return [_cell(asked, population.construction, some) for some in draws]


def _cell(asked: Sequence[tuple[Claim, Evidence]], construction: str, draws: Draws) -> SessionCell:
    shared, alone = direction_level(CLAIMS_PER_SESSION), direction_level(1)
    wrong, unshared, usual = (np.zeros(draws.samples, dtype=bool) for _ in range(3))
    for claim, evidence in asked:
        # At the truth, support is the error of the false claim and refutation that of the true one.
        wrong |= ~decide(claim, evidence, draws, level=shared).inconclusive
        unshared |= ~decide(claim, evidence, draws, level=alone).inconclusive
        usual |= ~student(claim, evidence, draws, level=shared).inconclusive
    return SessionCell(
        construction=construction,
        n=draws.n,
        any_wrong=Rate.of(wrong),
        unshared=Rate.of(unshared),
        student=Rate.of(usual),
    )
