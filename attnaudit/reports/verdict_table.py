"""Every claim of a run with its numbers, worst first: how all written reports begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from attnaudit.claims import Claim
from attnaudit.records import Bound, Outcome
from attnaudit.reports.known import ADVERSARY
from attnaudit.reports.numbers import shown, shown_ends
from attnaudit.store.run import ClaimRow
from attnaudit.verdicts.groups import OVERALL

_WORST_FIRST = (
    Outcome.ERROR,
    Outcome.REFUTED,
    Outcome.INCONCLUSIVE,
    Outcome.SUPPORTED,
)
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
        if row.group != OVERALL:
            groups.setdefault(_identity(row), []).append(row)
    claims = [
        ClaimRows(overall=row, groups=tuple(groups.get(_identity(row), ())))
        for row in rows
        if row.group == OVERALL
    ]
    return tuple(sorted(claims, key=_place))


def judged_words(claims: Sequence[ClaimRows]) -> str:
    """How many claims were judged, for example "6 claims were judged and 1 ended in an error"."""
    errors = sum(claim.overall.outcome is Outcome.ERROR for claim in claims)
    judged = len(claims) - errors
    words = "1 claim was judged" if judged == 1 else f"{judged} claims were judged"
    return f"{words} and {errors} ended in an error" if errors else words


def outcome_words(row: ClaimRow) -> str:
    """The outcome, and whether the run depends on it."""
    return row.outcome.value if row.required else f"{row.outcome.value} (advisory)"


def limit_words(claim: ClaimRow | Claim) -> str:
    """The threshold of a claim, for example ">= 0.5"."""
    return f"<= {claim.at_most:g}" if claim.at_least is None else f">= {claim.at_least:g}"


def claimed_words(claim: ClaimRow | Claim) -> str:
    """The claim in symbols, for example "mean tau >= 0.5"."""
    return f"{claim.statistic} {claim.quantity} {limit_words(claim)}"


def measured_words(row: ClaimRow, *, style: str = "{number} ({kind})") -> str:
    """The estimate; of an adversary, with what the values that it is made of are.

    Args:
        row: Of a run.
        style: How the two stand together.
    """
    if row.outcome is Outcome.ERROR:
        return "-"
    if row.audit != ADVERSARY or row.kind is None or row.estimate is None:
        return shown(row.estimate)
    return style.format(number=shown(row.estimate), kind=_KINDS[row.kind])


def interval_words(row: ClaimRow) -> str:
    """The decision interval, or "-" where there is none."""
    return shown_ends(None if row.low is None or row.high is None else (row.low, row.high))


def documents_words(row: ClaimRow) -> str:
    """How many documents a row is about, for example "729" or "729 in 120 clusters"."""
    return str(row.n) if row.clusters is None else f"{row.n} in {row.clusters} clusters"


def _identity(row: ClaimRow) -> tuple[str, str, str]:
    return row.model, row.site, row.id


def _place(claim: ClaimRows) -> tuple[int, str, str, str]:
    return _WORST_FIRST.index(claim.overall.outcome), *_identity(claim.overall)
