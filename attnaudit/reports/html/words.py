"""The words of a document, shaded by attention, short and harmless whatever they are."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from attnaudit.reports.heaviest import heaviest
from attnaudit.reports.readable import readable

LEVELS = 9
"""Shades of the page, apart from none."""

_HEAVIEST = 3
# A lesser weight would be written as 0.00.
_LEAST_WRITTEN = 0.005
_NEIGHBOURS = 12
_MOST_WORDS = 150
_MOST_CHARACTERS = 1_500
_LONGEST_WORD = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Words that stand together and look alike.

    Attributes:
        text: The words, or in place of left out ones how many there are.
        level: Shade, 0 for none and at most `LEVELS`.
        weight: Of a single word among the heaviest, in [0, 1]; None for others.
        left_out: Whether these are words that are not shown.
    """

    text: str
    level: int = 0
    weight: float | None = None
    left_out: bool = False


def excerpt(tokens: Sequence[str] | None, *attentions: Sequence[float]) -> tuple[int, ...]:
    """Positions to show: the heaviest of each attention, what is near them, then the beginning.

    Args:
        tokens: [tokens] the words, or None where none were stored. Fewer long words are shown.
        attentions: [tokens] each, of the same document.

    Returns:
        Ascending positions.
    """
    chosen: set[int] = set()
    spent = 0
    for position in _by_interest(attentions):
        if position in chosen:
            continue
        spent += 0 if tokens is None else min(len(tokens[position]), _LONGEST_WORD)
        # A page of long documents or long words must not grow for ever.
        if len(chosen) == _MOST_WORDS or spent > _MOST_CHARACTERS:
            break
        chosen.add(position)
    return tuple(sorted(chosen))


def shaded(
    tokens: Sequence[str] | None, weights: Sequence[float], positions: Sequence[int]
) -> tuple[Run, ...]:
    """The words at some positions, shaded by the square root of their weights.

    The root tells a weight of 0.01 from none, which a linear shade would not.

    Args:
        tokens: [tokens] the words, or None where none were stored: positions stand for them.
        weights: [tokens] attention, on the simplex.
        positions: Which to show, ascending.
    """
    told = frozenset(heaviest(weights, most=_HEAVIEST))
    single = []
    for position in positions:
        word = (
            f"[{position}]" if tokens is None else readable(tokens[position], longest=_LONGEST_WORD)
        )
        level = round(LEVELS * math.sqrt(min(1.0, weights[position])))
        written = position in told and weights[position] >= _LEAST_WRITTEN
        weight = weights[position] if written else None
        single.append((position, Run(text=word, level=level, weight=weight)))
    return tuple(_with_gaps(single, len(weights)))


def _by_interest(attentions: Sequence[Sequence[float]]) -> Iterator[int]:
    length = len(attentions[0])
    heavy = [position for weights in attentions for position in heaviest(weights, most=_HEAVIEST)]
    for distance in range(_NEIGHBOURS + 1):
        for position in heavy:
            near = (position - distance, position + distance)
            yield from (one for one in near if 0 <= one < length)
    yield from range(length)


def _with_gaps(single: Sequence[tuple[int, Run]], length: int) -> Iterator[Run]:
    # Consecutive positions keep a constant distance to their rank.
    end = 0
    for _, stretch in groupby(enumerate(single), key=lambda ranked: ranked[1][0] - ranked[0]):
        together = [one for _, one in stretch]
        if together[0][0] > end:
            yield _gap(together[0][0] - end)
        yield from _merged([run for _, run in together])
        end = together[-1][0] + 1
    if end < length:
        yield _gap(length - end)


def _merged(runs: Sequence[Run]) -> Iterator[Run]:
    """Neighbours of one shade as one run: most words have next to no weight."""
    for look, alike in groupby(runs, key=lambda run: (run.level, run.weight)):
        level, weight = look
        words = [run.text for run in alike]
        if weight is None:
            yield Run(text=" ".join(words), level=level)
        else:
            yield from (Run(text=word, level=level, weight=weight) for word in words)


def _gap(words: int) -> Run:
    return Run(text=f"… {words} more words …", left_out=True)
