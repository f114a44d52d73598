"""What was decided on a claim, as rows of run.json."""

import math
from collections.abc import Sequence
from typing import Any

from attnaudit.claims import Claim
from attnaudit.records import Beside, Outcome, Verdict, VerdictRow
from attnaudit.store.run import ClaimRow, StratumRow


def measurement_label(claim: Claim) -> str:
    """What the measurement that a claim is judged by is called in its run, unique in it."""
    return " ".join((claim.audit, *(str(value) for value in claim.parameters.values())))


def claim_rows(
    claim: Claim,
    verdict: Verdict,
    *,
    model: str,
    site: str,
    beside: Sequence[Beside] = (),
    null: float = math.nan,
    drawn: int | None = None,
) -> tuple[ClaimRow, ...]:
    """The rows of run.json that say what was decided on one claim.

    Args:
        claim: What was claimed.
        verdict: What was decided.
        model: Name of the model.
        site: Attention site.
        beside: Intervals that are shown beside those that decide, in any order.
        null: The statistic of what stands for no explanation; NaN if there is none.
        drawn: Documents drawn when the claim was decided.
    """
    shared = _shared(claim, model=model, site=site)
    by_group = {one.group: one for one in beside}
    first = _of_the_claim(verdict) | {"null": _finite(null), "drawn": drawn}
    return tuple(
        ClaimRow(
            **shared,
            **_of_the_row(row, by_group.get(row.group)),
            kind=verdict.kind.value,
            # The first row stands for the claim: a group can refute what holds overall.
            **(first if row is verdict.rows[0] else {"outcome": row.outcome}),
        )
        for row in verdict.rows
    )


def _of_the_claim(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome,
        "causes": dict(verdict.causes),
        "needed": verdict.needed,
        "strata": _strata(verdict),
    }


def _of_the_row(row: VerdictRow, beside: Beside | None) -> dict[str, Any]:
    return {
        "group": row.group,
        "estimate": _finite(row.estimate),
        "low": _finite(row.low),
        "high": _finite(row.high),
        "unadjusted": None if beside is None else beside.unadjusted,
        "bca": None if beside is None else beside.bca,
        "n": row.n,
        "clusters": row.clusters,
        "undefined": row.undefined,
        "reason": row.reason,
    }


def _strata(verdict: Verdict) -> tuple[StratumRow, ...]:
    return tuple(
        StratumRow(
            name=stratum.name,
            n=stratum.n,
            undefined=stratum.undefined,
            estimate=_finite(stratum.estimate),
        )
        for stratum in verdict.strata
    )


def row_place(row: ClaimRow) -> tuple[str, str, str, bool, str]:
    """What rows of run.json are sorted by, whoever decided them when; "overall" comes first."""
    return row.model, row.site, row.id, row.group != "overall", row.group


def error_row(claim: Claim, error: str, *, model: str, site: str) -> ClaimRow:
    """The row of a claim on which no verdict could be given."""
    shared = _shared(claim, model=model, site=site)
    return ClaimRow(**shared, group="overall", outcome=Outcome.ERROR, error=error)


def _shared(claim: Claim, *, model: str, site: str) -> dict[str, Any]:
    return {
        "id": claim.id,
        "audit": claim.audit,
        "model": model,
        "site": site,
        "statement": claim.statement,
        "measurement": measurement_label(claim),
        "quantity": claim.quantity,
        "statistic": claim.statistic,
        "fraction_above": claim.fraction_above,
        "at_least": claim.at_least,
        "at_most": claim.at_most,
        "inference": claim.inference,
        "level": claim.level,
        "assumption": claim.assumption,
        "target": claim.target,
        "required": claim.required,
        "source": claim.source,
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
