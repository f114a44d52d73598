import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.statistics import log_capital_above, log_capital_below, lower_bound, upper_bound

LEVELS = [0.2, 0.025, 0.00125]
unit_values = st.lists(
    st.one_of(st.sampled_from([0.0, 1.0, 0.5]), st.floats(0, 1)), min_size=1, max_size=30
).map(np.array)
inner_means = st.floats(0.01, 0.99)


def capital_by_definition(values, mean):
    total = 0.0
    for k in range(1, 41):
        bet = 0.999 * ((k - 0.5) / 40) ** 2
        total += math.prod(1 + bet * (value / mean - 1) for value in values)
    return math.log(total / 40)


def bound_by_bisection(values, level):
    rejected, kept = 0.0, float(np.mean(values))
    for _ in range(100):
        middle = (rejected + kept) / 2
        if capital_by_definition(values, middle) >= math.log(1 / level):
            rejected = middle
        else:
            kept = middle
    return rejected


@settings(max_examples=40, deadline=None)
@given(unit_values, inner_means)
def test_the_capital_is_that_of_forty_bettors_who_multiply_value_by_value(values, mean):
    assert log_capital_above(values, mean) == pytest.approx(
        capital_by_definition(values, mean), abs=1e-9
    )


@settings(max_examples=40, deadline=None)
@given(unit_values, inner_means)
def test_betting_below_is_betting_above_on_the_mirror_image(values, mean):
    assert log_capital_below(values, mean) == pytest.approx(
        capital_by_definition(1 - values, 1 - mean), abs=1e-9
    )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).beta(2, 3, 60),
        np.random.default_rng(1).beta(0.1, 3, 60),
        np.array([0.7]),
        np.array([1.0]),
        np.full(25, 0.5),
        np.ones(40),
        np.array([0.0] * 30 + [1.0]),
    ],
    ids=["bell", "skewed", "one value", "a single one", "all equal", "all ones", "one of many"],
)
def test_the_lower_bound_is_where_the_capital_reaches_the_target(values, level):
    bound = lower_bound(values, level=level)

    assert bound == pytest.approx(bound_by_bisection(values, level), rel=1e-8)
    assert log_capital_above(values, bound) >= math.log(1 / level)
    assert log_capital_above(values, bound * (1 + 1e-7)) < math.log(1 / level)


@settings(max_examples=40, deadline=None)
@given(unit_values, st.sampled_from(LEVELS))
def test_a_mean_at_the_bound_is_itself_rejected_on_both_sides(values, level):
    low, high = lower_bound(values, level=level), upper_bound(values, level=level)

    if low > 1e-300:
        assert log_capital_above(values, low) >= math.log(1 / level)
    if high < 1:
        assert log_capital_below(values, high) >= math.log(1 / level)


@settings(max_examples=40, deadline=None)
@given(unit_values, st.sampled_from(LEVELS))
def test_the_bounds_enclose_the_sample_mean_and_stay_in_range(values, level):
    low, high = lower_bound(values, level=level), upper_bound(values, level=level)

    assert 0 <= low <= np.mean(values) <= high <= 1


@settings(max_examples=30, deadline=None)
@given(unit_values, st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_not_one_bit(values, random):
    shuffled = values.tolist()
    random.shuffle(shuffled)

    assert lower_bound(np.array(shuffled), level=0.025) == lower_bound(values, level=0.025)
    assert upper_bound(np.array(shuffled), level=0.025) == upper_bound(values, level=0.025)


@settings(max_examples=30, deadline=None)
@given(unit_values)
def test_a_stricter_level_never_narrows_the_interval(values):
    lows = [lower_bound(values, level=level) for level in LEVELS]
    highs = [upper_bound(values, level=level) for level in LEVELS]

    assert lows == sorted(lows, reverse=True)
    assert highs == sorted(highs)


@settings(max_examples=30, deadline=None)
@given(unit_values, st.floats(0, 1))
def test_larger_values_never_lower_a_bound(values, lift):
    lifted = values + lift * (1 - values)

    # Both are found to a relative precision of about 1e-10.
    assert lower_bound(lifted, level=0.025) >= lower_bound(values, level=0.025) * (1 - 1e-8)
    assert upper_bound(lifted, level=0.025) >= upper_bound(values, level=0.025) - 1e-8


def test_without_documents_nothing_is_known():
    nothing = np.array([])

    assert log_capital_above(nothing, 0.3) == pytest.approx(0)
    assert (lower_bound(nothing, level=0.1), upper_bound(nothing, level=0.1)) == (0, 1)


def test_values_at_the_ends_leave_the_other_end_open():
    assert lower_bound(np.zeros(30), level=0.025) == 0
    assert upper_bound(np.ones(30), level=0.025) == 1
    assert upper_bound(np.zeros(200), level=0.025) < 0.05
    assert lower_bound(np.ones(200), level=0.025) > 0.95


def test_a_positive_value_too_small_to_divide_by_proves_nothing():
    assert lower_bound(np.array([5e-324, 0.0]), level=0.025) == 0


def test_the_interval_closes_on_the_mean_as_documents_are_added():
    generator = np.random.default_rng(2)
    widths = []
    for total in (20, 200, 2_000, 25_000):
        values = generator.beta(2, 5, total)
        widths.append(upper_bound(values, level=0.025) - lower_bound(values, level=0.025))

    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.01


@pytest.mark.parametrize("total", [20, 100])
@pytest.mark.parametrize(
    ("first", "second"), [(0.05, 1.0), (5.0, 0.3), (2.0, 2.0)], ids=["rare", "mostly", "bell"]
)
def test_the_bounds_miss_the_mean_of_a_skewed_population_less_often_than_allowed(
    first, second, total
):
    generator = np.random.default_rng(3)
    mean, level, draws = first / (first + second), 0.1, 300
    samples = generator.beta(first, second, (draws, total))
    above = np.mean([lower_bound(sample, level=level) > mean for sample in samples])
    below = np.mean([upper_bound(sample, level=level) < mean for sample in samples])

    assert above <= level
    assert below <= level


def test_a_normal_approximation_would_not_pass_the_coverage_test():
    generator = np.random.default_rng(3)
    samples = generator.beta(0.05, 1.0, (300, 20))
    # Its one-sided upper bound at level 0.1.
    ends = samples.mean(axis=1) + 1.28 * samples.std(axis=1, ddof=1) / math.sqrt(20)

    assert np.mean(ends < 0.05 / 1.05) > 0.1


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan, math.inf])
def test_a_value_outside_the_unit_interval_is_refused_by_position(wrong):
    with pytest.raises(InvalidArgumentError, match=r"entry 1 is .*Scale them"):
        lower_bound(np.array([0.5, wrong]), level=0.025)


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, math.nan])
def test_a_level_that_is_no_error_probability_is_refused(level):
    with pytest.raises(InvalidArgumentError, match="level must lie strictly between 0 and 1"):
        upper_bound(np.array([0.5]), level=level)


@pytest.mark.parametrize("mean", [0.0, 1.0, math.nan])
@pytest.mark.parametrize("capital", [log_capital_above, log_capital_below])
def test_nobody_can_bet_against_a_mean_at_the_end_of_the_range(capital, mean):
    with pytest.raises(InvalidArgumentError, match="mean must lie strictly between 0 and 1"):
        capital(np.array([0.5]), mean)


def test_a_table_of_values_is_refused():
    with pytest.raises(
        InvalidArgumentError, match=r"one entry per document; its shape is \(2, 2\)"
    ):
        lower_bound(np.zeros((2, 2)), level=0.025)
