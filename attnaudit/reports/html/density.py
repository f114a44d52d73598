"""Two quantities of every document against each other: how many documents lie where."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from attnaudit.reports.html.figures import empty_axes
from attnaudit.reports.html.shades import shade
from attnaudit.reports.html.svg import INK, inline_svg, style

_CELLS = (30, 10)
_HEXAGON = 6
DASHES = (0, (4, 2))
"""How a line is drawn to which others are compared."""


def density(
    across: NDArray[np.float64],
    up: NDArray[np.float64],
    *,
    limits: tuple[tuple[float, float], tuple[float, float]],
    names: tuple[str, str],
    salt: str,
    title: str,
    thresholds: Sequence[float] = (),
    diagonal: bool = False,
) -> Markup:
    """Documents counted in hexagons, the more the darker, on a logarithmic scale.

    As many shapes are drawn for a million documents as for a thousand.

    Args:
        across: [documents] finite, placed along the horizontal axis.
        up: [documents] finite, placed along the vertical axis.
        limits: Ends of both axes; all values lie between them.
        names: Of both axes, from us.
        salt: Different for every figure of a page.
        title: What it shows, in words.
        thresholds: Where to draw lines across.
        diagonal: Draw the line on which both are equal.
    """
    with style(salt=salt):
        figure, axes = empty_axes()
        cells = axes.hexbin(
            across, up, gridsize=_CELLS, extent=(*limits[0], *limits[1]), mincnt=1, linewidths=0
        )
        centres = np.asarray(cells.get_offsets())
        hexagon = np.asarray(cells.get_paths()[0].vertices)[:_HEXAGON]
        shade(axes, centres[:, None] + hexagon, np.asarray(cells.get_array()))
        # What it counted is drawn in another way.
        cells.remove()
        for threshold in thresholds:
            axes.axhline(threshold, color=INK, linewidth=1.2, linestyle=DASHES)
        if diagonal:
            axes.axline((0, 0), slope=1, color=INK, linewidth=1.2, linestyle=DASHES)
        axes.set_xlim(*limits[0])
        axes.set_ylim(*limits[1])
        axes.set_xlabel(names[0])
        axes.set_ylabel(names[1])
        return inline_svg(figure, title=title)
