"""A drawing with all that is needed to read it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from attnaudit.reports.html.known import TAU
from attnaudit.reports.known import DIVERGENCE

# What a quantity can be, where the values do not show it.
_RANGES = {DIVERGENCE: (0.0, math.log(2)), TAU: (-1.0, 1.0)}
_ROUND = ((0.0, 1.0), (-1.0, 1.0))
# An axis needs a width even where all values are equal.
_MARGIN = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Legend:
    """What one colour of a picture stands for, in words from anywhere."""

    slot: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A drawing with what is needed to read it."""

    drawing: Markup
    caption: str
    legend: tuple[Legend, ...] = ()


def legend_of(names: Sequence[str]) -> tuple[Legend, ...]:
    """One entry per series, in the order of their colours."""
    return tuple(Legend(slot=slot, name=name) for slot, name in enumerate(names))


def defined(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values that are not NaN."""
    return values[~np.isnan(values)]


def limits_of(
    values: Sequence[NDArray[np.float64]], thresholds: Sequence[float], quantity: str
) -> tuple[float, float]:
    """Ends of an axis that holds everything; round where possible, so that pictures compare.

    Args:
        values: What is drawn, at least one number in all.
        thresholds: What else is drawn.
        quantity: Its name.
    """
    everything = np.concatenate([*values, np.asarray(thresholds)])
    low, high = float(everything.min()), float(everything.max())
    natural = [_RANGES[quantity]] if quantity in _RANGES else _ROUND
    for ends in natural:
        if ends[0] <= low and high <= ends[1]:
            return ends
    return low - _MARGIN, high + _MARGIN
