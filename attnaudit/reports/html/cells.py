"""Counts in the cells of a grid, where more than one can hold has been counted."""

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from attnaudit.reports.html.density import DASHES
from attnaudit.reports.html.figures import empty_axes
from attnaudit.reports.html.shades import shade
from attnaudit.reports.html.svg import INK, inline_svg, style


def cells(
    counts: NDArray[np.int64],
    *,
    exponents: tuple[int, int],
    names: tuple[str, str],
    salt: str,
    title: str,
) -> Markup:
    """A grid over two logarithmic axes: the more in a cell, the darker, on a logarithmic scale.

    Args:
        counts: [across, up] how many lie in each cell; all cells of an axis are equally wide.
        exponents: Of ten, at the ends of both axes. A line is drawn where both axes are equal.
        names: Of both axes, from us.
        salt: Different for every figure of a page.
        title: What it shows, in words.
    """
    low, high = exponents
    across, up = (np.linspace(low, high, size + 1) for size in counts.shape)
    columns, rows = np.nonzero(counts)
    left, right, bottom, top = across[columns], across[columns + 1], up[rows], up[rows + 1]
    corners = np.stack([left, bottom, right, bottom, right, top, left, top], axis=1)
    with style(salt=salt):
        figure, axes = empty_axes()
        shade(axes, corners.reshape(-1, 4, 2), counts[columns, rows])
        axes.axline((low, low), (high, high), color=INK, linewidth=1.2, linestyle=DASHES)
        axes.set_xlim(low, high)
        axes.set_ylim(low, high)
        ticks = range(low, high + 1)
        labels = [f"{10.0**exponent:g}" for exponent in ticks]
        axes.set_xticks(ticks, labels)
        axes.set_yticks(ticks, labels)
        axes.set_xlabel(names[0])
        axes.set_ylabel(names[1])
        return inline_svg(figure, title=title)
