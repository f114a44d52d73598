import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import softmax

from attnaudit.measurements.freedom import freedom
from attnaudit.measurements.rescaling import rescaled_top

MAX_TVD = 0.05


def of(weights, logits, *, max_tvd=MAX_TVD):
    weights = torch.as_tensor(np.array(weights), dtype=torch.float64)[None, None]
    logits = torch.as_tensor(np.array(logits), dtype=torch.float64)[None]
    mask = torch.ones(1, weights.shape[2], dtype=torch.bool)
    low, high = rescaled_top(weights, mask, logits, max_tvd=max_tvd)
    return float(low), float(high)


def rescaled_distance(weights, logits, top, weight):
    """How far the output moves if one position is given a weight, the others in proportion."""
    rest = np.array(weights) * (1 - weight) / (1 - weights[top])
    rest[top] = weight
    logits = np.array(logits)
    return 0.5 * np.abs(softmax(rest @ logits) - softmax(np.dot(weights, logits))).sum()


@st.composite
def documents(draw):
    length = draw(st.integers(2, 5))
    parts = draw(st.lists(st.integers(0, 5), min_size=length, max_size=length).filter(any))
    score = st.sampled_from([-6.0, -2.3, -0.4, 0.0, 0.3, 1.9, 5.0])
    row = st.lists(score, min_size=3, max_size=3)
    logits = draw(st.lists(row, min_size=length, max_size=length))
    return [part / sum(parts) for part in parts], logits


@settings(max_examples=60, deadline=None)
@given(document=documents())
def test_the_interval_ends_where_the_output_has_moved_as_far_as_it_may(document):
    weights, logits = document
    top = int(np.argmax(weights))
    assume(sorted(weights)[-2] < weights[top] < 1)
    low, high = of(weights, logits)
    assert low <= weights[top] <= high

    def excess(weight):
        return rescaled_distance(weights, logits, top, weight) - MAX_TVD

    for end, border in ((low, 0.0), (high, 1.0)):
        expected = border if excess(border) <= 0 else brentq(excess, border, weights[top])
        assert end == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(document=documents(), first=st.floats(0, 1), second=st.floats(0, 1))
def test_the_output_moves_the_farther_the_more_a_weight_is_rescaled(document, first, second):
    weights, logits = document
    top = int(np.argmax(weights))
    assume(weights[top] < 1)
    assume((first - weights[top]) * (second - weights[top]) >= 0)
    near, far = sorted([first, second], key=lambda weight: abs(weight - weights[top]))
    moved = [rescaled_distance(weights, logits, top, weight) for weight in (near, far)]
    assert moved[0] <= moved[1] + 1e-12


def test_of_two_classes_it_is_the_closed_form(make_attended, by_name):
    weights, scores = [0.5, 0.3, 0.2], [2.0, -1.0, 0.3]
    closed = by_name(freedom(make_attended([weights], [scores]), max_tvd=MAX_TVD, draws=1, seed=0))
    expected = [closed["d0", f"rescale-{end}"].value for end in ("low", "high")]
    assert of(weights, [[0.0, score] for score in scores]) == pytest.approx(expected, abs=1e-12)


def test_positions_of_equal_weight_are_averaged():
    logits = [[3.0, 0.0, 0.0], [0.0, 0.5, 1.0], [-2.0, 0.0, 1.0]]
    ends = of([0.4, 0.4, 0.2], logits)
    each = [of([0.4 + tiny, 0.4 - tiny, 0.2], logits) for tiny in (1e-5, -1e-5)]
    assert ends == pytest.approx(np.mean(each, axis=0), abs=1e-3)
    assert abs(each[0][0] - each[1][0]) > 0.01


@pytest.mark.parametrize("gap", [0.0, 34.0, 38.0, 80.0])
def test_others_of_hardly_any_weight_have_proportions_still(gap):
    shares = [0.2, 0.5, 0.3]
    scale = math.exp(-gap) / (1 + math.exp(-gap))
    weights = [1 / (1 + math.exp(-gap)), *(share * scale for share in shares)]
    logits = np.array([[2.0, 0.0, 0.0], [-1.0, 0.5, 1.0], [0.5, 0.0, 3.0], [0.3, 2.0, 0.0]])
    own, rest = np.dot(weights, logits), np.dot(shares, logits[1:])

    def excess(weight):
        moved = softmax(weight * logits[0] + (1 - weight) * rest)
        return 0.5 * np.abs(moved - softmax(own)).sum() - MAX_TVD

    low, high = of(weights, logits)
    assert low == pytest.approx(brentq(excess, 0, weights[0]), abs=1e-9)
    expected = 1.0 if excess(1.0) <= 0 else brentq(excess, weights[0], 1.0)
    assert high == pytest.approx(expected, abs=1e-9)


def test_all_weight_on_one_token_leaves_the_others_without_proportions():
    assert all(map(math.isnan, of([0.0, 1.0], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])))


def test_a_saturated_output_leaves_every_weight_free():
    assert of([0.8, 0.2], [[40.0, 0.0, 0.0], [30.0, 0.0, 0.0]]) == (0.0, 1.0)
