"""The fast verdicts against `judge`, sample by sample."""

import numpy as np
import pytest

from attnaudit.calibration.draws import draw
from attnaudit.calibration.outcomes import decide
from attnaudit.calibration.population import resampled
from attnaudit.calibration.questions import evidence_of
from attnaudit.records import Outcome
from attnaudit.verdicts import judge
from attnaudit.verdicts.statistic import reduce_to_mean

STATISTICS = {
    "mean": {},
    "median": {"statistic": "median"},
    "fraction": {"statistic": "fraction", "fraction_above": 0.3},
}
POPULATIONS = {
    "smooth": lambda generator: generator.beta(2, 3, 60),
    "skewed": lambda generator: generator.beta(0.3, 4, 60),
    "tied": lambda generator: generator.choice([0.0, 0.3, 0.5, 1.0], 60),
}


def draws_of(size, *, n, samples, seed=0):
    generator = np.random.default_rng(seed)
    return draw(population=size, n=n, samples=samples, generator=generator)


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("direction", ["at_least", "at_most"])
@pytest.mark.parametrize("values", POPULATIONS)
def test_every_verdict_is_that_of_judge(
    permutation_claim, population, statistic, direction, values
):
    values = POPULATIONS[values](np.random.default_rng(2))
    seen = set()
    for limit in (0.08, 0.3, 0.6):
        claim = permutation_claim(direction, limit, **STATISTICS[statistic])
        measured = population(claim, values)
        measurement = measured.measurements[claim.id]
        for n in (20, 90):
            draws = draws_of(60, n=n, samples=2, seed=n)
            outcomes = decide(claim, evidence_of(claim, measured), draws, level=0.025)
            for number, index in enumerate(draws.index):
                verdict = judge(claim, resampled(measurement, index.tolist()), level=0.025)
                seen.add(verdict.outcome)
                assert outcomes.supported[number] == (verdict.outcome is Outcome.SUPPORTED)
                assert outcomes.refuted[number] == (verdict.outcome is Outcome.REFUTED)
                assert outcomes.inconclusive[number] == (verdict.outcome is Outcome.INCONCLUSIVE)
    assert len(seen) > 1


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_margin_is_least_where_a_little_would_change_the_verdict(
    permutation_claim, population, statistic
):
    limit = {"mean": 0.4, "median": 0.35, "fraction": 0.55}[statistic]
    claim = permutation_claim(limit=limit, **STATISTICS[statistic])
    evidence = evidence_of(claim, population(claim, np.linspace(0, 1, 60)))
    draws = draws_of(60, n=60, samples=300)
    outcomes = decide(claim, evidence, draws, level=0.025)
    assert outcomes.supported.any()
    assert outcomes.inconclusive.any()
    means = draws.counts @ reduce_to_mean(claim, evidence).lower / 60
    open_, decided = np.flatnonzero(outcomes.inconclusive), np.flatnonzero(outcomes.supported)
    # Of the two kinds the nearest are those that lie next to each other.
    edge = means[decided[outcomes.margin[decided].argmin()]]
    below = means[open_[outcomes.margin[open_].argmin()]]
    assert np.quantile(means[decided], 0.2) >= edge
    assert np.quantile(means[open_], 0.8) <= below
    assert (outcomes.margin >= 0).all()


def test_a_resampled_measurement_has_each_document_as_often_as_it_was_drawn(
    permutation_claim, population
):
    claim = permutation_claim()
    measurement = population(claim, [0.1, 0.2, 0.3]).measurements[claim.id]
    again = resampled(measurement, [2, 0, 2])
    assert again.value.tolist() == [0.3, 0.1, 0.3]
    assert len(set(again.documents)) == 3
    assert again.groups == {"predicted": ("positive",) * 3}
