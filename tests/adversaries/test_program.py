from types import SimpleNamespace

import numpy as np
import pytest

from attnaudit.adversaries import program
from attnaudit.adversaries.program import Failure, Program


def drawn(seed, *, limit=0.3):
    """Five weights and one further variable, cut by three rows; the last weight is at most 0.4."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((3, 6))
    return Program(
        cost=rng.standard_normal(5),
        rows=rows,
        limits=np.full(3, limit),
        low=np.array([0.05, 0, 0, 0, 0, -1.0]),
        high=np.array([1, 1, 1, 1, 0.4, 1.0]),
    )


@pytest.mark.parametrize("seed", range(6))
def test_no_point_that_keeps_the_rows_and_limits_is_better(seed):
    drawn_program = drawn(seed)
    optimum = drawn_program.solve()
    rng = np.random.default_rng(100 + seed)
    points = np.hstack([rng.dirichlet(np.full(5, 0.5), 50_000), rng.uniform(-1, 1, (50_000, 1))])
    kept = (points @ drawn_program.rows.T <= drawn_program.limits).all(axis=1)
    kept &= (points >= drawn_program.low).all(axis=1) & (points <= drawn_program.high).all(axis=1)
    assert kept.sum() > 20
    best = (points[kept, :5] @ drawn_program.cost).max()
    reached = optimum.weights @ drawn_program.cost
    assert best <= optimum.bound
    assert best <= reached + 1e-9
    assert reached == pytest.approx(optimum.bound)


def test_the_solution_keeps_the_rows_with_its_further_variables():
    drawn_program = drawn(1)
    optimum = drawn_program.solve()
    variables = np.concatenate([optimum.weights, optimum.further])
    assert (drawn_program.rows @ variables <= drawn_program.limits + 1e-7).all()
    assert optimum.weights.sum() == pytest.approx(1)


def test_rows_that_contradict_each_other_have_no_solution():
    assert drawn(0, limit=-100.0).solve() is Failure.INFEASIBLE


def test_a_solver_that_gives_up_does_not_say_that_there_is_no_solution(monkeypatch):
    monkeypatch.setattr(program, "linprog", lambda *_, **__: SimpleNamespace(status=4))
    assert drawn(0).solve() is Failure.UNSOLVED


def test_wrong_prices_of_the_solver_only_loosen_the_bound():
    drawn_program = drawn(2)
    right = drawn_program.solve().bound
    rng = np.random.default_rng(0)
    assert all(drawn_program._bound(rng.normal(0, 2, 3)) >= right - 1e-9 for _ in range(200))
