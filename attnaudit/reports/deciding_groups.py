"""Which groups of documents decided a claim that all documents together would not have."""

from collections.abc import Sequence

from attnaudit.records import Outcome
from attnaudit.store.run import ClaimRow

_AGAINST = frozenset({Outcome.REFUTED, Outcome.INCONCLUSIVE})


def deciding_groups(overall: ClaimRow, groups: Sequence[ClaimRow]) -> tuple[str, ...]:
    """Names of the groups that alone made a claim what it is.

    Args:
        overall: The row that stands for the claim; its numbers are those of all documents.
        groups: The claim's rows for groups of documents.

    Returns:
        The groups of the claim's own outcome. None of them if the claim is supported, which takes
        every group, or if all documents together have that outcome too.
    """
    if overall.outcome not in _AGAINST or _together(overall) is overall.outcome:
        return ()
    return tuple(row.group for row in groups if row.outcome is overall.outcome)


def _together(row: ClaimRow) -> Outcome:
    """On which side of the threshold the decision interval of all documents lies."""
    if row.low is None or row.high is None or row.low > row.high:
        return Outcome.INCONCLUSIVE
    if row.at_least is not None:
        claimed, other = row.low >= row.at_least, row.high < row.at_least
    elif row.at_most is not None:
        claimed, other = row.high <= row.at_most, row.low > row.at_most
    else:
        return Outcome.INCONCLUSIVE
    if claimed:
        return Outcome.SUPPORTED
    return Outcome.REFUTED if other else Outcome.INCONCLUSIVE
