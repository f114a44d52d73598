import numpy as np
import pytest

from attnaudit.adversaries import branching
from attnaudit.adversaries.branching import branch_and_bound
from attnaudit.adversaries.enclosure import Enclosure
from attnaudit.adversaries.pairwise import pairwise_bound
from attnaudit.adversaries.program import Failure
from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.unit import Unit


def peaked():
    """Most attention on a token that decides the output: one pair of classes limits little."""
    rng = np.random.default_rng(3)
    attention = rng.dirichlet(np.ones(12)) * 0.3
    attention[0] += 0.7
    logits = rng.standard_normal((12, 4))
    logits[0] += np.array([3.0, 0.0, -1.0, 1.0])
    response = SoftmaxResponse(logits)
    own = response.probabilities(attention[None])[0]
    return Unit(attention=attention, response=response, own=own, max_tvd=0.05, aim=0.05)


def known(unit):
    bound = pairwise_bound(unit.attention, unit.response.logits, unit.own, max_tvd=0.05)
    return Enclosure(weights=unit.attention, divergence=0.0, bound=bound)


def test_both_ends_close_in_on_the_maximum():
    unit = peaked()
    before = known(unit)
    after = branch_and_bound(unit, unit.response.logits, before, narrow=0.002)
    assert after.width < 0.02
    assert after.bound < before.bound - 0.02
    assert unit.admissible(after.weights[None])[0]
    assert unit.divergence(after.weights[None])[0] == after.divergence


def test_no_random_admissible_attention_exceeds_the_bound():
    unit = peaked()
    after = branch_and_bound(unit, unit.response.logits, known(unit), narrow=0.002)
    rng = np.random.default_rng(0)
    points = unit.attention + rng.uniform(0, 1, (100_000, 1)) * (
        rng.dirichlet(np.full(12, 0.2), 100_000) - unit.attention
    )
    kept = unit.divergence(points[unit.admissible(points)])
    assert len(kept) > 1000
    assert kept.max() <= after.bound


def test_a_narrow_enclosure_is_left_alone():
    unit = peaked()
    assert branch_and_bound(unit, unit.response.logits, known(unit), narrow=1.0) == known(unit)


def test_where_the_solver_gives_up_the_bound_stays(monkeypatch):
    unit = peaked()
    monkeypatch.setattr(branching, "relax", lambda *_: Failure.UNSOLVED)
    after = branch_and_bound(unit, unit.response.logits, known(unit), narrow=0.002)
    assert after == known(unit)


def test_where_no_part_is_feasible_the_witness_is_the_maximum(monkeypatch):
    unit = peaked()
    monkeypatch.setattr(branching, "relax", lambda *_: Failure.INFEASIBLE)
    after = branch_and_bound(unit, unit.response.logits, known(unit), narrow=0.002)
    assert after.bound == after.divergence == 0.0


@pytest.mark.parametrize(("shape", "programs"), [((10, 3), 40), ((60, 10), 9), ((5000, 4), 5)])
def test_large_programmes_are_fewer(shape, programs):
    assert branching._programs(np.zeros(shape)) == programs
