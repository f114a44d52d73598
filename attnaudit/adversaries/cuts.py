r"""A distant attention that nearly keeps the output, by cutting a polytope to shape.

A total variation distance of at most $\epsilon$ keeps every $\ln p_c = u_c - s$ between
$\ln(p_c - \epsilon)$ and $\ln(p_c + \epsilon)$, where s is the logarithm of the partition sum.
With s free that is linear in attention, and the same as one slab per pair of classes. Where the
corner that is farthest by the chords of the divergence gives some set of classes too much
probability, the log-odds of that set are replaced by their tangent and limited. The cuts may
exclude admissible attentions, so they lead to a witness and bound nothing.
"""

import math

import numpy as np
from jaxtyping import Float64
from scipy.special import logsumexp, softmax

from attnaudit.adversaries.program import Failure, Program
from attnaudit.adversaries.unit import Unit

ROUNDS = 40
"""At most so many cuts."""

MARGIN = 1e-3
"""How far inside the permitted distance the cuts aim, relative to it."""


def cut_towards(
    unit: Unit,
    logits: Float64[np.ndarray, "tokens classes"],
    *,
    cost: Float64[np.ndarray, " tokens"],
) -> Float64[np.ndarray, " tokens"] | None:
    r"""Solve the relaxation, then cut until its solution is admissible.

    Args:
        unit: What is attacked.
        logits: What each token gives alone.
        cost: c of the objective $c \cdot \beta$, in nats per unit of weight.

    Returns:
        The last solution, which is inadmissible if the cuts ran out; None if there was none.
    """
    tokens = len(logits)
    rows, limits = _relaxation(unit, logits)
    low = np.concatenate([np.zeros(tokens), [-np.inf]])
    high = np.concatenate([np.ones(tokens), [np.inf]])
    weights = None
    for _ in range(ROUNDS):
        optimum = Program(cost=cost, rows=rows, limits=limits, low=low, high=high).solve()
        if isinstance(optimum, Failure):
            break
        weights = optimum.weights
        if unit.admissible(weights[None])[0]:
            break
        row, limit = _cut(unit, logits, weights)
        rows, limits = np.vstack([rows, row]), np.append(limits, limit)
    return weights


def _relaxation(
    unit: Unit, logits: Float64[np.ndarray, "tokens classes"]
) -> tuple[Float64[np.ndarray, "rows variables"], Float64[np.ndarray, " rows"]]:
    least = unit.own > unit.max_tvd
    each, some = np.ones((len(unit.own), 1)), np.ones((int(least.sum()), 1))
    rows = np.block([[logits.T, -each], [-logits.T[least], some]])
    limits = np.concatenate(
        [np.log(unit.own + unit.max_tvd), -np.log(unit.own[least] - unit.max_tvd)]
    )
    return rows, limits


def _cut(
    unit: Unit,
    logits: Float64[np.ndarray, "tokens classes"],
    weights: Float64[np.ndarray, " tokens"],
) -> tuple[Float64[np.ndarray, " variables"], float]:
    aim = unit.aim * (1 - MARGIN)
    logit = weights @ logits
    more = softmax(logit) > unit.own
    slope = np.zeros_like(logit)
    slope[more], slope[~more] = softmax(logit[more]), -softmax(logit[~more])
    odds = float(logsumexp(logit[more]) - logsumexp(logit[~more]))
    # Too much probability on some classes leaves more than the permitted distance to the others.
    permitted = math.log((unit.own[more].sum() + aim) / (unit.own[~more].sum() - aim))
    return np.append(logits @ slope, 0.0), permitted - odds + float(slope @ logit)
