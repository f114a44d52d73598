"""A matplotlib figure as an SVG element that takes its colours from the page around it."""

import io
import re
from contextlib import AbstractContextManager

from jinja2 import Template
from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

SLOTS = 7
"""Series that the page has a colour for."""

INK = "#a000ff"
"""What is drawn in this colour takes that of the text around the figure."""

_SLOT_COLOURS = tuple(f"#a0000{slot}" for slot in range(SLOTS))
# Points are a seventieth of an inch, so two decimals are finer than any screen.
_PLACES = re.compile(r'(?<=[ \n])(?:d|x|y)="[^"]*"')
_NUMBER = re.compile(r"-?\d+\.\d+")
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_SVG = Template(
    '<svg role="img" aria-label="{{ title }}" viewBox="{{ box }}">{{ inside }}</svg>',
    autoescape=True,
)


def slot_colour(slot: int) -> str:
    """The colour to draw a series in; the page replaces it by its own.

    Args:
        slot: Number of the series, at least 0 and less than `SLOTS`.
    """
    return _SLOT_COLOURS[slot]


def style(*, salt: str) -> AbstractContextManager[None]:
    """How figures look while they are made and written.

    Args:
        salt: Different for every figure of a page, so that what they refer to by name differs.
    """
    return rc_context(
        {
            "svg.hashsalt": salt,
            "svg.fonttype": "none",  # Text stays text: it can be read aloud, searched and scaled.
            "text.parse_math": False,
            "font.size": 9,
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "text.color": INK,
            "axes.edgecolor": INK,
            "axes.labelcolor": INK,
            "xtick.color": INK,
            "ytick.color": INK,
        }
    )


def inline_svg(figure: Figure, *, title: str) -> Markup:
    """The figure as an element for a page, the same for the same figure.

    No text in the figure may come from a model or a document: it is not escaped again.

    Args:
        figure: Drawn under `style`, which is still in force.
        title: What it shows, for those who do not see it.
    """
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
    written = buffer.getvalue()
    inside = written[written.index("<svg") :].partition(">")[2].rpartition("</svg>")[0]
    # Matplotlib numbers the groups of every figure from 1; a page has several figures.
    inside = re.sub(r'<g id="[^"]*"', "<g", inside)
    inside = re.sub(r"font-family:[^;\"]*'[^;\"]*;?", "", inside)
    inside = _PLACES.sub(lambda found: _NUMBER.sub(_rounded, found[0]), inside)
    inside = inside.replace(INK, "currentColor")
    for slot, colour in enumerate(_SLOT_COLOURS):
        inside = inside.replace(colour, f"var(--series-{slot})")
    width, height = figure.get_size_inches() * 72
    return Markup(  # noqa: S704  # the template escapes the title; matplotlib wrote the rest
        _SVG.render(title=title, box=f"0 0 {width:g} {height:g}", inside=Markup(inside))  # noqa: S704
    )


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
