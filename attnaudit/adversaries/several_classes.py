"""How one unit of several classes is enclosed: start after start from below, one bound above."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float64

from attnaudit.adversaries.ascent import ascend
from attnaudit.adversaries.branching import branch_and_bound
from attnaudit.adversaries.cuts import cut_towards
from attnaudit.adversaries.edges import farthest_on_edges
from attnaudit.adversaries.enclosure import Enclosure
from attnaudit.adversaries.hilbert import farthest_inside
from attnaudit.adversaries.pairwise import pairwise_bound
from attnaudit.adversaries.segments import farthest_on_segments
from attnaudit.adversaries.separable import chord_from_zero_to_one
from attnaudit.adversaries.unit import Unit

NARROW = 0.005
"""Width of an enclosure, in nats, at which nothing further is tried."""

BEHIND = 0.1
"""Divergence, in nats, by which a start may lie behind the best witness to be carried on."""

RUNS = 2**16
"""Attentions on pairs of tokens that are tried at most: among 63 tokens, all pairs."""


def enclose(
    unit: Unit,
    logits: Float64[np.ndarray, "tokens classes"],
    *,
    candidates: Float64[np.ndarray, "k tokens"],
) -> Enclosure:
    """Ascend from one start after the other, then divide, until the enclosure is narrow.

    Args:
        unit: What is attacked.
        logits: What each token gives alone.
        candidates: Attentions to begin from as well.
    """
    enclosure = Enclosure(
        weights=unit.attention,
        divergence=0.0,
        bound=pairwise_bound(unit.attention, logits, unit.own, max_tvd=unit.max_tvd),
    )
    for end in _ends(unit, logits, candidates):
        if enclosure.width <= NARROW:
            return enclosure
        start = farthest_on_segments(unit, unit.attention[None], end[None])
        if start is None or unit.divergence(start[None])[0] < enclosure.divergence - BEHIND:
            continue
        enclosure = enclosure.or_better(unit, ascend(unit, start))
    return branch_and_bound(unit, logits, enclosure, narrow=NARROW)


def _ends(
    unit: Unit,
    logits: Float64[np.ndarray, "tokens classes"],
    candidates: Float64[np.ndarray, "k tokens"],
) -> Iterator[Float64[np.ndarray, " tokens"]]:
    # Each is sought only if those before it have left the enclosure wide.
    yield from candidates
    cost = chord_from_zero_to_one(unit.attention)
    found = cut_towards(unit, logits, cost=cost)
    if found is not None:
        yield found
    found = farthest_inside(unit.attention, logits, cost=cost, max_tvd=unit.aim)
    if found is not None:
        yield found
    found = farthest_on_edges(unit, runs=RUNS)
    if found is not None:
        yield found
