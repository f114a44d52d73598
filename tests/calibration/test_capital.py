import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.calibration.capital import highest_log_capitals, log_capitals
from attnaudit.calibration.draws import draw
from attnaudit.statistics import log_capital_above

UNIT = st.floats(0, 1)
MEAN = st.floats(0.01, 0.99)


def draws_of(values, *, n, samples=6, seed=0):
    generator = np.random.default_rng(seed)
    return draw(population=len(values), n=n, samples=samples, generator=generator)


@settings(max_examples=40, deadline=None)
@given(st.lists(UNIT, min_size=1, max_size=8), MEAN, st.integers(1, 60))
def test_the_capital_of_many_samples_is_that_of_each(values, mean, n):
    values = np.array(values)
    draws = draws_of(values, n=n)
    expected = [log_capital_above(values[index], mean) for index in draws.index]
    assert log_capitals(draws.counts, values, mean) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.lists(UNIT, min_size=1, max_size=8), MEAN, st.integers(1, 20))
def test_the_highest_capital_is_the_largest_of_all_that_a_sample_has_had(values, mean, begin):
    values = np.array(values)
    draws = draws_of(values, n=20, samples=3)
    expected = [
        max(log_capital_above(values[index[:number]], mean) for number in range(begin, 21))
        for index in draws.index
    ]
    found = highest_log_capitals(draws.index, values, mean, begin=begin)
    assert found == pytest.approx(expected, abs=1e-9)


def test_more_samples_than_are_worked_on_at_a_time_keep_their_order():
    values = np.random.default_rng(1).random(30)
    draws = draws_of(values, n=5, samples=230)
    found = highest_log_capitals(draws.index, values, 0.4, begin=5)
    assert found == pytest.approx(log_capitals(draws.counts, values, 0.4))
