"""What a claim's statistic is where the model is more or less confident, as lines of text."""

from collections.abc import Iterator, Sequence

from attnaudit.reports.numbers import shown
from attnaudit.reports.plain import plain
from attnaudit.reports.subjects import subject_names
from attnaudit.store.run import ClaimRow

_ID_WIDTH = 100


def stratum_lines(rows: Sequence[ClaimRow]) -> list[str]:
    """One line per stratum of every claim that has any, under the claim's name.

    Args:
        rows: All rows of a run, in its order.
    """
    names = subject_names((row.model, row.site) for row in rows)
    return [
        line for row in rows if row.strata for line in _claim_lines(row, names[row.model, row.site])
    ]


def _claim_lines(row: ClaimRow, name: str) -> Iterator[str]:
    about = f"{row.statistic} {row.quantity} by confidence"
    yield f"{name}, {plain(row.id, width=_ID_WIDTH)}: {about}"
    width = max(len(stratum.name) for stratum in row.strata)
    for stratum in row.strata:
        estimate = shown(stratum.estimate) if stratum.n else "-"
        undefined = f", {stratum.undefined} of them undefined" if stratum.undefined else ""
        yield f"  {stratum.name:{width}}  {estimate:9}  {stratum.n} documents{undefined}"
