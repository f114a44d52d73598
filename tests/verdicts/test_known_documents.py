"""Claims about documents that are all measured: the verdict is arithmetic, to the last bit."""

import math
from fractions import Fraction

import numpy as np
import pytest

from attnaudit.records import Outcome
from attnaudit.verdicts import judge

LEVEL = 0.025
HERE = {"target": "these documents"}


@pytest.mark.parametrize(("value", "count"), [(0.2, 1), (0.7, 3), (0.1, 10), (0.3, 7)])
@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_a_tau_that_is_the_threshold_makes_the_claim_true(
    agreement, measured, value, count, direction
):
    claim = agreement(**{direction: value}, **HERE)
    verdict = judge(claim, measured(claim, [value] * count), level=LEVEL)
    assert verdict.outcome is Outcome.SUPPORTED


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
@pytest.mark.parametrize("quantity", ["tvd", "tvd-above-null"])
def test_documents_on_any_threshold_support_and_the_next_number_beyond_it_refutes(
    permutation, measured, direction, quantity
):
    """Of two ranges, [0, 1] and [-1, 1]."""
    rng = np.random.default_rng(0)
    for threshold in (*rng.uniform(0.001, 0.999, 60).tolist(), *(n / 100 for n in range(1, 100))):
        claim = permutation(quantity=quantity, **{direction: threshold}, **HERE)
        beyond = math.nextafter(threshold, 0 if direction == "at_least" else 1)
        count = int(rng.integers(1, 40))
        for value, outcome in ((threshold, Outcome.SUPPORTED), (beyond, Outcome.REFUTED)):
            assert judge(claim, measured(claim, [value] * count), level=LEVEL).outcome is outcome


def test_a_mean_of_decimals_that_is_the_threshold_makes_the_claim_true(agreement, measured):
    claim = agreement(at_least=0.2, **HERE)
    verdict = judge(claim, measured(claim, [0.1, 0.2, 0.3]), level=LEVEL)
    assert verdict.outcome is Outcome.SUPPORTED


@pytest.mark.parametrize("seed", range(40))
def test_otherwise_it_is_the_arithmetic_of_fractions(agreement, measured, seed):
    """Sixty-fourths are exact in floating point, so that fractions can say what is true."""
    rng = np.random.default_rng(seed)
    steps = rng.integers(-64, 65, size=int(rng.integers(1, 12))).tolist()
    # As near the mean as sixty-fourths allow, on it where they do.
    limit = math.floor(Fraction(sum(steps), len(steps))) + seed % 2
    claim = agreement(at_least=min(max(limit, -63), 63) / 64, **HERE)
    verdict = judge(claim, measured(claim, [step / 64 for step in steps]), level=LEVEL)
    truth = Fraction(sum(steps), len(steps)) >= Fraction(claim.threshold) * 64
    assert verdict.outcome is (Outcome.SUPPORTED if truth else Outcome.REFUTED)


@pytest.mark.parametrize("count", [1, 3, 7, 10, 49, 100])
@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_a_share_that_is_the_threshold_makes_the_claim_true(
    permutation, measured, direction, count
):
    for above in range(1, count):
        keys = {"statistic": "fraction", "fraction_above": 0.5, direction: above / count}
        claim = permutation(**keys, **HERE)
        values = [0.6] * above + [0.5] * (count - above)
        assert judge(claim, measured(claim, values), level=LEVEL).outcome is Outcome.SUPPORTED
