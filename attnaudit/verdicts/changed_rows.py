"""What the rows of a compared claim say together, and rows that are known without a test."""

from collections.abc import Sequence
from dataclasses import replace

from attnaudit.verdicts.change import Change, ChangeRow

_WORST_FIRST = (Change.WORSE, Change.INCONCLUSIVE, Change.IMPROVED)


def combine_changes(rows: Sequence[ChangeRow]) -> Change:
    """What a claim's rows say together: the worst, else any improvement, else unchanged."""
    changes = {row.change for row in rows}
    return next((change for change in _WORST_FIRST if change in changes), Change.UNCHANGED)


def unchanged_rows(rows: Sequence[ChangeRow]) -> tuple[ChangeRow, ...]:
    """The same rows, known to be unchanged without any test: of all documents there are."""
    return tuple(
        replace(row, change=Change.UNCHANGED, low=0.0, high=0.0, reason=None) for row in rows
    )


def undirected_rows(rows: Sequence[ChangeRow], *, reason: str) -> tuple[ChangeRow, ...]:
    """The same rows, where a difference is known to be no improvement and no loss of the model.

    Args:
        rows: What the documents show.
        reason: Why a difference says nothing of the model; kept by every row that had improved or
            got worse.

    Returns:
        The rows, inconclusive where they had a direction.
    """
    directed = {Change.IMPROVED, Change.WORSE}
    return tuple(
        replace(row, change=Change.INCONCLUSIVE, reason=reason) if row.change in directed else row
        for row in rows
    )
