import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.adversaries.hilbert import farthest_inside
from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.unit import Unit


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_distance_of_two_distributions_is_bounded_by_the_span_of_their_log_ratios(seed):
    rng = np.random.default_rng(seed)
    p, q = rng.dirichlet(np.full(5, rng.choice([0.1, 1, 10])), size=(2, 50)) + 1e-12
    ratios = np.log(p / q)
    span = ratios.max(axis=1) - ratios.min(axis=1)
    assert (0.5 * np.abs(p - q).sum(axis=1) <= np.tanh(span / 4) + 1e-9).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("max_tvd", [0.01, 0.05, 0.4])
def test_the_farthest_corner_keeps_the_output_and_uses_what_it_may(seed, max_tvd):
    rng = np.random.default_rng(seed)
    attention, logits = rng.dirichlet(np.ones(20)), 2 * rng.standard_normal((20, 5))
    response = SoftmaxResponse(logits)
    own = response.probabilities(attention[None])[0]
    unit = Unit(attention=attention, response=response, own=own, max_tvd=max_tvd, aim=max_tvd)
    corner = farthest_inside(attention, logits, cost=-attention, max_tvd=max_tvd)
    change = (corner - attention) @ logits
    assert unit.tvd(corner[None])[0] <= max_tvd + 1e-7
    assert np.ptp(change) == pytest.approx(4 * math.atanh(max_tvd), abs=1e-6)
    assert attention @ corner < attention @ attention
