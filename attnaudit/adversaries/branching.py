"""Branch and bound: divide the attentions into boxes until their bounds come down to a witness."""

import heapq
import math
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float64

from attnaudit.adversaries.ascent import ascend
from attnaudit.adversaries.enclosure import Enclosure
from attnaudit.adversaries.program import Failure
from attnaudit.adversaries.relaxation import Box, Relaxed, relax
from attnaudit.adversaries.segments import farthest_on_segments
from attnaudit.adversaries.separable import chord, terms
from attnaudit.adversaries.unit import Unit

ENTRIES = 2**16
"""Coefficients, summed over all linear programmes of a unit, that may be spent."""

FEWEST, MOST = 5, 40
"""Linear programmes of a unit, however large or small they are."""


@dataclass(order=True, frozen=True, slots=True)
class _Part:
    """A box that may hold an attention farther than the witness; the most promising is least.

    The number keeps the order of parts with equal bounds the same in every run.
    """

    negative_bound: float
    number: int
    box: Box = field(compare=False)


def branch_and_bound(
    unit: Unit,
    logits: Float64[np.ndarray, "tokens classes"],
    enclosure: Enclosure,
    *,
    narrow: float,
) -> Enclosure:
    """Narrow an enclosure.

    The box with the largest bound is divided: by the weight whose chord lies farthest above the
    divergence, or by the probability that lies farthest from the exponential of its logarithm,
    whichever of the two sorts of slack is the larger. Where the solution of a box leads to a
    farther witness, that one takes the place of the old one.

    Args:
        unit: What is attacked.
        logits: What each token gives alone.
        enclosure: What is known already.
        narrow: Width, in nats, at which to stop.
    """
    parts = [_Part(-enclosure.bound, 0, Box.around(unit, logits))]
    # What the parts on which the solver gave up may still hold.
    unsolved = -math.inf
    for number in range(1, _programs(logits) + 1):
        if not parts or enclosure.width <= narrow:
            break
        part = heapq.heappop(parts)
        relaxed = relax(unit, logits, part.box)
        if relaxed is Failure.UNSOLVED:
            unsolved = max(unsolved, -part.negative_bound)
        elif isinstance(relaxed, Relaxed):
            enclosure = _with_witness(unit, enclosure, relaxed)
            bound = min(relaxed.bound, -part.negative_bound)
            for side, child in enumerate(_divided(unit, enclosure, part.box, relaxed)):
                heapq.heappush(parts, _Part(-bound, 2 * number + side, child))
        rest = -parts[0].negative_bound if parts else -math.inf
        bound = max(unsolved, rest, enclosure.divergence)
        enclosure = replace(enclosure, bound=min(enclosure.bound, bound))
    return enclosure


def _programs(logits: Float64[np.ndarray, "tokens classes"]) -> int:
    tokens, classes = logits.shape
    entries = (8 * classes + 3) * (tokens + 2 * classes + 1)
    return int(np.clip(ENTRIES // entries, FEWEST, MOST))


def _with_witness(unit: Unit, enclosure: Enclosure, relaxed: Relaxed) -> Enclosure:
    reached = farthest_on_segments(unit, unit.attention[None], relaxed.weights[None])
    if reached is None or unit.divergence(reached[None])[0] <= enclosure.divergence:
        return enclosure
    return enclosure.or_better(unit, ascend(unit, reached))


def _divided(unit: Unit, enclosure: Enclosure, box: Box, relaxed: Relaxed) -> tuple[Box, Box]:
    slope = chord(unit.attention, box.low, box.high)
    line = terms(unit.attention, box.low) + slope * (relaxed.weights - box.low)
    above = line - terms(unit.attention, relaxed.weights)
    reached = float(unit.divergence(relaxed.weights[None])[0])
    if above.sum() >= reached - enclosure.divergence:
        token = int(above.argmax())
        return box.split_weight(token, at=float(relaxed.weights[token]))
    apart = np.abs(relaxed.probabilities - np.exp(relaxed.log_probabilities))
    label = int(apart.argmax())
    return box.split_probability(label, at=float(relaxed.log_probabilities[label]))
