import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.claims import PermutationClaim
from attnaudit.records import Bound
from attnaudit.verdicts.difference import difference_interval
from attnaudit.verdicts.evidence import Evidence, gather_evidence


def evidence_of(claim, measured, values, **bounds):
    return gather_evidence(claim, measured(claim, values, **bounds))


def interval(claim, measured, old, new, *, level=0.025):
    return difference_interval(
        claim, evidence_of(claim, measured, old), evidence_of(claim, measured, new), level=level
    )


def capital_against(differences, width, bound):
    """Mean capital of forty bettors against "the mean difference is at most `bound`"."""
    scaled = [(one / width + 1) / 2 for one in differences]
    center = (bound / width + 1) / 2
    bets = [0.999 * ((k - 0.5) / 40) ** 2 for k in range(1, 41)]
    capitals = [math.prod(1 + bet * (one / center - 1) for one in scaled) for bet in bets]
    return sum(capitals) / len(capitals)


def test_each_end_is_where_the_capital_reaches_one_over_the_level(agreement, measured):
    draw = np.random.default_rng(0)
    old = draw.uniform(-0.2, 0.9, 60)
    new = np.clip(old + draw.normal(0.2, 0.1, 60), -1, 1)
    low, high = interval(agreement(), measured, old, new, level=0.01)
    differences = (new - old).tolist()
    assert (
        capital_against(differences, 2, low - 1e-6)
        > 100
        > capital_against(differences, 2, low + 1e-6)
    )
    mirrored = [-one for one in differences]
    assert (
        capital_against(mirrored, 2, -high - 1e-6)
        > 100
        > capital_against(mirrored, 2, -high + 1e-6)
    )


PAIRS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30)


def paired(values):
    """Evidence on a claim about shuffling, from pairs of a value before and after."""
    claim = PermutationClaim(
        id="tvd",
        statement="s",
        audit="permutation",
        at_least=0.1,
        kind="faithfulness",
        inference="necessary",
    )
    causes = (None,) * len(values)
    old, new = (
        Evidence(value=one, lower=one, upper=one, causes=causes)
        for one in np.array(values, float).T
    )
    return claim, old, new


@settings(max_examples=60, deadline=None)
@given(values=PAIRS)
def test_exchanging_the_runs_exchanges_and_negates_the_ends_to_the_last_bit(values):
    claim, old, new = paired(values)
    low, high = difference_interval(claim, old, new, level=0.02)
    back_low, back_high = difference_interval(claim, new, old, level=0.02)
    assert (back_low, back_high) == (-high, -low)


@settings(max_examples=60, deadline=None)
@given(values=PAIRS, seed=st.integers(0, 99))
def test_the_order_of_the_documents_changes_no_bit(values, seed):
    claim, old, new = paired(values)
    order = np.random.default_rng(seed).permutation(len(values))
    assert difference_interval(claim, old, new, level=0.02) == difference_interval(
        claim, old.select(order), new.select(order), level=0.02
    )


def test_a_fraction_moves_by_the_share_of_documents_that_crossed_its_limit(agreement, measured):
    claim = agreement(statistic="fraction", fraction_above=0.5, at_least=0.5)
    old, new = [0.4] * 300 + [0.9] * 100, [0.6] * 300 + [0.7] * 100
    low, high = interval(claim, measured, old, new)
    assert low < 0.75 < high
    # The values all moved by 0.2; only crossing the limit counts.
    assert low > 0.5


def test_medians_are_bounded_each_by_itself(agreement, measured):
    claim = agreement(statistic="median")
    low, high = interval(claim, measured, [0.2] * 100, [0.6] * 100)
    assert (low, high) == pytest.approx((0.4, 0.4))
    # The mean difference of these pairs is 0, that of their medians is not.
    old, new = [0.0] * 70 + [1.0] * 30, [0.3] * 70 + [0.3] * 30
    low, high = interval(claim, measured, old, new)
    assert low <= 0.3 <= high
    assert low > 0


def test_each_median_is_bounded_with_half_of_the_level(agreement, measured):
    # The least majority of 60 whose capital against "no more than half" reaches two over the level.
    bets = [0.999 * ((k - 0.5) / 40) ** 2 for k in range(1, 41)]
    majority = next(
        count
        for count in range(61)
        if sum((1 + bet) ** count * (1 - bet) ** (60 - count) for bet in bets) / 40 >= 2 / 0.03
    )
    draw = np.random.default_rng(2)
    old, new = draw.uniform(-1, 0.2, 60), draw.uniform(-0.5, 1, 60)
    low, high = interval(agreement(statistic="median"), measured, old, new, level=0.03)
    old.sort()
    new.sort()
    assert low == new[60 - majority] - old[majority - 1]
    assert high == new[majority - 1] - old[60 - majority]


def test_an_interval_between_medians_of_few_documents_says_nothing(agreement, measured):
    claim = agreement(statistic="median")
    assert interval(claim, measured, [0.2] * 3, [0.6] * 3) == (-2, 2)


def test_an_unknown_value_widens_both_ends(agreement, measured):
    claim = agreement()
    known = interval(claim, measured, [0.5] * 100, [0.5] * 100)
    partly = interval(claim, measured, ["saturated"] * 10 + [0.5] * 90, [0.5] * 100)
    assert partly[0] < known[0]
    assert partly[1] > known[1]


def test_constant_attention_in_both_runs_is_no_difference(agreement, measured):
    claim = agreement()
    causes = ["constant attention"] * 100
    assert interval(claim, measured, causes, causes) == interval(
        claim, measured, [-1.0] * 100, [-1.0] * 100
    )


def test_values_known_between_bounds_are_put_at_the_end_that_speaks_against(adversary, measured):
    claim = adversary()
    old = evidence_of(claim, measured, [0.2] * 200, upper=[0.9] * 200, kind=Bound.INTERVAL)
    new = evidence_of(claim, measured, [0.5] * 200)
    low, high = difference_interval(claim, old, new, level=0.025)
    assert low < -0.4 < 0.3 < high
    certain = evidence_of(claim, measured, [0.2] * 200)
    assert difference_interval(claim, certain, new, level=0.025)[0] > 0


def test_the_true_difference_is_missed_no_more_often_than_the_level(agreement, measured):
    # Skewed on purpose: a t interval misses on this side several times as often as it says.
    draw = np.random.default_rng(1)
    claim, rounds, missed, missed_by_t = agreement(), 300, 0, 0
    truth = 0.98 * 0.06 - 0.02 * 0.96
    for _ in range(rounds):
        fell = draw.random(40) < 0.02
        old, new = np.zeros(40), np.where(fell, -0.96, 0.06)
        missed += interval(claim, measured, old, new)[0] > truth
        spread = (new - old).std(ddof=1) / math.sqrt(40)
        missed_by_t += (new - old).mean() - 2.0227 * spread > truth
    assert missed <= 0.025 * rounds
    assert missed_by_t > 0.2 * rounds
