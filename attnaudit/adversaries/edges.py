"""Corners and edges of the simplex: attention on one token or on two."""

import math

import numpy as np
from jaxtyping import Float64, Int

from attnaudit.adversaries.segments import GRID, farthest_on_segments
from attnaudit.adversaries.unit import Unit

ENTRIES_AT_ONCE = 2**21
"""Attention weights that are looked at together: 16 MiB."""


def farthest_on_edges(unit: Unit, *, runs: int) -> Float64[np.ndarray, " tokens"] | None:
    """The farthest admissible attention found on single tokens and on pairs of them.

    All single tokens are looked at. Pairs are formed among as many tokens as the budget allows:
    half of them those with the least attention, since the divergence of a pair is at most that of
    its least attended token alone, half those that change the output least.

    Args:
        unit: What is attacked.
        runs: How many attentions on pairs are tried at most before stretches are bisected.

    Returns:
        The attention, or None if none was admissible.
    """
    tokens = len(unit.attention)
    moved = _moved(unit)
    inside = np.flatnonzero(moved <= unit.aim)
    # Alone on a token, the divergence is the larger, the less that token is attended.
    farthest = inside[unit.attention[inside].argsort(kind="stable")[:1]]
    found = list(_corners(farthest, tokens))
    pairs = min(runs, ENTRIES_AT_ONCE // tokens) // GRID
    promising = _promising(unit.attention, moved, count=_tokens_for(pairs))
    first, second = np.triu_indices(len(promising), 1)
    if len(first):
        edge = farthest_on_segments(
            unit, _corners(promising[first], tokens), _corners(promising[second], tokens)
        )
        found += [] if edge is None else [edge]
    if not found:
        return None
    return np.asarray(found[int(unit.divergence(np.stack(found)).argmax())])


def _moved(unit: Unit) -> Float64[np.ndarray, " tokens"]:
    tokens = len(unit.attention)
    corners_at_once = max(1, ENTRIES_AT_ONCE // tokens)
    parts = [
        unit.tvd(_corners(np.arange(start, min(start + corners_at_once, tokens)), tokens))
        for start in range(0, tokens, corners_at_once)
    ]
    return np.concatenate(parts)


def _corners(positions: Int[np.ndarray, " k"], tokens: int) -> Float64[np.ndarray, "k tokens"]:
    corners = np.zeros((len(positions), tokens))
    corners[np.arange(len(positions)), positions] = 1.0
    return corners


def _tokens_for(pairs: int) -> int:
    return int((1 + math.sqrt(1 + 8 * pairs)) / 2)


def _promising(
    attention: Float64[np.ndarray, " tokens"],
    moved: Float64[np.ndarray, " tokens"],
    *,
    count: int,
) -> Int[np.ndarray, " chosen"]:
    little = np.argsort(attention, kind="stable")
    near = np.argsort(moved, kind="stable")
    # Both orders in turn, each token once: the first of every token in the interleaved list.
    turns = np.stack([little, near], axis=1).ravel()
    _, position = np.unique(turns, return_index=True)
    return np.asarray(turns[np.sort(position)[:count]])
