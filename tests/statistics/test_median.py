import math

import numpy as np
import pytest
from scipy.stats import binom

from attnaudit.errors import InvalidArgumentError
from attnaudit.statistics import lower_bound, median_lower_bound, median_upper_bound


@pytest.mark.parametrize("total", [6, 7, 40, 101])
def test_the_bound_is_the_largest_value_at_which_the_indicator_test_rejects(total):
    values = np.random.default_rng(total).normal(size=total)
    level = 0.025
    proved = [
        value
        for value in values
        if lower_bound((values >= value).astype(float), level=level) >= 0.5
    ]

    assert median_lower_bound(values, level=level, least=-math.inf) == max(
        proved, default=-math.inf
    )


def test_the_upper_bound_mirrors_the_lower_one():
    values = np.random.default_rng(0).normal(size=50)
    bound = median_upper_bound(values, level=0.01, greatest=9)

    assert bound == -median_lower_bound(-values, level=0.01, least=-9)
    assert bound > np.median(values)


@pytest.mark.parametrize("total", [0, 1, 4])
def test_too_few_documents_leave_the_ends_of_the_range(total):
    values = np.full(total, 0.5)

    assert median_lower_bound(values, level=0.025, least=0) == 0
    assert median_upper_bound(values, level=0.025, greatest=1) == 1


@pytest.mark.parametrize("total", [30, 200])
def test_no_order_statistic_is_used_that_the_exact_binomial_test_would_not_allow(total):
    level = 0.05
    values = np.arange(total, dtype=float)
    rank_from_above = total - median_lower_bound(values, level=level, least=-1)

    # P(at least this many of n lie at or above, if half of the population does).
    assert binom.sf(rank_from_above - 1, total, 0.5) <= level
    # It pays for holding at every stopping time, but not any price.
    assert rank_from_above <= binom.isf(level, total, 0.5) + 0.15 * total


def test_ties_at_the_median_are_bounded_by_that_value():
    values = np.array([0.0] * 10 + [0.5] * 60 + [1.0] * 10)

    assert median_lower_bound(values, level=0.025, least=0) == 0.5
    assert median_upper_bound(values, level=0.025, greatest=1) == 0.5


def test_an_undefined_value_is_refused():
    with pytest.raises(InvalidArgumentError, match="entry 1 is not"):
        median_lower_bound(np.array([0.1, math.nan]), level=0.025, least=0)


def test_a_level_that_is_no_error_probability_is_refused_without_documents_too():
    with pytest.raises(InvalidArgumentError, match="level must lie"):
        median_lower_bound(np.array([]), level=2, least=0)
