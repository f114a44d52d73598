import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from attnaudit.adversaries.slab import Slab
from attnaudit.measurements.slab_weights import rescale_interval, weight_range

SCORE = st.sampled_from([-6.0, -2.3, -0.4, 0.0, 0.3, 1.9, 5.0])


def numbers(values):
    return torch.tensor(values, dtype=torch.float64)


def slab(low, high):
    return Slab(numbers([[[low]]]), numbers([[[high]]]))


@settings(max_examples=40, deadline=None)
@given(scores=st.lists(SCORE, min_size=2, max_size=5), middle=st.floats(0, 1))
def test_the_range_of_every_weight_is_that_of_linear_programmes(scores, middle):
    reached = min(scores) + middle * (max(scores) - min(scores))
    low, high = reached - 0.3, reached + 0.2
    mask = torch.ones(1, len(scores), dtype=torch.bool)
    least, largest = weight_range(numbers([scores]), mask, slab(low, high))
    for token in range(len(scores)):
        for sign, found in ((1, least), (-1, largest)):
            program = linprog(
                sign * np.eye(len(scores))[token],
                A_ub=[scores, [-score for score in scores]],
                b_ub=[high, -low],
                A_eq=np.ones((1, len(scores))),
                b_eq=[1.0],
                bounds=(0, 1),
            )
            assert float(found[0, 0, token]) == pytest.approx(sign * program.fun, abs=1e-7)


def test_rescaling_a_token_to_either_end_lands_on_the_slab():
    weights, scores = [0.5, 0.3, 0.2], [2.0, -1.0, 0.3]
    own = float(np.dot(weights, scores))
    ends = rescale_interval(numbers([[weights]]), numbers([scores]), slab(own - 0.2, own + 0.1))
    for end, offset in zip(ends, (-0.2, 0.1), strict=True):
        weight = float(end[0, 0, 0])
        rest = (1 - weight) * (0.3 * scores[1] + 0.2 * scores[2]) / 0.5
        assert weight * scores[0] + rest == pytest.approx(own + offset)


def test_a_token_that_says_what_the_others_say_may_have_any_weight():
    low, high = rescale_interval(numbers([[[0.5, 0.5]]]), numbers([[1.0, 1.0]]), slab(0.9, 1.1))
    assert (low.flatten().tolist(), high.flatten().tolist()) == ([0.0, 0.0], [1.0, 1.0])


def test_without_others_there_are_no_proportions_to_keep():
    ends = rescale_interval(numbers([[[1.0, 0.0]]]), numbers([[1.0, 3.0]]), slab(0.9, 1.1))
    assert all(math.isnan(float(end[0, 0, 0])) for end in ends)


@pytest.mark.parametrize("gap", [0, 10, 34, 38, 100, 700])
def test_others_of_hardly_any_weight_are_rescaled_in_their_proportions(gap):
    tail = [math.exp(-gap) * share for share in (0.2, 0.5, 0.3)]
    weights = numbers([1.0, *tail])
    weights = weights / weights.sum()
    scores, low, high = [2.0, -1.0, 0.5, 3.0], 1.7, 2.05
    found = rescale_interval(weights[None, None], numbers([scores]), slab(low, high))
    shares = [Fraction(weight) for weight in weights.tolist()[1:]]
    products = [share * Fraction(score) for share, score in zip(shares, scores[1:], strict=True)]
    rest = sum(products) / sum(shares)
    expected = [(Fraction(end) - rest) / (Fraction(scores[0]) - rest) for end in (low, high)]
    assert float(found[0][0, 0, 0]) == pytest.approx(float(expected[0]), rel=1e-13)
    assert expected[1] > 1
    assert float(found[1][0, 0, 0]) == 1.0
