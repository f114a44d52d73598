"""What a claim's statistic is where the model is more or less confident, as lines of text."""

from collections.abc import Iterator, Sequence

from attnaudit.reports.numbers import shown
from attnaudit.store.run import ClaimRow


def stratum_lines(rows: Sequence[ClaimRow]) -> list[str]:
    """One line per stratum of every claim that has any, under the claim's name.

    Args:
        rows: All rows of a run, in its order.
    """
    return [line for row in rows if row.strata for line in _claim_lines(row)]


def _claim_lines(row: ClaimRow) -> Iterator[str]:
    yield f"{row.model}, {row.id}: {row.statistic} {row.quantity} by confidence"
    width = max(len(stratum.name) for stratum in row.strata)
    for stratum in row.strata:
        estimate = shown(stratum.estimate) if stratum.n else "-"
        undefined = f", {stratum.undefined} of them undefined" if stratum.undefined else ""
        yield f"  {stratum.name:{width}}  {estimate:9}  {stratum.n} documents{undefined}"
