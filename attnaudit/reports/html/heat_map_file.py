"""A heat map as a file of its own, for a page that is not a report."""

from attnaudit.reports.heat_map import HeatMap
from attnaudit.reports.heat_map_lines import heat_map_title
from attnaudit.reports.html.heat_map import draw_heat_map

# What a report's page says for all its pictures: the colour of text, of paper and of the shades.
_ALONE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'style="--series-0: #0b62b8; color: #1c2128; background: #ffffff; '
    'font-family: system-ui, sans-serif" '
)


def heat_map_file(found: HeatMap) -> str:
    """The text of an SVG file, the same for the same map.

    Args:
        found: What to draw.
    """
    drawing = draw_heat_map(found, salt="alone", title=heat_map_title(found))
    return f"{_ALONE}{str(drawing).removeprefix('<svg ')}\n"
