"""Violins of a quantity in bins of the largest attention weight."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from numpy.typing import NDArray

from attnaudit.reports.html.figures import Series, empty_axes
from attnaudit.reports.html.svg import inline_svg, slot_colour, style
from attnaudit.statistics.weight_bins import BIN_NAMES, weight_bins

FEWEST = 10
"""Documents that a violin needs; of fewer, a density would say more than they do."""

_FRAME = (0.13, 0.26, 0.84, 0.7)
_HEIGHTS = 30
# As a share of the axis, or of 1 where that is longer: rounding leaves equal values that far apart.
_ALIKE = 1e-12


def violins(
    series: Sequence[Series], *, limits: tuple[float, float], quantity: str, salt: str, title: str
) -> Markup:
    """How the values of each series lie in each bin: a violin, with median and quartiles.

    Args:
        series: At least one, each with its places.
        limits: Ends of the vertical axis; all values lie between them.
        quantity: Name of the vertical axis, from us.
        salt: Different for every figure of a page.
        title: What it shows, in words.

    Source:
        Jain & Wallace (2019), section 4.2.1.
    """
    with style(salt=salt):
        figure, axes = empty_axes(_FRAME)
        names, width = [], 0.8 / len(series)
        alike = _ALIKE * max(1.0, limits[1] - limits[0])
        inside = [weight_bins(np.empty(0) if one.places is None else one.places) for one in series]
        for position, name in enumerate(BIN_NAMES):
            total = 0
            for number, one in enumerate(series):
                found = one.values[inside[number][position]]
                total += found.size
                place = position + width * (number - (len(series) - 1) / 2)
                _violin(axes, found, place, width=0.9 * width, slot=one.slot, alike=alike)
            names.append(f"{name}\n{total:,} document{'' if total == 1 else 's'}")
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.6, len(names) - 0.4)
        axes.set_ylim(*limits)
        axes.set_xlabel("largest attention weight")
        axes.set_ylabel(quantity)
        return inline_svg(figure, title=title)


def _violin(
    axes: Axes,
    values: NDArray[np.float64],
    place: float,
    *,
    width: float,
    slot: int,
    alike: float,
) -> None:
    if not values.size:
        return
    colour = slot_colour(slot)
    if values.size < FEWEST:
        axes.plot(np.full(values.size, place), values, ".", markersize=4, color=colour)
        return
    # Values at one place have no density, and their variance may be too small for a number.
    if np.ptp(values) > alike:
        drawn = axes.violinplot(
            [values], [place], widths=width, points=_HEIGHTS, showextrema=False, showmedians=False
        )
        for body in cast("list[PolyCollection]", drawn["bodies"]):
            body.set(facecolor=colour, edgecolor=colour, alpha=0.35)
    first, middle, third = np.quantile(values, (0.25, 0.5, 0.75))
    axes.vlines(place, first, third, color=colour, linewidth=3)
    axes.plot(place, middle, marker="_", markersize=11, markeredgewidth=2, color=colour)
