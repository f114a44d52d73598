import itertools
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.statistics import (
    finite_log_capital_above,
    finite_lower_bound,
    finite_median_lower_bound,
    finite_median_upper_bound,
    finite_upper_bound,
    lower_bound,
)

LEVEL = 0.2
ROUNDING = 1e-9
"""A sum that is less than this above or below another may be equal to it."""
values_or_gaps = st.lists(
    st.one_of(st.sampled_from([0.0, 1.0, 0.5, math.nan]), st.floats(0, 1)), max_size=12
)


def capital_by_definition(values, mean, population):
    """The largest capital so far, one bettor and one value after the other."""
    wealth = [1 / 40] * 40
    most, owed, left = 1.0, population * mean, population
    for value in values:
        found = mean if math.isnan(value) else value
        expected = owed / left
        for k in range(40):
            bet = 0.999 * ((k + 0.5) / 40) ** 2
            # Where nothing is left to come, there is nothing to bet on.
            wealth[k] *= 1 + bet * (found / expected - 1) if expected > ROUNDING else 1
        owed, left = owed - found, left - 1
        if owed < -ROUNDING:
            return math.inf
        most = max(most, sum(wealth))
    return math.log(most)


@settings(max_examples=60, deadline=None)
@given(values_or_gaps, st.floats(0.05, 0.95), st.integers(0, 20))
@example([0.05000000000000001], 0.05, 0)
def test_the_capital_is_that_of_bets_against_what_is_left(values, mean, undrawn):
    population = len(values) + undrawn
    expected = capital_by_definition(values, mean, population) if values else 0.0
    found = finite_log_capital_above(np.array(values, float), mean, population=population)
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "values",
    [(1, 1, 1, 0, 0, 0), (1, 0, 0, 0, 0, 0), (1, 1, 1, 1, 1, 0), (0.2, 0.9, 0.4, 0.4, 1, 0)],
)
@pytest.mark.parametrize("members", [(1, 1, 1, 1, 1, 1), (1, 0, 1, 1, 0, 1)])
def test_over_all_orders_the_bound_is_ever_above_the_mean_no_oftener_than_its_level(
    values, members
):
    mean = np.mean([value for value, one in zip(values, members, strict=True) if one])
    if not 0 < mean < 1:
        return
    shown = [value if one else math.nan for value, one in zip(values, members, strict=True)]
    orders = list(itertools.permutations(shown))
    # A capital that reaches 1 / level anywhere is a bound that passes the mean there.
    wrong = sum(
        finite_log_capital_above(np.array(order), mean, population=6) >= -math.log(LEVEL)
        for order in orders
    )
    assert wrong <= LEVEL * len(orders)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.just(math.nan), st.floats(0, 1)), min_size=1, max_size=15))
def test_with_nothing_left_both_bounds_are_the_mean_itself(values):
    array = np.array(values)
    members = array[~np.isnan(array)]
    low = finite_lower_bound(array, population=len(values), level=LEVEL)
    high = finite_upper_bound(array, population=len(values), level=LEVEL)
    if members.size:
        assert low == high == pytest.approx(members.mean())
    else:
        assert (low, high) == (0, 1)


def test_the_last_document_can_move_the_mean_only_by_its_share():
    values = np.array([0.5, 0.25] * 10)
    low = finite_lower_bound(values, population=21, level=1e-6)
    high = finite_upper_bound(values, population=21, level=1e-6)
    assert low == pytest.approx(values.sum() / 21, abs=1e-6)
    assert high == pytest.approx((values.sum() + 1) / 21, abs=1e-6)


def test_of_very_many_documents_a_sample_says_what_it_says_of_infinitely_many():
    values = np.random.default_rng(0).beta(2, 2, 60)
    finite = finite_lower_bound(values, population=10**9, level=0.025)
    # The largest capital on the way is at least the last one.
    assert finite >= lower_bound(values, level=0.025) - 1e-6
    assert finite == pytest.approx(lower_bound(values, level=0.025), abs=0.03)


def test_fewer_left_means_narrower_bounds():
    values = np.random.default_rng(1).random(40)
    widths = [
        finite_upper_bound(values, population=population, level=0.025)
        - finite_lower_bound(values, population=population, level=0.025)
        for population in (41, 60, 100, 10_000)
    ]
    assert widths == sorted(widths)


def test_a_median_is_bounded_by_the_value_that_most_are_proved_to_reach():
    values = np.array([0.1] * 2 + [0.7] * 38)
    low = finite_median_lower_bound(values, population=41, level=0.025, least=-1.0)
    high = finite_median_upper_bound(values, population=41, level=0.025, greatest=1.0)
    assert (low, high) == (0.7, 0.7)
    few = np.array([0.7, 0.7])
    assert finite_median_lower_bound(few, population=41, level=0.025, least=-1.0) == -1.0
    assert finite_median_upper_bound(few, population=41, level=0.025, greatest=1.0) == 1.0


@pytest.mark.parametrize(
    ("values", "population", "level"), [([0.5], 0, 0.1), ([1.5], 3, 0.1), ([0.5], 3, 0.0)]
)
def test_what_cannot_be_is_refused(values, population, level):
    with pytest.raises(InvalidArgumentError):
        finite_lower_bound(np.array(values), population=population, level=level)
