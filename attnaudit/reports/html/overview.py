"""Which claim holds of which model, where a run has several."""

from collections.abc import Sequence
from dataclasses import dataclass

from attnaudit.reports.verdict_table import ClaimRows
from attnaudit.store.run import ClaimRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One claim.

    Attributes:
        claim: Its id.
        rows: [subjects] the "overall" row about each model and site, None where there is none.
    """

    claim: str
    rows: tuple[ClaimRow | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """All claims of a run beside all of its models.

    Attributes:
        subjects: Model and site, at least two of them.
        lines: One per claim.
    """

    subjects: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


def overview_of(claims: Sequence[ClaimRows]) -> Overview | None:
    """The overview of a run, or None where one model at one site needs none.

    Args:
        claims: All claims of the run; their order is kept.
    """
    rows = {
        (claim.overall.id, (claim.overall.model, claim.overall.site)): claim.overall
        for claim in claims
    }
    subjects = tuple(sorted({subject for _, subject in rows}))
    if len(subjects) < 2:
        return None
    return Overview(
        subjects=subjects,
        lines=tuple(
            Line(claim=claim, rows=tuple(rows.get((claim, subject)) for subject in subjects))
            for claim in dict.fromkeys(claim for claim, _ in rows)
        ),
    )
