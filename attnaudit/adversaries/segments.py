"""The farthest admissible point on straight lines between attentions.

Along a line the divergence is convex, so it is largest at an end of a stretch on which the output
is kept. The ends are bracketed on a grid, then bisected.
"""

import numpy as np
from jaxtyping import Bool, Float64, Int

from attnaudit.adversaries.unit import Unit

GRID = 33
"""Points of the grid on each line; a stretch between two of them is overlooked."""

BRACKETS = 64
"""How many stretch ends are bisected: those that may lie farthest."""

HALVINGS = 40
"""Of a bracket, which is then shorter than one part in 10^13 of its line."""


def farthest_on_segments(
    unit: Unit,
    start: Float64[np.ndarray, "k tokens"],
    end: Float64[np.ndarray, "k tokens"],
) -> Float64[np.ndarray, " tokens"] | None:
    """The farthest admissible attention found on k lines.

    Returns:
        The attention, or None if no point of the grids is admissible.
    """
    share = np.linspace(0, 1, GRID)
    points = start[:, None] + share[:, None] * (end - start)[:, None]
    flat = points.reshape(-1, points.shape[2])
    admissible = unit.admissible(flat)
    if not admissible.any():
        return None
    inside = flat[admissible]
    values = unit.divergence(inside)
    best, value = inside[values.argmax()], values.max()
    kept, lost = _brackets(admissible.reshape(-1, GRID))
    # A convex function exceeds the larger of its two ends nowhere between them.
    hope = np.maximum(unit.divergence(flat[kept]), unit.divergence(flat[lost]))
    order = np.argsort(-hope, kind="stable")[:BRACKETS]
    order = order[hope[order] > value]
    if len(order) == 0:
        return np.asarray(best)
    ends = _bisect(unit, flat[kept[order]], flat[lost[order]])
    values = unit.divergence(ends)
    return np.asarray(ends[values.argmax()] if values.max() > value else best)


def _brackets(
    admissible: Bool[np.ndarray, "k grid"],
) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " m"]]:
    line, point = np.nonzero(admissible[:, 1:] != admissible[:, :-1])
    left = line * GRID + point
    first = admissible[line, point]
    return np.where(first, left, left + 1), np.where(first, left + 1, left)


def _bisect(
    unit: Unit, kept: Float64[np.ndarray, "m tokens"], lost: Float64[np.ndarray, "m tokens"]
) -> Float64[np.ndarray, "m tokens"]:
    for _ in range(HALVINGS):
        middle = (kept + lost) / 2
        admissible = unit.admissible(middle)[:, None]
        kept, lost = np.where(admissible, middle, kept), np.where(admissible, lost, middle)
    return kept
