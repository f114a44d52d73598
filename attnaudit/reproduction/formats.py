"""Numbers of the sheet as text: undefined ones, spreads, marks."""

import math
from collections.abc import Iterable, Iterator, Sequence

from attnaudit.reproduction.cells import Cell
from attnaudit.reproduction.statistics import ALL, BY_LABEL
from attnaudit.reproduction.tasks import Task

NOTHING = "-"
"""Stands where there is no number."""
ENCODERS = {"bilstm": "BiLSTM", "cnn": "CNN", "average": "Average"}
"""How the sheet spells them."""

_MARK = r"\*"


def number(cell: Cell) -> str:
    """Mean over trainings, its spread where there are several, and its mark."""
    spread = cell.spread
    if spread is None or math.isnan(cell.mean):
        return without_spread(cell)
    return f"{plain(cell.mean)} [{plain(spread)}]{_MARK * cell.marked}"


def without_spread(cell: Cell) -> str:
    """Mean over trainings and its mark."""
    return f"{plain(cell.mean)}{_MARK * cell.marked}"


def published(cell: Cell) -> str:
    """The published number."""
    return NOTHING if cell.published is None else plain(cell.published, nothing="undefined")


def difference(cell: Cell) -> str:
    """Mean minus published number, with its sign."""
    return NOTHING if cell.difference is None else f"{cell.difference:+.3f}"


def beside(cell: Cell) -> str:
    """Mean, published number and their difference in one cell."""
    if cell.published is None:
        return number(cell)
    both = f"{number(cell)} / {published(cell)}"
    return both if cell.difference is None else f"{both} ({difference(cell)})"


def plain(number: float, *, nothing: str = NOTHING) -> str:
    """Three decimals, or what stands for an undefined number."""
    if math.isnan(number):
        return nothing
    return f"{number:.3f}".replace("-0.000", "0.000")


def group_name(task: Task, group: str) -> str:
    """A group in words."""
    if group == ALL:
        return "all"
    if group.startswith(BY_LABEL):
        return f"is {task.classes[int(group.removeprefix(BY_LABEL))]}"
    return f"predicted {task.classes[int(group)]}"


def table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a Markdown table."""
    yield _line(heads)
    yield "|" + "---|" * len(heads)
    yield from map(_line, rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
