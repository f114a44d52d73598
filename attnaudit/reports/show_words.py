"""Words shaded by attention on a terminal, or with their weights where there is no colour."""

import math
from collections.abc import Sequence

from rich.color import Color
from rich.style import Style
from rich.text import Text

from attnaudit.reports.plain import plain

_Colour = tuple[int, int, int]

OWN: _Colour = (255, 160, 0)
"""The model's own attention: amber."""
FOUND: _Colour = (90, 160, 255)
"""Another attention with the same output: blue."""

_LONGEST_WORD = 40
_WHITE = 255
_LEAST_SHADED = 0.01
_LEAST_NAMED = {True: 0.1, False: 0.01}


def shaded_words(
    tokens: Sequence[str] | None, weights: Sequence[float], *, colour: _Colour | None
) -> Text:
    """All words of a document, the more attention the stronger their shade.

    Shades begin at 1 % and follow the square root of a weight. Percentages stand behind
    words of 10 % and more, and without colour behind those of 1 % and more.

    Args:
        tokens: [tokens] the words, or None where none were stored: positions stand for them.
        weights: [tokens] attention, on the simplex.
        colour: Of a word with all attention; None for a terminal without colours.
    """
    line = Text()
    for position, weight in enumerate(weights):
        word = f"[{position}]" if tokens is None else plain(tokens[position], width=_LONGEST_WORD)
        if weight >= _LEAST_NAMED[colour is not None]:
            word += f"({weight:.0%})"
        if position:
            line.append(" ")
        line.append(word, style=_style(weight, colour))
    return line


def _style(weight: float, colour: _Colour | None) -> Style | None:
    if colour is None or weight < _LEAST_SHADED:
        return None
    strength = math.sqrt(min(1.0, weight))
    red, green, blue = (round(_WHITE + strength * (one - _WHITE)) for one in colour)
    # Both colours are set, so that words can be read on light and on dark terminals.
    return Style(color=Color.from_rgb(0, 0, 0), bgcolor=Color.from_rgb(red, green, blue))
