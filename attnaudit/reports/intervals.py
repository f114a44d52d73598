"""The customary 95 % intervals beside the one that decides, as lines of text."""

from collections.abc import Iterator, Sequence

from attnaudit.reports.numbers import shown_ends
from attnaudit.reports.plain import plain
from attnaudit.reports.subjects import subject_names
from attnaudit.reports.verdict_table import interval_words
from attnaudit.store.run import ClaimRow
from attnaudit.verdicts.groups import OVERALL

_WIDTH = 100


def interval_lines(rows: Sequence[ClaimRow]) -> list[str]:
    """One line per row of every claim that has such intervals, under the claim's name.

    Args:
        rows: All rows of a run, in its order.
    """
    names = subject_names((row.model, row.site) for row in rows)
    return [
        line
        for row in rows
        if row.unadjusted is not None
        for line in _lines(row, names[row.model, row.site])
    ]


def _lines(row: ClaimRow, name: str) -> Iterator[str]:
    if row.group == OVERALL:
        yield f"{name}, {plain(row.id, width=_WIDTH)}: {row.statistic} {row.quantity}"
    yield (
        f"  {plain(row.group, width=_WIDTH)}: decides {interval_words(row)}, "
        f"alone {shown_ends(row.unadjusted)}, bootstrap {shown_ends(row.bca)}"
    )
