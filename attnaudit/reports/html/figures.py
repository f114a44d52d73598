"""How pictures are drawn. They say nothing of models, so their text is ours alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from attnaudit.reports.html.svg import INK, inline_svg, slot_colour, style

BINS = 40
"""Bars of a histogram."""

_SIZE = (5.4, 2.5)
_FRAME = (0.13, 0.19, 0.84, 0.77)
_TICKS = 5
_ROUND_STEPS = (1, 2, 5, 10)
# So far left of the axes that tick labels fit between, so far right that nothing is cut off.
_LABEL_PLACE = (-0.11, 0.5)
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
        figure, axes = empty_axes()
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
        axes.yaxis.set_major_locator(MaxNLocator(_TICKS, steps=_ROUND_STEPS))
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.3g}%")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.set_xlabel(quantity)
        axes.set_ylabel("share of documents")
        return inline_svg(figure, title=title)


def empty_axes(frame: tuple[float, float, float, float] = _FRAME) -> tuple[Figure, Axes]:
    """Axes on a figure of the size that all have, to be drawn on under `style`.

    Args:
        frame: Left, bottom, width and height of the axes, as shares of the figure.
    """
    figure = Figure(figsize=_SIZE)
    # A fixed frame: laying it out anew would take longer than drawing it.
    axes = figure.add_axes(frame)
    axes.yaxis.set_label_coords(*_LABEL_PLACE)
    return figure, axes
