"""run.json: what was claimed, found and used, in a versioned schema."""

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from attnaudit.errors import UsageError
from attnaudit.records import Outcome
from attnaudit.store.how_read import SpecialMass
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

    `measurement` is the label, among the model's measurements, of what the claim was judged by;
    None in runs that did not yet say it. `low` and `high` are the decision interval; `unadjusted`
    and `bca` are 95 % intervals that decide nothing. `null` is the claim's statistic of what stands
    for no explanation, and `drawn` says how many documents had been drawn when the claim was
    decided. `clusters` counts what the `n` documents are from, and `needed` is in clusters too,
    where documents come in them; None where each is a draw of its own. `strata` describe all
    documents. These three stand in the row of group "overall" only,
    and nowhere if an error left nothing to describe.
    """

    id: str
    audit: str
    model: str
    site: str
    group: str
    statement: str
    quantity: str
    statistic: str
    fraction_above: float | None = None
    outcome: Outcome
    measurement: str | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unadjusted: tuple[float, float] | None = None
    bca: tuple[float, float] | None = None
    null: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    n: int = 0
    clusters: int | None = None
    drawn: int | None = None
    undefined: int = 0
    causes: dict[str, int] = Field(default_factory=dict)
    kind: str | None = None
    inference: str
    level: str | None = None
    assumption: str | None = None
    target: str | None = None
    required: bool
    source: str | None = None
    needed: tuple[int, int] | None = None
    reason: str | None = None
    error: str | None = None
    strata: tuple[StratumRow, ...] = ()


class DocumentsEntry(_Strict):
    """The documents that one model was audited on.

    `n` were drawn, of `planned` that would have been if claims had stayed open, of `population`
    that the source holds. `trained_on` of the planned ones are documents that the model was trained
    on, by their words; None where the model directory does not say what it was trained on. Of
    those drawn, `truncated` could not be read whole, as the model's longest input holds no more;
    None in runs that did not yet say it.
    """

    source: str
    digest: str
    n: int
    planned: int | None = None
    population: int | None = None
    trained_on: int | None = None
    skipped: dict[str, str]
    truncated: int | None = None


class ModelEntry(_Strict):
    """One audited model, and where its numbers lie in the run directory.

    `special_mass` says how much of its attention is on none of the words that are audited; None if
    it has no other place to attend to, and in runs that did not yet say it. `replaceable` says
    whether attention can be replaced at its site; None in runs that did not yet say it.
    `claims_history` are the digests of all claims by which this model was judged on these documents
    in this directory, the first first.
    """

    name: str
    source: str
    site: str
    digest: str
    classes: tuple[str, ...]
    device: str
    dtype: str
    documents: DocumentsEntry
    special_mass: SpecialMass | None = None
    replaceable: bool | None = None
    documents_key: str
    measurements: dict[str, str] = Field(default_factory=dict)
    claims_source: str
    claims_digest: str
    claims_history: tuple[str, ...] = ()


class Settings(_Strict):
    """What can change a number or a decision.

    `first_block` is the number of documents before the first look, where they were drawn in blocks
    until a claim was decided; the order of drawing is that of `seed`.
    """

    seed: int
    claims_counted: int
    level: float
    limit: int | None
    inconclusive: Literal["fail", "warn"]
    first_block: int | None = None


class NotAsked(_Strict):
    """Claims, by their ids, that were not asked at a site, whose attention cannot be replaced."""

    model: str
    site: str
    claims: tuple[str, ...]


class Run(_Strict):
    """All of run.json.

    `undecided` names what was planned, and counted, but not decided: deselected, or of an audit
    that no collected test runs. `not_asked` was not planned, for it has no answer.
    """

    schema_version: Literal[1] = Field(default=1, alias="schema")
    claims: tuple[ClaimRow, ...]
    undecided: tuple[str, ...] = ()
    not_asked: tuple[NotAsked, ...] = ()
    models: tuple[ModelEntry, ...]
    settings: Settings
    versions: dict[str, str]
    performance: dict[str, float]


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
