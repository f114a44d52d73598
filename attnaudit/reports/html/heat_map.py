"""A heat map as a drawing that reads without its colours: every cell holds its number."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from attnaudit.records import Outcome
from attnaudit.reports.heat_map import BY_GROUPS, HeatMap
from attnaudit.reports.html.svg import INK, inline_svg, slot_colour, style
from attnaudit.reports.numbers import shown
from attnaudit.reports.verdict_table import limit_words
from attnaudit.store.run import ClaimRow

SYMBOLS = {
    Outcome.SUPPORTED: "\N{CHECK MARK}",
    Outcome.REFUTED: "\N{MULTIPLICATION SIGN}",
    Outcome.INCONCLUSIVE: "?",
    Outcome.ERROR: "!",
}

_SHADES = 10
# Text in the colour of the page's stands out from the darkest by more than 4.5 to 1.
_FAINTEST, _DARKEST = 0.06, 0.5
_CELL = (0.42, 0.36)
_LEFT, _RIGHT, _ABOVE, _BELOW = 0.5, 0.05, 0.42, 0.62
_NARROWEST = 4.6
_GAP = 0.25
_SMALL, _LINE_HEIGHT = 7, 0.19


def draw_heat_map(found: HeatMap, *, salt: str, title: str) -> Markup:
    """Layers down and heads across, whole layers before them; blank where nothing was audited.

    Args:
        found: What to draw.
        salt: Different for every figure of a page.
        title: What it shows, in words.
    """
    lefts = _lefts(found.columns)
    across, down = lefts[-1] + 1, len(found.layers)
    width = width_of(found) * _CELL[0]
    height = _ABOVE + down * _CELL[1] + _BELOW
    with style(salt=salt):
        figure = Figure(figsize=(width, height))
        size = across * _CELL[0] / width, down * _CELL[1] / height
        axes = figure.add_axes((_LEFT / width, _BELOW / height, *size))
        axes.set(xlim=(0, across), ylim=(down, 0))
        axes.set_axis_off()
        _draw_names(axes, found, lefts)
        _draw_cells(axes, found, lefts)
        _draw_legend(axes, found, down)
        return inline_svg(figure, title=title)


def width_of(found: HeatMap) -> float:
    """How wide the drawing is, in widths of a cell."""
    across = _lefts(found.columns)[-1] + 1
    # The legend needs room where there are few heads.
    return max(_NARROWEST, _LEFT + across * _CELL[0] + _RIGHT) / _CELL[0]


def _lefts(columns: Sequence[int | None]) -> list[float]:
    """Where each column begins: whole layers stand apart from the heads."""
    gap = _GAP if None in columns else 0.0
    return [place + (gap if place else 0.0) for place in range(len(columns))]


def _draw_names(axes: Axes, found: HeatMap, lefts: Sequence[float]) -> None:
    for column, left in zip(found.columns, lefts, strict=True):
        name = "whole" if column is None else str(column)
        axes.text(left + 0.5, -0.15, name, ha="center", va="bottom", fontsize=_SMALL)
    first = next(
        left for column, left in zip(found.columns, lefts, strict=True) if column is not None
    )
    axes.text(first, -0.62, "head", ha="left", va="bottom")
    for place, layer in enumerate(found.layers):
        name = f"layer {layer}"
        axes.text(-0.12, place + 0.5, name, ha="right", va="center", fontsize=_SMALL)


def _draw_cells(axes: Axes, found: HeatMap, lefts: Sequence[float]) -> None:
    low, high = _ends(found)
    corners: dict[int, list[list[tuple[float, float]]]] = {}
    for place, layer in enumerate(found.layers):
        for column, left in zip(found.columns, lefts, strict=True):
            row = found.at(layer, column)
            if row is None:
                continue
            if _on_claimed_side(row):
                axes.add_patch(_frame((left + 0.04, place + 0.04), (0.92, 0.92)))
            if row.estimate is not None:
                share = (row.estimate - low) / (high - low) if high > low else 0.0
                corners.setdefault(round(share * _SHADES), []).append(_box(left, place))
                _write(axes, shown(row.estimate), (left + 0.5, place + 0.3))
            mark = BY_GROUPS if row.site in found.groups else ""
            _write(axes, f"{SYMBOLS[row.outcome]}{mark}", (left + 0.5, place + 0.7))
    for shade, boxes in sorted(corners.items()):
        path = Path.make_compound_path_from_polys(np.asarray(boxes))
        axes.add_patch(PathPatch(path, zorder=0, **_fill(shade)))


def _draw_legend(axes: Axes, found: HeatMap, down: int) -> None:
    """Under the cells: what shades, frames and symbols mean."""
    low, high = _ends(found)
    inch = 1 / _CELL[1]
    top, step = down + 0.12 * inch, 0.1 / _CELL[0]
    for shade in range(_SHADES + 1):
        place = shade * step, top
        axes.add_patch(Rectangle(place, step, 0.12 * inch, clip_on=False, **_fill(shade)))
    end = (_SHADES + 1.5) * step
    line = _LINE_HEIGHT * inch
    text = f"{found.claim.statistic} {found.claim.quantity} from {shown(low)} to {shown(high)}"
    axes.text(end, top + 0.06 * inch, text, va="center", fontsize=_SMALL)
    limit = limit_words(found.claim)
    axes.text(0, top + line, f"framed: {limit}, as claimed", va="top", fontsize=_SMALL)
    present = {row.outcome for row in found.rows}
    meanings = [f"{sign} {one.value}" for one, sign in SYMBOLS.items() if one in present]
    if found.groups:
        meanings.append(f"{BY_GROUPS} by a group of documents alone")
    axes.text(0, top + 1.8 * line, ", ".join(meanings), va="top", fontsize=_SMALL)


def _box(left: float, top: float) -> list[tuple[float, float]]:
    return [(left, top), (left + 1, top), (left + 1, top + 1), (left, top + 1)]


def _write(axes: Axes, text: str, place: tuple[float, float]) -> None:
    axes.text(*place, text, ha="center", va="center", fontsize=_SMALL)


def _frame(place: tuple[float, float], size: tuple[float, float]) -> Rectangle:
    return Rectangle(place, *size, fill=False, edgecolor=INK, linewidth=1.0)


def _on_claimed_side(row: ClaimRow) -> bool:
    if row.estimate is None:
        return False
    if row.at_least is not None:
        return row.estimate >= row.at_least
    return row.at_most is not None and row.estimate <= row.at_most


def _ends(found: HeatMap) -> tuple[float, float]:
    """Least and greatest estimate; zero twice where there is none."""
    numbers = [row.estimate for row in found.rows if row.estimate is not None]
    return min(numbers, default=0.0), max(numbers, default=0.0)


def _fill(shade: int) -> dict[str, Any]:
    """How the page's first colour is laid on; the page gives the colour, so opacity tells."""
    alpha = _FAINTEST + (_DARKEST - _FAINTEST) * shade / _SHADES
    return {"facecolor": slot_colour(0), "alpha": alpha, "linewidth": 0, "antialiased": False}
