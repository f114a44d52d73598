"""A heat map without colours: as lines of text, and as a table of Markdown."""

from collections.abc import Iterator

from attnaudit.records import Outcome
from attnaudit.reports.columns import aligned
from attnaudit.reports.heat_map import HeatMap
from attnaudit.reports.markup import escaped, table_line
from attnaudit.reports.numbers import shown
from attnaudit.reports.plain import plain
from attnaudit.reports.verdict_table import claimed_words
from attnaudit.store.run import ClaimRow

_MARKS = {
    Outcome.SUPPORTED: "s",
    Outcome.REFUTED: "r",
    Outcome.INCONCLUSIVE: "?",
    Outcome.ERROR: "!",
}
_NAME_WIDTH = 100
_NOTHING = "-"


def heat_map_title(found: HeatMap) -> str:
    """What a map shows, on one line; the names in it are harmless on a terminal."""
    row = found.claim
    model, claim = (plain(text, width=_NAME_WIDTH) for text in (row.model, row.id))
    queries = ", every position asking" if found.every else ""
    return f"{claim} of {model}: claimed {claimed_words(row)}{queries}"


def heat_map_lines(found: HeatMap) -> list[str]:
    """A map as text: what it shows, a line for each layer, and what its letters mean."""
    return [heat_map_title(found), *aligned(_table(found)), _legend(found)]


def heat_map_markdown(found: HeatMap) -> Iterator[str]:
    """The same as Markdown."""
    heading, *lines = _table(found)
    yield f"**{escaped(heat_map_title(found))}**"
    yield ""
    yield table_line(heading)
    yield table_line(["---"] * len(heading))
    yield from map(table_line, lines)
    yield ""
    yield escaped(_legend(found))


def _table(found: HeatMap) -> list[list[str]]:
    heading = ["whole" if column is None else f"head {column}" for column in found.columns]
    lines = [
        [str(layer), *(_cell(found.at(layer, column)) for column in found.columns)]
        for layer in found.layers
    ]
    return [["layer", *heading], *lines]


def _cell(row: ClaimRow | None) -> str:
    if row is None:
        return _NOTHING
    mark = _MARKS[row.outcome]
    return mark if row.outcome is Outcome.ERROR else f"{shown(row.estimate)} {mark}"


def _legend(found: HeatMap) -> str:
    present = {row.outcome for row in found.rows}
    words = [f"{mark} {outcome.value}" for outcome, mark in _MARKS.items() if outcome in present]
    blank = any(found.at(layer, one) is None for layer in found.layers for one in found.columns)
    return ", ".join([*words, *([f"{_NOTHING} not audited"] if blank else [])])
