import itertools

import numpy as np
import pytest

from attnaudit.adversaries import edges
from attnaudit.adversaries.edges import farthest_on_edges
from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.unit import Unit

ALL = 2**16


def unit_of(seed, *, tokens=8, classes=3):
    rng = np.random.default_rng(seed)
    attention = rng.dirichlet(np.full(tokens, 0.5))
    response = SoftmaxResponse(1.5 * rng.standard_normal((tokens, classes)))
    own = response.probabilities(attention[None])[0]
    return Unit(attention=attention, response=response, own=own, max_tvd=0.05, aim=0.05)


def best_by_trying(unit, *, points=4001):
    share = np.linspace(0, 1, points)[:, None]
    corners = np.eye(len(unit.attention))
    lines = [a + share * (b - a) for a, b in itertools.combinations(corners, 2)]
    every = np.concatenate(lines)
    return unit.divergence(every[unit.admissible(every)]).max()


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_no_pair_of_a_fine_grid_lies_farther(seed):
    unit = unit_of(seed)
    found = farthest_on_edges(unit, runs=ALL)
    assert unit.admissible(found[None])[0]
    assert np.count_nonzero(found) <= 2
    assert unit.divergence(found[None])[0] == pytest.approx(best_by_trying(unit), abs=2e-3)


def test_single_tokens_looked_at_a_few_at_a_time_give_the_same(monkeypatch):
    unit = unit_of(1)
    whole = edges._moved(unit)
    monkeypatch.setattr(edges, "ENTRIES_AT_ONCE", 20)
    np.testing.assert_allclose(edges._moved(unit), whole)


def test_without_a_run_for_pairs_the_single_tokens_remain():
    logits = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 9.0, 0.0]])
    response = SoftmaxResponse(logits)
    attention = np.array([0.5, 0.2, 0.3, 0.0])
    own = response.probabilities(attention[None])[0]
    unit = Unit(attention=attention, response=response, own=own, max_tvd=0.01, aim=0.01)
    assert farthest_on_edges(unit, runs=0).tolist() == [0, 1, 0, 0]


def test_tokens_that_all_change_the_output_leave_nothing():
    response = SoftmaxResponse(9 * np.eye(3))
    attention = np.full(3, 1 / 3)
    own = response.probabilities(attention[None])[0]
    unit = Unit(attention=attention, response=response, own=own, max_tvd=0.01, aim=0.01)
    assert farthest_on_edges(unit, runs=ALL) is None


def test_the_tokens_that_pairs_are_formed_of_take_turns():
    attention = np.array([0.1, 0.2, 0.3, 0.4])
    moved = np.array([0.9, 0.8, 0.7, 0.0])
    assert edges._promising(attention, moved, count=3).tolist() == [0, 3, 1]
