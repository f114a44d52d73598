"""Linear programmes over attention: weights that sum to 1, and a few further variables."""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from jaxtyping import Float64
from scipy.optimize import linprog

_INFEASIBLE = 2


class Failure(Enum):
    """Why a programme has no solution."""

    INFEASIBLE = auto()
    """No point satisfies the rows and limits."""
    UNSOLVED = auto()
    """The solver gave up, which says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    r"""Maximise $c \cdot \beta$ over attention $\beta$ and further variables $v$.

    Subject to $A (\beta, v) \le b$, $\sum_t \beta_t = 1$ and low and high limits of every variable.

    Attributes:
        cost: [tokens] c, in nats per unit of weight.
        rows: [rows variables] A; the first columns belong to the tokens.
        limits: [rows] b.
        low: [variables] of $(\beta, v)$.
        high: [variables].
    """

    cost: Float64[np.ndarray, " tokens"]
    rows: Float64[np.ndarray, "rows variables"]
    limits: Float64[np.ndarray, " rows"]
    low: Float64[np.ndarray, " variables"]
    high: Float64[np.ndarray, " variables"]

    def solve(self) -> "Optimum | Failure":
        """A corner of the polytope where the objective is largest, or why there is none."""
        tokens, further = len(self.cost), self.rows.shape[1] - len(self.cost)
        result = linprog(
            np.concatenate([-self.cost, np.zeros(further)]),
            A_ub=self.rows,
            b_ub=self.limits,
            A_eq=np.concatenate([np.ones(tokens), np.zeros(further)])[None],
            b_eq=[1.0],
            bounds=np.stack([self.low, self.high], axis=1),
            method="highs-ds",
        )
        if result.status != 0:
            return Failure.INFEASIBLE if result.status == _INFEASIBLE else Failure.UNSOLVED
        # The solver's weights may be negative by its tolerance, and sum to 1 within it.
        weights = np.maximum(result.x[:tokens], 0)
        return Optimum(
            weights=weights / weights.sum(),
            further=result.x[tokens:],
            bound=self._bound(-result.ineqlin.marginals),
        )

    def _bound(self, prices: Float64[np.ndarray, " rows"]) -> float:
        # Weak duality holds for any prices that are not negative, so this bounds the objective
        # however inexact the solver was.
        prices = np.maximum(prices, 0)
        tokens = len(self.cost)
        reduced = -(prices @ self.rows)
        reduced[:tokens] += self.cost
        used = np.flatnonzero(reduced[tokens:]) + tokens
        worst = np.where(reduced > 0, self.high, self.low)
        further = float(reduced[used] @ worst[used])
        return float(prices @ self.limits) + self._largest(reduced[:tokens]) + further

    def _largest(self, value: Float64[np.ndarray, " tokens"]) -> float:
        # The largest value of attention within its limits: fill up the most valuable first.
        order = np.argsort(-value)
        low, high = self.low[order], self.high[order]
        left = 1 - low.sum() - np.concatenate([[0.0], np.cumsum(high - low)[:-1]])
        return float(value[order] @ (low + np.clip(left, 0, high - low)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Optimum:
    """A solved programme.

    Attributes:
        weights: [tokens] a maximiser, on the simplex, to the tolerance of the solver.
        further: [further] values of the other variables.
        bound: No feasible point has a larger objective; infinite if the solver's prices prove
            nothing.
    """

    weights: Float64[np.ndarray, " tokens"]
    further: Float64[np.ndarray, " further"]
    bound: float
