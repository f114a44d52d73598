"""How often a claim is decided wrongly that is judged again whenever documents have been added."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.calibration.capital import highest_log_capitals
from attnaudit.calibration.draws import Draws, draw
from attnaudit.calibration.outcomes import Outcomes, sided
from attnaudit.calibration.population import Population
from attnaudit.calibration.questions import at_the_truth
from attnaudit.calibration.rates import Rate
from attnaudit.calibration.student import student
from attnaudit.claims import Claim
from attnaudit.verdicts.evidence import Evidence
from attnaudit.verdicts.statistic import reduce_to_mean

LOOKS = (50, 100, 200, 400)
"""Documents at which Student's t interval is looked at."""
CLAIMS = ("tau-gradient", "permutation", "exchange-above-null")
"""Means that are looked at: one for each kind of question, because each look costs time."""
_BEGIN = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class AdaptiveCell:
    """A claim at the truth, looked at again and again until it seems decided.

    Attributes:
        construction: Name of the construction.
        claim: Id of the claim.
        false_support: Samples whose capital ever supports it, looked at after every document.
        false_refute: Samples whose capital ever refutes it.
        student_support: Supported by Student's t interval at one of the `LOOKS`.
        student_refute: Refuted by it at one of them.
    """

    construction: str
    claim: str
    false_support: Rate
    false_refute: Rate
    student_support: Rate
    student_refute: Rate


def measure_adaptive(
    population: Population, *, level: float, samples: int, generator: np.random.Generator
) -> list[AdaptiveCell]:
    """One cell for each of the `CLAIMS` that varies.

    Args:
        population: What the documents are drawn from.
        level: Error probability for each direction.
        samples: How many samples.
        generator: Draws the documents.
    """
    asked = [pair for pair in at_the_truth(population) if pair[0].id in CLAIMS]
    if not asked:
        return []
    draws = draw(population=population.size, n=LOOKS[-1], samples=samples, generator=generator)
    prefixes = [draws.first(look) for look in LOOKS]
    return [
        _cell(claim, evidence, population.construction, prefixes, level)
        for claim, evidence in asked
    ]


def _cell(
    claim: Claim,
    evidence: Evidence,
    construction: str,
    prefixes: Sequence[Draws],
    level: float,
) -> AdaptiveCell:
    ours = _running(claim, evidence, prefixes[-1].index, level)
    usual = [student(claim, evidence, draws, level=level) for draws in prefixes]
    return AdaptiveCell(
        construction=construction,
        claim=claim.id,
        false_support=Rate.of(ours.supported),
        false_refute=Rate.of(ours.refuted),
        student_support=Rate.of(np.any([one.supported for one in usual], axis=0)),
        student_refute=Rate.of(np.any([one.refuted for one in usual], axis=0)),
    )


def _running(claim: Claim, evidence: Evidence, index: NDArray[np.intp], level: float) -> Outcomes:
    """Which samples are ever decided, either way, from their first look on."""
    reduced, target = reduce_to_mean(claim, evidence), -math.log(level)
    mean = reduced.threshold
    above = highest_log_capitals(index, reduced.lower, mean, begin=_BEGIN) >= target
    below = highest_log_capitals(index, 1 - reduced.upper, 1 - mean, begin=_BEGIN) >= target
    return sided(claim, above=above, below=below)
