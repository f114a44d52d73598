import numpy as np
import pytest

from attnaudit.adversaries import ascent
from attnaudit.adversaries.ascent import ascend
from attnaudit.adversaries.program import Failure, Program
from attnaudit.adversaries.response import SoftmaxResponse
from attnaudit.adversaries.unit import Unit


def drawn(seed, *, tokens=15, classes=4):
    rng = np.random.default_rng(seed)
    response = SoftmaxResponse(2 * rng.standard_normal((tokens, classes)))
    attention = rng.dirichlet(np.ones(tokens))
    own = response.probabilities(attention[None])[0]
    return Unit(attention=attention, response=response, own=own, max_tvd=0.05, aim=0.05)


def value(unit, weights):
    return float(unit.divergence(weights[None])[0])


@pytest.mark.parametrize("seed", range(5))
def test_from_the_own_attention_it_gets_far_and_keeps_the_output(seed):
    unit = drawn(seed)
    reached = ascend(unit, unit.attention)
    assert unit.admissible(reached[None])[0]
    assert value(unit, reached) > 0.4


@pytest.mark.parametrize("seed", range(5))
def test_no_random_step_from_where_it_ends_is_better(seed):
    unit = drawn(seed)
    reached = ascend(unit, unit.attention)
    rng = np.random.default_rng(seed)
    goals = rng.dirichlet(np.full(len(reached), 0.3), size=20_000)
    steps = reached + 10.0 ** rng.uniform(-5, -1, (20_000, 1)) * (goals - reached)
    kept = unit.admissible(steps)
    assert kept.sum() > 100
    assert unit.divergence(steps[kept]).max() <= value(unit, reached) + 1e-3


def test_it_never_ends_nearer_than_it_began():
    unit = drawn(0)
    rng = np.random.default_rng(0)
    near = unit.attention + 0.03 * (rng.dirichlet(np.ones(15), size=20) - unit.attention)
    starts = near[unit.admissible(near)]
    assert len(starts) > 3
    for start in starts:
        assert value(unit, ascend(unit, start)) >= value(unit, start)


def test_a_solver_that_gives_up_leaves_the_start(monkeypatch):
    monkeypatch.setattr(Program, "solve", lambda _: Failure.UNSOLVED)
    unit = drawn(0)
    assert ascend(unit, unit.attention).tolist() == unit.attention.tolist()


def test_it_stops_after_the_programmes_it_may_solve(monkeypatch):
    solved = []
    solve = Program.solve
    monkeypatch.setattr(Program, "solve", lambda self: solved.append(1) or solve(self))
    monkeypatch.setattr(ascent, "PROGRAMS", 2)
    ascend(drawn(0), drawn(0).attention)
    assert len(solved) <= 3
