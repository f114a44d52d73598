r"""What a linear programme can say about the attentions in a box: a bound and a point.

With logits u linear in attention and s the logarithm of the partition sum, every probability is
$p_c = e^{x_c}$ with $x_c = u_c - s$. On an interval the exponential lies above its tangents and
below its chord, and the divergence lies below its chords over the box of weights. All of that is
linear, as are $\sum_c p_c = 1$ and the total variation distance. The smaller the box, the less is
given away.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64
from scipy.special import logsumexp

from attnaudit.adversaries.program import Failure, Program
from attnaudit.adversaries.separable import chord, terms
from attnaudit.adversaries.unit import Unit

LEAST_SHARE = 0.1
"""No part of a divided side is shorter than this share of it."""

SHORT = 1e-9
"""Length of a side, in logarithms of a probability, that no chord is drawn over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """Limits of the weights and of the logarithms of the probabilities.

    Attributes:
        low: [tokens] of the weights.
        high: [tokens].
        log_low: [classes] of the logarithms of the probabilities.
        log_high: [classes].
    """

    low: Float64[np.ndarray, " tokens"]
    high: Float64[np.ndarray, " tokens"]
    log_low: Float64[np.ndarray, " classes"]
    log_high: Float64[np.ndarray, " classes"]

    @classmethod
    def around(cls, unit: Unit, logits: Float64[np.ndarray, "tokens classes"]) -> "Box":
        """Every admissible attention lies in it: no probability changes by more than `max_tvd`."""
        largest = logsumexp(logits.max(axis=0))
        log_low = logits.min(axis=0) - largest
        limited = unit.own > unit.max_tvd
        log_low[limited] = np.maximum(log_low[limited], np.log(unit.own[limited] - unit.max_tvd))
        return cls(
            low=np.zeros_like(unit.attention),
            high=np.ones_like(unit.attention),
            log_low=log_low,
            log_high=np.minimum(np.log(unit.own + unit.max_tvd), 0.0),
        )

    def split_weight(self, token: int, at: float) -> "tuple[Box, Box]":
        """The parts where the weight of a token is at most and at least about a value."""
        high, low = self.high.copy(), self.low.copy()
        high[token] = low[token] = _inside(at, self.low[token], self.high[token])
        return replace(self, high=high), replace(self, low=low)

    def split_probability(self, label: int, at: float) -> "tuple[Box, Box]":
        """The parts where the logarithm of a probability is at most and at least about a value."""
        high, low = self.log_high.copy(), self.log_low.copy()
        high[label] = low[label] = _inside(at, self.log_low[label], self.log_high[label])
        return replace(self, log_high=high), replace(self, log_low=low)


def _inside(at: float, low: float, high: float) -> float:
    edge = LEAST_SHARE * (high - low)
    return float(np.clip(at, low + edge, high - edge))


@dataclass(frozen=True, kw_only=True, slots=True)
class Relaxed:
    """The solution of a relaxation.

    Attributes:
        bound: No admissible attention in the box has a larger divergence, in nats.
        weights: [tokens] the solution; admissible only by chance.
        log_probabilities: [classes] what it takes for the logarithms of the probabilities.
        probabilities: [classes] what it takes for the probabilities.
    """

    bound: float
    weights: Float64[np.ndarray, " tokens"]
    log_probabilities: Float64[np.ndarray, " classes"]
    probabilities: Float64[np.ndarray, " classes"]


def relax(unit: Unit, logits: Float64[np.ndarray, "tokens classes"], box: Box) -> Relaxed | Failure:
    """Maximise the chords of the divergence over what the box and the output leave.

    Args:
        unit: What is attacked.
        logits: What each token gives alone.
        box: Where to look.

    Returns:
        The solution; INFEASIBLE if no attention in the box is admissible.
    """
    classes = logits.shape[1]
    slope = chord(unit.attention, box.low, box.high)
    rows, limits = _rows(unit, logits, box)
    # Further variables: s, the probabilities, and their distances from the unit's own.
    least, largest = logits.min(axis=0).max(), logsumexp(logits.max(axis=0))
    optimum = Program(
        cost=slope,
        rows=rows,
        limits=limits,
        low=np.concatenate([box.low, [least], np.zeros(2 * classes)]),
        high=np.concatenate([box.high, [largest], np.ones(2 * classes)]),
    ).solve()
    if isinstance(optimum, Failure):
        return optimum
    at_low = float((terms(unit.attention, box.low) - slope * box.low).sum())
    return Relaxed(
        bound=at_low + optimum.bound,
        weights=optimum.weights,
        log_probabilities=optimum.weights @ logits - optimum.further[0],
        probabilities=optimum.further[1 : 1 + classes],
    )


def _rows(
    unit: Unit, logits: Float64[np.ndarray, "tokens classes"], box: Box
) -> tuple[Float64[np.ndarray, "rows variables"], Float64[np.ndarray, " rows"]]:
    classes = logits.shape[1]
    each, none = np.eye(classes), np.zeros((classes, classes))
    log = np.hstack([logits.T, -np.ones((classes, 1))])
    rows = [np.hstack([log, none, none]), np.hstack([-log, none, none])]
    limits = [box.log_high, -box.log_low]
    for point in (box.log_low, (box.log_low + box.log_high) / 2, box.log_high):
        height = np.exp(point)
        rows.append(np.hstack([height[:, None] * log, -each, none]))
        limits.append(height * (point - 1))
    bottom, top = np.exp(box.log_low), np.exp(box.log_high)
    length = box.log_high - box.log_low
    # On a side too short to divide by, the top of the exponential stands for its chord.
    short = length < SHORT
    slope = np.where(short, 0.0, (top - bottom) / np.where(short, 1.0, length))
    bottom = np.where(short, top, bottom)
    rows.append(np.hstack([-slope[:, None] * log, each, none]))
    limits.append(bottom - slope * box.log_low)
    rows += [np.hstack([0 * log, each, -each]), np.hstack([0 * log, -each, -each])]
    limits += [unit.own, -unit.own]
    totals = np.zeros((3, log.shape[1] + 2 * classes))
    totals[0, -2 * classes : -classes], totals[1, -2 * classes : -classes] = 1, -1
    totals[2, -classes:] = 1
    rows.append(totals)
    limits.append(np.array([1.0, -1.0, 2 * unit.max_tvd]))
    return np.vstack(rows), np.concatenate(limits)
