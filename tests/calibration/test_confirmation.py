"""Verdicts that are repeated by `judge` itself."""

import numpy as np
import pytest

from attnaudit.calibration.confirmation import Confirmed, confirmed
from attnaudit.calibration.draws import draw
from attnaudit.calibration.outcomes import Outcomes, decide
from attnaudit.calibration.questions import evidence_of
from attnaudit.errors import InternalError

LEVEL = 0.025


def draws_of(size, *, n, samples):
    return draw(population=size, n=n, samples=samples, generator=np.random.default_rng(0))


@pytest.mark.parametrize("cause", ["constant attention", "constant importance"])
def test_documents_without_a_value_count_as_judge_counts_them(agreement_claim, population, cause):
    values = np.random.default_rng(4).uniform(0.2, 1.0, 60)
    values[::4] = np.nan
    for limit in (-0.2, 0.1, 0.5, 0.9):
        claim = agreement_claim(limit=limit)
        measured = population(claim, values, cause=cause)
        draws = draws_of(60, n=150, samples=4)
        outcomes = decide(claim, evidence_of(claim, measured), draws, level=LEVEL)
        found = confirmed(
            outcomes, claim, measured.measurements[claim.id], draws, level=LEVEL, samples=9
        )
        decided = outcomes.supported.sum() + outcomes.refuted.sum()
        assert found == Confirmed(total=4, decided=decided)


@pytest.fixture
def spread(permutation_claim, population):
    """A claim that some samples support and others leave open, and what it is asked of."""
    claim = permutation_claim(limit=0.5)
    measured = population(claim, np.linspace(0.2, 1, 60))
    draws = draws_of(60, n=60, samples=200)
    outcomes = decide(claim, evidence_of(claim, measured), draws, level=LEVEL)
    assert 10 < outcomes.supported.sum() < 190
    return outcomes, claim, measured.measurements[claim.id], draws


def test_the_first_and_the_nearest_of_each_outcome_are_repeated(spread):
    # Two of those that are supported and two that are open, if the nearest is not the first.
    found = confirmed(*spread, level=LEVEL, samples=1)
    assert found.total - found.decided in (1, 2)
    assert found.decided in (1, 2)
    assert confirmed(*spread, level=LEVEL, samples=0) == Confirmed()
    assert confirmed(*spread, level=LEVEL, samples=200).total == 200


def flipped(outcomes, place, margin):
    supported, margins = outcomes.supported.copy(), outcomes.margin.copy()
    supported[place] = not supported[place]
    margins[place] = margin
    return Outcomes(supported, outcomes.refuted, margins)


def test_that_judge_contradicts_the_first_sample_is_an_error(spread):
    outcomes, *rest = spread
    with pytest.raises(InternalError, match=r"on sample 0 of 60 documents: judge says"):
        confirmed(flipped(outcomes, 0, np.inf), *rest, level=LEVEL, samples=1)


@pytest.mark.parametrize(
    ("outcome", "message"),
    [("supported", "says supported, .* supported=False"), ("inconclusive", "supported=True")],
)
def test_that_judge_contradicts_the_sample_nearest_to_its_edge_is_an_error(
    spread, outcome, message
):
    outcomes, *rest = spread
    place = np.flatnonzero(getattr(outcomes, outcome))[-1]
    with pytest.raises(InternalError, match=rf"sample {place} of 60 documents: judge .*{message}"):
        confirmed(flipped(outcomes, place, 0.0), *rest, level=LEVEL, samples=1)


def test_what_was_confirmed_adds_up():
    assert Confirmed(total=3, decided=1) + Confirmed(total=4, decided=2) == Confirmed(
        total=7, decided=3
    )
