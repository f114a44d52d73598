"""How pictures are drawn. They say nothing of models, so their text is ours alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from attnaudit.reports.html.svg import INK, inline_svg, slot_colour, style

BINS = 40
"""Bars of a histogram."""
WEIGHT_BINS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Bins of the largest attention weight, as in Jain & Wallace (2019)."""

_SIZE = (5.4, 2.5)
_FRAME = (0.14, 0.28, 0.82, 0.68)
_LINES = ("-", "--", "-.", ":")


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """Documents that are drawn in one colour.

    Attributes:
        slot: Which colour of the page.
        values: [documents] finite numbers.
        places: [documents] the largest attention weight, where a picture sorts by it.
    """

    slot: int
    values: NDArray[np.float64]
    places: NDArray[np.float64] | None = None


def histogram(
    series: Sequence[Series],
    *,
    limits: tuple[float, float],
    thresholds: Sequence[float],
    quantity: str,
    salt: str,
    title: str,
) -> Markup:
    """Share of each series' documents per bin, and lines at the thresholds.

    Args:
        series: At least one; a series without documents is drawn at zero.
        limits: Ends of the axis; all values lie between them.
        thresholds: Where to draw lines.
        quantity: Name of the axis, from us.
        salt: Different for every figure of a page.
        title: What it shows, in words.
    """
    edges = np.linspace(*limits, BINS + 1)
    with style(salt=salt):
        figure, axes = _empty()
        for one in series:
            counts = np.histogram(one.values, edges)[0]
            shares = counts / max(1, one.values.size)
            colour, line = slot_colour(one.slot), _LINES[one.slot % len(_LINES)]
            axes.stairs(shares, edges, color=colour, fill=True, alpha=0.15)
            axes.stairs(shares, edges, color=colour, linewidth=1.4, linestyle=line)
        for threshold in thresholds:
            axes.axvline(threshold, color=INK, linewidth=1.2, linestyle=(0, (4, 2)))
        axes.set_xlim(*limits)
        axes.set_ylim(bottom=0)
        axes.set_xlabel(quantity)
        axes.set_ylabel("share of documents")
        return inline_svg(figure, title=title)


def by_largest_weight(series: Sequence[Series], *, quantity: str, salt: str, title: str) -> Markup:
    """Quartiles and 5 to 95 % of each series, in bins of the largest attention weight.

    Args:
        series: At least one, each with its places.
        quantity: Name of the vertical axis, from us.
        salt: Different for every figure of a page.
        title: What it shows, in words.

    Source:
        Jain & Wallace (2019), section 4.2.1, which draws violins.
    """
    with style(salt=salt):
        figure, axes = _empty()
        names, step = [], 0.8 / len(series)
        for position, (low, high) in enumerate(pairwise(WEIGHT_BINS)):
            total = 0
            for number, one in enumerate(series):
                found = one.values[_inside(one, low, high)]
                total += found.size
                _box(axes, found, position + step * (number - (len(series) - 1) / 2), one.slot)
            names.append(f"{low:g} to {high:g}\n{total} documents")
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.6, len(names) - 0.4)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("largest attention weight")
        axes.set_ylabel(quantity)
        return inline_svg(figure, title=title)


def _inside(one: Series, low: float, high: float) -> NDArray[np.bool_]:
    places = np.empty(0) if one.places is None else one.places
    # The last bin holds the weight 1 too.
    inside: NDArray[np.bool_] = (places >= low) & ((places < high) | (high == WEIGHT_BINS[-1]))
    return inside


def _box(axes: Axes, values: NDArray[np.float64], place: float, slot: int) -> None:
    if not values.size:
        return
    low, first, middle, third, high = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95))
    colour = slot_colour(slot)
    axes.vlines(place, low, high, color=colour, linewidth=1)
    axes.vlines(place, first, third, color=colour, linewidth=5, alpha=0.6)
    axes.plot(place, middle, marker="_", markersize=9, markeredgewidth=2, color=colour)


def _empty() -> tuple[Figure, Axes]:
    figure = Figure(figsize=_SIZE)
    # A fixed frame: laying it out anew would take longer than drawing it.
    return figure, figure.add_axes(_FRAME)
