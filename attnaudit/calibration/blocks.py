"""How often a claim is decided wrongly as `judge_in_blocks` decides it, look by look.

Two things that one look at samples drawn with replacement says nothing about: a claim that holds in
all but one rare class, of which the first looks may have seen nothing, and a claim about finitely
many documents, of which the last look has seen all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from attnaudit.calibration.population import Population, resampled
from attnaudit.calibration.questions import about_these_documents, at_the_truth, with_threshold
from attnaudit.calibration.rare_class import false_in_a_rare_class
from attnaudit.calibration.rates import Rate
from attnaudit.claims import Claim
from attnaudit.records import Draw, Measurement, Outcome
from attnaudit.verdicts import FEWEST_IN_GROUP, block_ends, first_drawn, judge_in_blocks

CLAIM = "permutation"
"""The claim that is judged so."""
CONSTRUCTIONS = ("half faithful", "mostly faithful")
"""Where it is: their documents differ, and each replicate takes a tenth of a second or more."""
REPLICATES = 200
"""For the same reason."""
DOCUMENTS = 1_000
"""Documents of a population that are drawn before one gives up."""
THESE = 400
"""Documents where the claim is about these documents."""
RARE_SHARE = 0.02
"""Share of the rare class in the population. Of these documents it has the fewest that decide."""

# A claim this far on the right side of the truth of finitely many documents is true.
_HAIR = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class BlocksCell:
    """A claim that is judged after 50, 100, 200, ... documents and at last after all of them.

    Attributes:
        construction: Name of the construction.
        claim: Id of the claim.
        question: What is asked.
        false_support: Replicates in which it is supported though false.
        false_refute: Replicates in which it is refuted though true; None where it is false.
        right: Replicates with the right verdict, both of them where two claims are judged.
    """

    construction: str
    claim: str
    question: str
    false_support: Rate
    false_refute: Rate | None
    right: Rate


def measure_blocks(
    population: Population, *, level: float, replicates: int, generator: np.random.Generator
) -> list[BlocksCell]:
    """Three cells for each of the `CONSTRUCTIONS`, none for any other.

    Args:
        population: What the documents are drawn from.
        level: Error probability for each direction.
        replicates: How often they are drawn; never more than `REPLICATES`.
        generator: Draws the documents.
    """
    asked = [claim for claim, _ in at_the_truth(population) if claim.id == CLAIM]
    if population.construction not in CONSTRUCTIONS or not asked:
        return []
    [claim] = asked
    every = population.measurements[CLAIM]
    some = resampled(every, generator.permutation(population.size)[:THESE].tolist())
    times = min(replicates, REPLICATES)
    rare, marked = false_in_a_rare_class(
        claim, every, members=max(1, round(RARE_SHARE * population.size))
    )
    rare_here, marked_here = false_in_a_rare_class(claim, some, members=FEWEST_IN_GROUP)
    return [
        _cell(
            population.construction,
            "false in a rare class of the population",
            (rare,),
            lambda: _with_replacement(marked, generator),
            level=level,
            times=times,
        ),
        _cell(
            population.construction,
            "false in a rare class of these documents",
            (about_these_documents(rare_here),),
            lambda: _in_another_order(marked_here, generator),
            level=level,
            times=times,
        ),
        _cell(
            population.construction,
            "at the truth of these documents",
            tuple(map(about_these_documents, _false_and_true(claim, some))),
            lambda: _in_another_order(some, generator),
            level=level,
            times=times,
        ),
    ]


def outcome_in_blocks(claim: Claim, measurement: Measurement, *, level: float) -> Outcome:
    """The verdict when documents are drawn in the order in which the measurement has them."""
    total = len(measurement.documents)
    whole = replace(measurement, draw=Draw(place=np.arange(total), drawn=total, population=total))
    verdict, _ = judge_in_blocks(
        claim, lambda end: first_drawn(whole, end), level=level, ends=block_ends(total)
    )
    return verdict.outcome


def _cell(
    construction: str,
    question: str,
    claims: tuple[Claim, ...],
    drawn: Callable[[], Measurement],
    *,
    level: float,
    times: int,
) -> BlocksCell:
    """A false claim, and after it a true one if there is one, on the same documents each time."""
    samples = [drawn() for _ in range(times)]
    found = [[outcome_in_blocks(one, sample, level=level) for sample in samples] for one in claims]
    expected = (Outcome.REFUTED, Outcome.SUPPORTED)
    right = [all(map(Outcome.__eq__, each, expected)) for each in zip(*found, strict=True)]
    return BlocksCell(
        construction=construction,
        claim=claims[0].id,
        question=question,
        false_support=_rate(found[0], Outcome.SUPPORTED),
        false_refute=_rate(found[1], Outcome.REFUTED) if len(claims) > 1 else None,
        right=Rate.of(np.array(right)),
    )


def _rate(found: list[Outcome], outcome: Outcome) -> Rate:
    return Rate.of(np.array([one is outcome for one in found]))


def _with_replacement(measurement: Measurement, generator: np.random.Generator) -> Measurement:
    size = len(measurement.documents)
    return resampled(measurement, generator.integers(size, size=DOCUMENTS).tolist())


def _in_another_order(measurement: Measurement, generator: np.random.Generator) -> Measurement:
    return resampled(measurement, generator.permutation(len(measurement.documents)).tolist())


def _false_and_true(claim: Claim, measurement: Measurement) -> tuple[Claim, Claim]:
    truth = float(measurement.value.mean())
    hair = _HAIR if claim.direction == "at_least" else -_HAIR
    return with_threshold(claim, truth + hair), with_threshold(claim, truth - hair)
