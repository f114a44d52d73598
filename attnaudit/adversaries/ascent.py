"""Sequential linear programming: from an admissible attention to a farther one, until none is."""

import numpy as np
from jaxtyping import Float64

from attnaudit.adversaries.program import Failure, Program
from attnaudit.adversaries.segments import farthest_on_segments
from attnaudit.adversaries.separable import chord, chord_from_zero_to_one, tangent
from attnaudit.adversaries.unit import Unit

PROGRAMS = 40
"""At most so many linear programmes per ascent."""

LEAST_GAIN = 1e-6
"""Divergence, in nats, that a step has to gain to count."""

SHRINKAGE = 10
"""By which the trust region is divided where a step gained nothing."""

LEAST_RADIUS = 5e-3
"""Of the trust region, in attention weight: below it, nothing within reach is better."""

NEAR_ZERO = 1e-9
"""Weight below which the derivative, which has no limit at zero, is replaced by a chord."""


def ascend(unit: Unit, start: Float64[np.ndarray, " tokens"]) -> Float64[np.ndarray, " tokens"]:
    r"""An admissible attention at least as far as `start`, which no small step improves.

    At each attention the divergence is replaced by its tangent and the output by its own:
    $p + J(\beta' - \beta)$, whose total variation distance is linear with one further variable
    per class. The solution of that linear programme within a trust region is approached along a
    straight line as far as the output really permits. The first step uses chords over [0, 1],
    since the tangent vanishes at the model's own attention.

    Args:
        unit: What is attacked.
        start: An admissible attention.
    """
    best = _step(unit, start, chord_from_zero_to_one(unit.attention), radius=1.0)
    best, value = _farther(unit, start, best)
    radius = 1.0
    for _ in range(PROGRAMS):
        if radius < LEAST_RADIUS:
            break
        reached = _step(unit, best, _slope(unit, best, radius=radius), radius=radius)
        reached, gained = _farther(unit, best, reached)
        if gained < value + LEAST_GAIN:
            radius /= SHRINKAGE
        else:
            best, value = reached, gained
    return best


def _farther(
    unit: Unit,
    weights: Float64[np.ndarray, " tokens"],
    other: Float64[np.ndarray, " tokens"] | None,
) -> tuple[Float64[np.ndarray, " tokens"], float]:
    both = np.stack([weights, weights if other is None else other])
    values = unit.divergence(both)
    index = int(values.argmax())
    return both[index], float(values[index])


def _slope(
    unit: Unit, weights: Float64[np.ndarray, " tokens"], *, radius: float
) -> Float64[np.ndarray, " tokens"]:
    absent = weights < NEAR_ZERO
    positive = np.where(absent, 1.0, weights)
    zero = np.zeros_like(weights)
    return np.where(
        absent,
        chord(unit.attention, zero, zero + radius),
        tangent(unit.attention, positive),
    )


def _step(
    unit: Unit,
    weights: Float64[np.ndarray, " tokens"],
    cost: Float64[np.ndarray, " tokens"],
    *,
    radius: float,
) -> Float64[np.ndarray, " tokens"] | None:
    jacobian = unit.response.jacobian(weights)
    classes, tokens = jacobian.shape
    # Probability minus own, at weights of zero, of the linear model.
    offset = unit.response.probabilities(weights[None])[0] - unit.own - jacobian @ weights
    size = np.eye(classes)
    optimum = Program(
        cost=cost,
        rows=np.block(
            [
                [jacobian, -size],
                [-jacobian, -size],
                [np.zeros((1, tokens)), np.ones((1, classes))],
            ]
        ),
        limits=np.concatenate([-offset, offset, [2 * unit.aim]]),
        low=np.concatenate([np.maximum(weights - radius, 0), np.zeros(classes)]),
        high=np.concatenate([np.minimum(weights + radius, 1), np.ones(classes)]),
    ).solve()
    if isinstance(optimum, Failure):
        return None
    return farthest_on_segments(unit, weights[None], optimum.weights[None])
