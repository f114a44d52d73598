import math

import numpy as np
import pytest
import torch

from attnaudit.adversaries import relaxation
from attnaudit.adversaries.program import Failure
from attnaudit.adversaries.relaxation import Box, relax
from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.unit import Unit


def drawn(seed, *, tokens=4, classes=3, max_tvd=0.1):
    rng = np.random.default_rng(seed)
    response = SoftmaxResponse(2 * rng.standard_normal((tokens, classes)))
    attention = rng.dirichlet(np.ones(tokens))
    own = response.probabilities(attention[None])[0]
    return Unit(attention=attention, response=response, own=own, max_tvd=max_tvd, aim=max_tvd)


def admissible_points(unit, seed):
    rng = np.random.default_rng(seed)
    tokens = len(unit.attention)
    points = rng.dirichlet(np.full(tokens, 0.4), size=20_000)
    near = unit.attention + 0.3 * (points - unit.attention)
    points = np.concatenate([points, near])
    return points[unit.admissible(points)]


def contained(box, unit, points):
    logs = np.log(unit.response.probabilities(points))
    return (
        (points >= box.low - 1e-12).all(axis=1)
        & (points <= box.high + 1e-12).all(axis=1)
        & (logs >= box.log_low - 1e-12).all(axis=1)
        & (logs <= box.log_high + 1e-12).all(axis=1)
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_first_box_holds_every_admissible_attention(seed):
    unit = drawn(seed)
    points = admissible_points(unit, seed)
    assert len(points) > 100
    assert contained(Box.around(unit, unit.response.logits), unit, points).all()


@pytest.mark.parametrize("seed", range(5))
def test_no_admissible_attention_of_a_box_exceeds_its_bound(seed):
    unit = drawn(seed)
    logits = unit.response.logits
    points = admissible_points(unit, seed)
    boxes = [Box.around(unit, logits)]
    for token, label in ((0, 1), (2, 0), (1, 2)):
        boxes = [part for box in boxes for part in box.split_weight(token, 0.3)]
        middle = math.log(unit.own[label])
        boxes = [part for box in boxes for part in box.split_probability(label, middle)]
    covered = np.zeros(len(points), dtype=bool)
    for box in boxes:
        inside = contained(box, unit, points)
        covered |= inside
        relaxed = relax(unit, logits, box)
        if inside.any():
            assert unit.divergence(points[inside]).max() <= relaxed.bound
    assert covered.all()


@pytest.mark.parametrize("seed", range(3))
def test_dividing_a_weight_that_is_shared_out_lowers_the_bound(seed):
    unit = drawn(seed, tokens=12, classes=4)
    attention = 0.3 * unit.attention
    attention[0] += 0.7
    unit = Unit.of(attention, unit.response, max_tvd=0.05, dtype=torch.float64)
    whole = Box.around(unit, unit.response.logits)
    relaxed = relax(unit, unit.response.logits, whole)
    mixed = np.where(relaxed.weights < 0.99, relaxed.weights, 0)
    parts = whole.split_weight(int(mixed.argmax()), float(mixed.max()))
    bounds = [relax(unit, unit.response.logits, part).bound for part in parts]
    assert max(bounds) < relaxed.bound - 1e-3


def test_a_box_that_no_output_reaches_is_infeasible():
    unit = drawn(0)
    box = Box.around(unit, unit.response.logits)
    _, above = box.split_probability(0, math.log(unit.own[0] + 0.09))
    _, above = above.split_probability(1, math.log(unit.own[1] + 0.09))
    assert relax(unit, unit.response.logits, above) is Failure.INFEASIBLE


def test_a_side_is_divided_away_from_its_ends():
    box = Box.around(drawn(0), drawn(0).response.logits)
    below, above = box.split_weight(1, 0.0)
    assert below.high[1] == above.low[1] == 0.1
    assert box.high[1] == 1


def test_where_nothing_may_move_the_bound_is_that_of_attentions_with_the_same_output():
    logits = np.array([[1.0, 0.0, 0.5], [1.0, 0.0, 0.5], [-2.0, 3.0, 0.0]])
    response = SoftmaxResponse(logits)
    attention = np.array([0.75, 0.25, 0.0])
    own = response.probabilities(attention[None])[0]
    unit = Unit(attention=attention, response=response, own=own, max_tvd=1e-12, aim=1e-12)
    box = Box.around(unit, logits)
    assert (box.log_high - box.log_low < relaxation.SHORT).all()
    [farthest] = unit.divergence(np.array([[0.0, 1.0, 0.0]]))
    bound = relax(unit, logits, box).bound
    assert farthest <= bound <= farthest + 1e-5
