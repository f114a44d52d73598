"""The fast verdicts against `judge`, sample by sample."""

import numpy as np
import pytest

from attnaudit.calibration.draws import draw
from attnaudit.calibration.outcomes import Outcomes, confirmed, decide
from attnaudit.calibration.population import resampled
from attnaudit.calibration.questions import evidence_of
from attnaudit.errors import InternalError
from attnaudit.records import Outcome
from attnaudit.verdicts import judge

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


@pytest.mark.parametrize("cause", ["constant attention", "constant importance"])
def test_documents_without_a_value_count_as_judge_counts_them(agreement_claim, population, cause):
    values = np.random.default_rng(4).uniform(0.2, 1.0, 60)
    values[::4] = np.nan
    for limit in (-0.2, 0.1, 0.5, 0.9):
        claim = agreement_claim(limit=limit)
        measured = population(claim, values, cause=cause)
        draws = draws_of(60, n=150, samples=4)
        outcomes = decide(claim, evidence_of(claim, measured), draws, level=0.025)
        assert confirmed(
            outcomes, claim, measured.measurements[claim.id], draws, level=0.025, samples=9
        ) == min(9, draws.samples)


def test_a_verdict_that_judge_does_not_give_is_an_error(permutation_claim, population):
    claim = permutation_claim(limit=0.2)
    measured = population(claim, np.linspace(0.5, 1, 40))
    draws = draws_of(40, n=100, samples=2)
    nothing = np.zeros(2, dtype=bool)
    with pytest.raises(InternalError, match=r"on sample 0 of 100 documents: judge says supported"):
        confirmed(
            Outcomes(nothing, nothing),
            claim,
            measured.measurements[claim.id],
            draws,
            level=0.025,
            samples=2,
        )


def test_a_resampled_measurement_has_each_document_as_often_as_it_was_drawn(
    permutation_claim, population
):
    claim = permutation_claim()
    measurement = population(claim, [0.1, 0.2, 0.3]).measurements[claim.id]
    again = resampled(measurement, [2, 0, 2])
    assert again.value.tolist() == [0.3, 0.1, 0.3]
    assert len(set(again.documents)) == 3
    assert again.groups == {"predicted": ("positive",) * 3}
