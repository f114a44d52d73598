"""Which claim holds of which model: the outcomes of a run of several models as lines of text."""

from collections.abc import Sequence

from attnaudit.reports.columns import aligned
from attnaudit.reports.plain import plain
from attnaudit.reports.subjects import subject_names
from attnaudit.reports.verdict_table import outcome_words
from attnaudit.store.run import ClaimRow
from attnaudit.verdicts.groups import OVERALL

_NONE = "-"
_ID_WIDTH = 100


def matrix_lines(rows: Sequence[ClaimRow]) -> list[str]:
    """One line per claim and one column per model, under a heading.

    Args:
        rows: All rows of a run, in its order.

    Returns:
        Nothing unless there are several models, or several sites of one.
    """
    overall = [row for row in rows if row.group == OVERALL]
    names = subject_names((row.model, row.site) for row in overall)
    if len(names) < 2:
        return []
    outcomes = {(row.id, row.model, row.site): outcome_words(row) for row in overall}
    lines = [
        [plain(claim, width=_ID_WIDTH), *(outcomes.get((claim, *one), _NONE) for one in names)]
        for claim in dict.fromkeys(row.id for row in overall)
    ]
    return aligned([["claim", *names.values()], *lines])
