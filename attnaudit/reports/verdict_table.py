"""Every claim of a run with its numbers, worst first: how all written reports begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from attnaudit.records import Bound, Outcome
from attnaudit.reports.numbers import shown
from attnaudit.reports.terminal import claimed
from attnaudit.store.run import ClaimRow

_WORST_FIRST = (
    Outcome.ERROR,
    Outcome.REFUTED,
    Outcome.INCONCLUSIVE,
    Outcome.NOT_TESTABLE,
    Outcome.SUPPORTED,
)
_OVERALL = "overall"
_KINDS = {
    Bound.EXACT.value: "exact",
    Bound.INTERVAL.value: "interval",
    Bound.LOWER.value: "lower bound",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimRows:
    """All rows of one claim about one model at one site.

    Attributes:
        overall: The row that stands for the claim.
        groups: Its rows for groups of documents, in the order of the run.
    """

    overall: ClaimRow
    groups: tuple[ClaimRow, ...]

    @property
    def rows(self) -> tuple[ClaimRow, ...]:
        """All of them, "overall" first."""
        return (self.overall, *self.groups)


def worst_first(rows: Sequence[ClaimRow]) -> tuple[ClaimRows, ...]:
    """The claims of a run: errors and refuted ones first, supported ones last.

    Args:
        rows: All rows of a run, in its order. A claim without an "overall" row is none.
    """
    groups: dict[tuple[str, str, str], list[ClaimRow]] = {}
    for row in rows:
        if row.group != _OVERALL:
            groups.setdefault(_identity(row), []).append(row)
    claims = [
        ClaimRows(overall=row, groups=tuple(groups.get(_identity(row), ())))
        for row in rows
        if row.group == _OVERALL
    ]
    return tuple(sorted(claims, key=_place))


def outcome_words(row: ClaimRow) -> str:
    """The outcome, and whether the run depends on it."""
    return row.outcome.value if row.required else f"{row.outcome.value} (advisory)"


def claimed_words(row: ClaimRow) -> str:
    """The claim in symbols, for example "mean tau >= 0.5"."""
    return f"{row.statistic} {row.quantity} {claimed(row)}"


def measured_words(row: ClaimRow) -> str:
    """The estimate; of an adversary, with what the values that it is made of are."""
    if row.outcome is Outcome.ERROR:
        return "-"
    if row.audit != "adversary" or row.kind is None or row.estimate is None:
        return shown(row.estimate)
    return f"{shown(row.estimate)} ({_KINDS[row.kind]})"


def interval_words(row: ClaimRow) -> str:
    """The decision interval, or "-" where there is none."""
    if row.low is None or row.high is None:
        return "-"
    return f"[{shown(row.low)}, {shown(row.high)}]"


def _identity(row: ClaimRow) -> tuple[str, str, str]:
    return row.model, row.site, row.id


def _place(claim: ClaimRows) -> tuple[int, str, str, str]:
    return _WORST_FIRST.index(claim.overall.outcome), *_identity(claim.overall)
