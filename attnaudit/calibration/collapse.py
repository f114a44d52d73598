"""A model that says next to nothing may win no claim by being right where it says something."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnaudit.calibration.cells import LEVEL
from attnaudit.calibration.draws import Draws
from attnaudit.calibration.outcomes import decide
from attnaudit.calibration.population import Population
from attnaudit.calibration.questions import evidence_of
from attnaudit.calibration.rates import Rate

COLLAPSED = "collapsed"
"""Name of the construction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CollapseCell:
    """A claim as it stands about the collapsed model.

    Attributes:
        claim: Id of the claim.
        limit: The claim's own threshold, in words.
        defined: The statistic among documents that have a value: what one would believe who left
            the others out; NaN if there are none.
        n: Documents of a sample.
        supported: Samples in which it is supported.
        refuted: Samples in which it is refuted.
    """

    claim: str
    limit: str
    defined: float
    n: int
    supported: Rate
    refuted: Rate


def measure_collapse(population: Population, draws: Sequence[Draws]) -> list[CollapseCell]:
    """One cell per claim and size of samples; none for any other construction."""
    if population.construction != COLLAPSED:
        return []
    cells = []
    for claim in population.claims:
        if claim.statistic != "mean":
            continue
        evidence = evidence_of(claim, population)
        values = evidence.defined
        for some in draws:
            outcomes = decide(claim, evidence, some, level=LEVEL)
            cells.append(
                CollapseCell(
                    claim=claim.id,
                    limit=f"{claim.direction.replace('_', ' ')} {claim.threshold:g}",
                    defined=float(values.mean()) if values.size else float(np.nan),
                    n=some.n,
                    supported=Rate.of(outcomes.supported),
                    refuted=Rate.of(outcomes.refuted),
                )
            )
    return cells
