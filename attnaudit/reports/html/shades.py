"""Cells of a plane, shaded by how many lie in each."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from attnaudit.reports.html.svg import slot_colour

SHADES = 10
"""Shades that are told apart; cells of one shade are one shape, which keeps a page small."""

_FAINTEST = 0.18


def shade(
    axes: Axes, corners: NDArray[np.float64], counts: NDArray[np.integer] | NDArray[np.floating]
) -> None:
    """Draw cells, the darker the more lie in them, on a logarithmic scale.

    Args:
        axes: What to draw on.
        corners: [cells corners 2] places across and up.
        counts: [cells] how many lie in each, at least 1.
    """
    shares = np.log1p(counts) / np.log1p(counts.max(initial=1))
    shades = np.ceil(SHADES * shares)
    for one in np.unique(shades):
        axes.add_patch(
            PathPatch(
                Path.make_compound_path_from_polys(corners[shades == one]),
                # The page gives the colour, so it is the opacity that tells many from few.
                facecolor=slot_colour(0),
                alpha=_FAINTEST + (1 - _FAINTEST) * one / SHADES,
                linewidth=0,
                # Smoothed edges would let the plane shine through between neighbours.
                antialiased=False,
            )
        )
