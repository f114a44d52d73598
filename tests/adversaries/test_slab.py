import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.adversaries.slab import logit_slab


def slab_of(logit, max_tvd):
    low, high = logit_slab(torch.tensor([logit], dtype=torch.float64), max_tvd=max_tvd)
    return low.item(), high.item()


def probability(logit):
    return 1 / (1 + math.exp(-logit))


@given(st.floats(-8, 8), st.floats(1e-4, 0.9))
@settings(max_examples=60, deadline=None)
def test_each_end_moves_the_probability_by_exactly_the_permitted_distance(logit, max_tvd):
    p = probability(logit)
    for end, moved in zip(slab_of(logit, max_tvd), (p - max_tvd, p + max_tvd), strict=True):
        if 1e-9 < moved < 1 - 1e-9:
            assert probability(end) == pytest.approx(moved, abs=1e-12)
        elif not 0 < moved < 1:
            assert math.isinf(end)


@given(st.floats(-700, 700), st.sampled_from([0.0, 1e-18, 1e-12, 0.05, 1.0]))
@settings(max_examples=60, deadline=None)
def test_the_slab_always_contains_its_logit(logit, max_tvd):
    low, high = slab_of(logit, max_tvd)
    assert low <= logit <= high


@pytest.mark.parametrize("logit", [-40.0, 0.3, 40.0])
def test_nothing_permitted_leaves_the_logit_alone(logit):
    assert slab_of(logit, 0.0) == (logit, logit)


def test_a_saturated_output_keeps_the_end_that_one_minus_p_would_lose():
    low, high = slab_of(40.0, 1e-17)
    assert low == pytest.approx(math.log((1 - 1e-17) / (math.exp(-40) + 1e-17)), abs=1e-9)
    assert high == math.inf
    mirrored_low, mirrored_high = slab_of(-40.0, 1e-17)
    assert (mirrored_low, mirrored_high) == (-high, pytest.approx(-low, abs=1e-12))


def test_a_distance_that_just_reaches_certainty_has_no_limit_on_that_side():
    assert slab_of(0.0, 0.5) == (-math.inf, math.inf)
