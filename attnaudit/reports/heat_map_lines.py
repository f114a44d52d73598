"""A heat map without colours: as lines of text, and as a table of Markdown."""

from collections.abc import Iterator

from attnaudit.records import Outcome
from attnaudit.reports.columns import aligned
from attnaudit.reports.heat_map import BY_GROUPS, HeatMap
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
    return [heat_map_title(found), *aligned(_table(found)), _legend(found), *_by_groups(found)]


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
    for line in _by_groups(found):
        yield ""
        yield escaped(line)


def _table(found: HeatMap) -> list[list[str]]:
    heading = ["whole" if column is None else f"head {column}" for column in found.columns]
    lines = [
        [str(layer), *(_cell(found, found.at(layer, column)) for column in found.columns)]
        for layer in found.layers
    ]
    return [["layer", *heading], *lines]


def _cell(found: HeatMap, row: ClaimRow | None) -> str:
    if row is None:
        return _NOTHING
    mark = f"{_MARKS[row.outcome]}{BY_GROUPS if row.site in found.groups else ''}"
    return mark if row.outcome is Outcome.ERROR else f"{shown(row.estimate)} {mark}"


def _legend(found: HeatMap) -> str:
    present = {row.outcome for row in found.rows}
    words = [f"{mark} {outcome.value}" for outcome, mark in _MARKS.items() if outcome in present]
    blank = any(found.at(layer, one) is None for layer in found.layers for one in found.columns)
    return ", ".join([*words, *([f"{_NOTHING} not audited"] if blank else [])])


def _by_groups(found: HeatMap) -> Iterator[str]:
    """Of each mark that groups decided it, which groups did and where."""
    sites: dict[tuple[Outcome, tuple[str, ...]], list[str]] = {}
    for row in found.rows:
        if row.site in found.groups:
            sites.setdefault((row.outcome, found.groups[row.site]), []).append(row.site)
    for (outcome, names), places in sites.items():
        groups = ", ".join(plain(name, width=_NAME_WIDTH) for name in names)
        yield f"{BY_GROUPS} {outcome.value} by {groups} alone: {', '.join(places)}"
