import math

import numpy as np
import pytest

from attnaudit.errors import InvalidArgumentError
from attnaudit.statistics import (
    LARGEST_NEEDED,
    log_capital_above,
    lower_bound,
    needed_documents,
    upper_bound,
)
from attnaudit.statistics.needed import log_gains

LEVEL = 0.0025


def needed(lower, upper=None, *, threshold=0.5, seed=0):
    return needed_documents(
        lower,
        lower if upper is None else upper,
        threshold=threshold,
        level_above=LEVEL,
        level_below=LEVEL,
        generator=np.random.default_rng(seed),
    )


def test_capital_is_what_the_gains_of_all_bettors_add_up_to():
    values = np.random.default_rng(0).random(30)
    wealth = np.exp(log_gains(values, 0.4).sum(axis=0))
    assert wealth.shape == (40,)
    assert math.log(wealth.mean()) == pytest.approx(log_capital_above(values, 0.4))


def test_without_chance_it_is_the_growth_of_the_best_bet():
    # Every document is 1, so nothing is left to chance and the formula can be written out.
    growth = max(math.log1p(0.999 * ((k - 0.5) / 40) ** 2 * (1 / 0.5 - 1)) for k in range(1, 41))
    expected = math.ceil((math.log(1 / LEVEL) + 0.5 * math.log(50) + 1) / growth)

    assert needed(np.ones(5)) == (expected, expected)


def test_the_range_mostly_holds_the_number_that_really_decides():
    generator = np.random.default_rng(5)
    held = 0
    for repeat in range(30):
        pool = generator.beta(2, 2.8, 4_000)
        few, many = needed(pool[:50], seed=repeat)
        sizes = np.unique(np.geomspace(50, 4_000, 60).astype(int))
        decided = next(
            size
            for size in sizes
            if lower_bound(pool[:size], level=LEVEL) > 0.5
            or upper_bound(pool[:size], level=LEVEL) < 0.5
        )
        held += few <= decided <= many

    assert held >= 0.7 * 30


def test_a_smaller_gap_needs_more_documents():
    values = np.random.default_rng(1).beta(3, 3, 200)
    near, far = needed(values, threshold=0.45), needed(values, threshold=0.3)

    assert near[0] > far[0]
    assert near[1] > far[1]


def test_it_is_always_more_than_there_are():
    few, many = needed(np.full(300, 0.9))

    assert (few, many) == (301, 301)


def test_values_on_the_threshold_would_never_decide():
    assert needed(np.full(30, 0.5)) == (LARGEST_NEEDED, LARGEST_NEEDED)


def test_bounds_that_leave_both_sides_open_would_never_decide():
    assert needed(np.full(30, 0.2), np.full(30, 0.8)) == (LARGEST_NEEDED, LARGEST_NEEDED)


def test_either_side_can_be_the_sooner_one():
    low = np.random.default_rng(2).beta(2, 5, 60)

    assert needed(low)[1] < LARGEST_NEEDED
    assert needed(1 - low)[1] < LARGEST_NEEDED


def test_the_order_of_documents_changes_nothing():
    values = np.random.default_rng(3).beta(2, 2.5, 70)

    assert needed(values) == needed(values[::-1].copy())


@pytest.mark.parametrize(
    ("lower", "upper", "threshold", "message"),
    [
        (np.zeros(2), np.zeros(3), 0.5, "pair up"),
        (np.zeros(0), np.zeros(0), 0.5, "not be empty"),
        (np.zeros(2), np.array([0.0, 2.0]), 0.5, "upper must lie"),
        (np.zeros(2), np.zeros(2), 1.0, "threshold must lie strictly"),
    ],
)
def test_impossible_arguments_are_refused(lower, upper, threshold, message):
    with pytest.raises(InvalidArgumentError, match=message):
        needed(lower, upper, threshold=threshold)
