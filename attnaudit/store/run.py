"""run.json: what was claimed, found and used, in a versioned schema."""

import json
import math
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from attnaudit.claims import Claim
from attnaudit.errors import UsageError
from attnaudit.records import Outcome, Verdict
from attnaudit.store.parts import write_json


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StratumRow(_Strict):
    """The statistic of a claim in one stratum of the model's confidence.

    `name` is a range of the probability of the predicted class; `estimate` is None where no
    document of the stratum has a value.
    """

    name: str
    n: int
    undefined: int
    estimate: float | None


class ClaimRow(_Strict):
    """One decision: a claim about a model at a site, for one group of documents.

    `strata` describe all documents, so only the row of group "overall" has them, and none where an
    error left nothing to describe.
    """

    id: str
    audit: str
    model: str
    site: str
    group: str
    statement: str
    quantity: str
    statistic: str
    outcome: Outcome
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    n: int = 0
    undefined: int = 0
    causes: dict[str, int] = Field(default_factory=dict)
    kind: str | None = None
    inference: str
    required: bool
    source: str | None = None
    needed: tuple[int, int] | None = None
    reason: str | None = None
    error: str | None = None
    strata: tuple[StratumRow, ...] = ()


class DocumentsEntry(_Strict):
    """The documents that one model was audited on."""

    source: str
    digest: str
    n: int
    skipped: dict[str, str]


class ModelEntry(_Strict):
    """One audited model, and where its numbers lie in the run directory."""

    name: str
    source: str
    site: str
    digest: str
    classes: tuple[str, ...]
    device: str
    dtype: str
    documents: DocumentsEntry
    documents_key: str
    measurements: dict[str, str] = Field(default_factory=dict)
    claims_source: str
    claims_digest: str


class Settings(_Strict):
    """What can change a number or a decision."""

    seed: int
    claims_counted: int
    level: float
    limit: int | None
    inconclusive: Literal["fail", "warn"]


class Run(_Strict):
    """All of run.json.

    `undecided` names what was planned, and counted, but not decided: deselected, or of an audit
    that no collected test runs.
    """

    schema_version: Literal[1] = Field(default=1, alias="schema")
    claims: tuple[ClaimRow, ...]
    undecided: tuple[str, ...] = ()
    models: tuple[ModelEntry, ...]
    settings: Settings
    versions: dict[str, str]
    performance: dict[str, float]


def claim_rows(claim: Claim, verdict: Verdict, *, model: str, site: str) -> tuple[ClaimRow, ...]:
    """The rows of run.json that say what was decided on one claim."""
    shared = _shared(claim, model=model, site=site)
    return tuple(
        ClaimRow(
            **shared,
            group=row.group,
            # The first row stands for the claim: a group can refute what holds overall.
            outcome=verdict.outcome if row is verdict.rows[0] else row.outcome,
            estimate=_finite(row.estimate),
            low=_finite(row.low),
            high=_finite(row.high),
            n=row.n,
            undefined=row.undefined,
            causes=dict(verdict.causes) if row is verdict.rows[0] else {},
            kind=verdict.kind.value,
            needed=verdict.needed if row is verdict.rows[0] else None,
            reason=row.reason,
            strata=_strata(verdict) if row is verdict.rows[0] else (),
        )
        for row in verdict.rows
    )


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
        "quantity": claim.quantity,
        "statistic": claim.statistic,
        "at_least": claim.at_least,
        "at_most": claim.at_most,
        "inference": claim.inference,
        "required": claim.required,
        "source": claim.source,
    }


def write_run(path: Path, run: Run) -> None:
    """Write run.json whole or not at all."""
    write_json(path, run.model_dump(mode="json", by_alias=True))


def read_run(path: Path) -> Run:
    """Read run.json.

    Raises:
        UsageError: If it is missing, or is not a run of this schema.
    """
    try:
        return Run.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}); name the report directory of a run"
        ) from error
    except (json.JSONDecodeError, ValidationError) as error:
        raise UsageError(f"{path} is not a run of schema 1; run the audit again") from error


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
