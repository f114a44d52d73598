"""The intervals that are compared with: Student's t and BCa."""

import numpy as np
import pytest
from scipy import stats

from attnaudit.calibration.bootstrap import bias_corrected, measure_bootstrap
from attnaudit.calibration.draws import draw
from attnaudit.calibration.questions import evidence_of
from attnaudit.calibration.student import student


def drawn(size, *, n, samples):
    return draw(population=size, n=n, samples=samples, generator=np.random.default_rng(1))


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_student_decides_as_the_interval_of_scipy(permutation_claim, population, direction):
    values = np.random.default_rng(0).beta(2, 3, 50)
    claim = permutation_claim(direction, 0.38)
    draws = drawn(50, n=25, samples=60)
    found = student(claim, evidence_of(claim, population(claim, values)), draws, level=0.1)
    for number, index in enumerate(draws.index):
        low, high = stats.ttest_1samp(values[index], 0).confidence_interval(0.8)
        above, below = low > 0.38, high < 0.38
        supported, refuted = (above, below) if direction == "at_least" else (below, above)
        assert (found.supported[number], found.refuted[number]) == (supported, refuted)
    assert found.supported.any()
    assert found.refuted.any()


def test_bca_decides_where_its_whole_interval_lies_on_one_side(permutation_claim, population):
    values = np.random.default_rng(0).beta(2, 3, 50)
    index = drawn(50, n=25, samples=4).index
    for limit, outcome in ((0.05, "supported"), (0.95, "refuted")):
        claim = permutation_claim(limit=limit)
        evidence = evidence_of(claim, population(claim, values))
        found = bias_corrected(
            claim, evidence, index, level=0.025, generator=np.random.default_rng(0)
        )
        assert getattr(found, outcome).all()


def test_bca_takes_equal_values_for_certainty(permutation_claim, population):
    # One of the reasons why it may not decide: a rare value that was not drawn is ruled out.
    values = np.array([0.5] * 99 + [0.0])
    claim = permutation_claim(limit=0.4999)
    evidence = evidence_of(claim, population(claim, values))
    index = np.zeros((3, 20), dtype=np.intp)
    found = bias_corrected(claim, evidence, index, level=0.025, generator=np.random.default_rng(0))
    assert found.supported.all()


def test_bca_is_tried_on_samples_of_up_to_two_hundred(populous):
    population = populous(40)
    draws = [drawn(40, n=n, samples=3) for n in (20, 300)]
    cells = measure_bootstrap(population, draws, level=0.025, generator=np.random.default_rng(0))
    assert [(cell.claim, cell.n) for cell in cells] == [
        ("permutation", 20),
        ("adversary-share", 20),
    ]
    assert {cell.false_support.total for cell in cells} == {3}
