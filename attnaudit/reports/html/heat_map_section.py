"""The heat maps of a page, each with the table that says the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from attnaudit.reports.heat_map import HeatMap, heat_maps
from attnaudit.reports.heat_map_lines import heat_map_title
from attnaudit.reports.html.heat_map import draw_heat_map, width_of
from attnaudit.store.run import ClaimRow

_REMS_PER_CELL = 2.9


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnHeatMap:
    """A heat map with all that is seen of it.

    Attributes:
        found: What it shows.
        title: The same in words.
        drawing: The picture.
        width: How wide it is shown, in heights of the page's text.
        table: By layer, the row of each of its columns, None where nothing was audited.
    """

    found: HeatMap
    title: str
    drawing: Markup
    width: float
    table: tuple[tuple[int, tuple[ClaimRow | None, ...]], ...]


def drawn_heat_maps(rows: Sequence[ClaimRow]) -> tuple[DrawnHeatMap, ...]:
    """All heat maps of a run.

    Args:
        rows: Its rows, in their order.
    """
    return tuple(_drawn(found, f"heat map {place}") for place, found in enumerate(heat_maps(rows)))


def _drawn(found: HeatMap, salt: str) -> DrawnHeatMap:
    title = heat_map_title(found)
    return DrawnHeatMap(
        found=found,
        title=title,
        drawing=draw_heat_map(found, salt=salt, title=f"Heat map by layer and head: {title}"),
        width=_REMS_PER_CELL * width_of(found),
        table=tuple(
            (layer, tuple(found.at(layer, column) for column in found.columns))
            for layer in found.layers
        ),
    )
