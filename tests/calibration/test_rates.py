import numpy as np
import pytest
from scipy.stats import binom

from attnaudit.calibration import Rate


@pytest.mark.parametrize(("count", "total"), [(0, 40), (3, 40), (40, 40), (117, 4_000)])
def test_the_limits_are_those_that_make_the_count_an_event_of_one_in_forty(count, total):
    low, high = Rate(count, total).interval
    if count:
        assert binom.sf(count - 1, total, low) == pytest.approx(0.025)
    else:
        assert low == 0
    if count < total:
        assert binom.cdf(count, total, high) == pytest.approx(0.025)
    else:
        assert high == 1


def test_the_rate_of_what_happened_is_its_share():
    rate = Rate.of(np.array([True, False, False, True, False]))
    assert (rate.count, rate.total, rate.share) == (2, 5, 0.4)


@pytest.mark.parametrize("level", [0.05, 0.0001])
def test_a_rate_exceeds_only_where_the_nominal_one_would_hardly_make_it(level):
    least = next(count for count in range(1_001) if binom.sf(count - 1, 1_000, 0.025) <= level)
    assert Rate(least, 1_000).exceeds(0.025, level=level)
    assert not Rate(least - 1, 1_000).exceeds(0.025, level=level)


def test_a_rate_below_the_nominal_one_never_exceeds_it():
    assert not Rate(0, 1_000).exceeds(0.025, level=0.99)
