"""What will be audited: every (model, site, claim), known before any model is loaded.

Nothing here imports torch, so a wrong path, name or claim is reported before anything slow begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Literal

from attnaudit.claims import Claim, ClaimSet
from attnaudit.data import check_labels, documents_digest
from attnaudit.errors import ModelError, UsageError
from attnaudit.models.configuration import read_configuration
from attnaudit.models.sources import is_factory
from attnaudit.records import Document
from attnaudit.runs.asked import claims_at
from attnaudit.runs.brought import (
    check_directory,
    count_trained_on,
    find_claims,
    find_documents,
)
from attnaudit.runs.drawn import in_order_of_drawing
from attnaudit.runs.model_names import model_names
from attnaudit.runs.site_names import known_sites, planned_sites
from attnaudit.store.run import NotAsked
from attnaudit.verdicts import direction_level


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What the user asked for, as given.

    Attributes:
        models: Directories or "package.module:factory"; none means the embedded default.
        data: Documents: a catalog name, a path or "reader:path"; None asks the model directory.
        claims: A claims file, which wins over the model's own and over the defaults.
        sites: Attention sites, or patterns as `layer.*.head.*`; none means the first site of each
            model.
        columns: Which columns of `data` hold text, label, text2, id, split.
        limit: Audit a seeded sample of this many documents.
        seed: Seeds the sample and everything random in the measurements.
        device: "cpu", "cuda" or "auto".
        dtype: "float64" or "float32"; None is float64, or what a factory chooses.
        batch_size: Most documents per forward pass; None is as many as memory allows. Changes
            no result.
        inconclusive: Whether an inconclusive required claim fails or only warns.
        adaptive: Draw documents in growing blocks, in a seeded order, until a claim is decided.
        store_text: Whether words are kept in the run directory.
    """

    models: tuple[str, ...] = ()
    data: str | None = None
    claims: Path | None = None
    sites: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None
    seed: int = 0
    device: Literal["cpu", "cuda", "auto"] = "auto"
    dtype: Literal["float64", "float32"] | None = None
    batch_size: int | None = None
    inconclusive: Literal["fail", "warn"] = "fail"
    adaptive: bool = False
    store_text: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One model with its documents and claims.

    Attributes:
        name: Short and unique in the run: the name of its directory.
        source: Directory or factory, as given.
        documents: The documents to audit, labels resolved where the classes are known.
        documents_source: Where they came from.
        digest: Digest of the documents.
        claims: Its claims.
        population: Documents that `documents` were drawn from; None if they are all there are.
        trained_on: How many of `documents` the model was trained on, by their words; None if its
            directory does not say what it was trained on.
    """

    name: str
    source: str
    documents: tuple[Document, ...]
    documents_source: str
    digest: str
    claims: ClaimSet
    population: int | None = None
    trained_on: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One decision to take: a claim about a subject at a site (None: the model's first)."""

    subject: Subject
    site: str | None
    claim: Claim

    @property
    def id(self) -> str:
        """Stable name of the pytest item."""
        return "/".join(filter(None, (self.subject.name, self.site, self.claim.id)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All cases of a run, and the error level that their number leaves to each.

    Attributes:
        request: What the user asked for.
        subjects: The models.
        cases: What is to be decided.
        level: Error probability for each direction of one case.
        not_asked: Claims that cannot be asked at some sites, and so take no part of the level.
    """

    request: Request
    subjects: tuple[Subject, ...]
    cases: tuple[Case, ...]
    level: float
    not_asked: tuple[NotAsked, ...] = ()


def make_plan(request: Request) -> Plan:
    """Resolve a request without loading a model.

    Raises:
        UsageError: If a path, name, option, claim or document set cannot be used.
        MissingExtraError: If documents are on a hub and the extra "datasets" is not installed.
    """
    if request.limit is not None and request.limit < 1:
        raise UsageError(f"the limit must be at least 1 document, not {request.limit}")
    if request.columns and request.data is None:
        raise UsageError("columns are named for no data; name the data with --data")
    if request.batch_size is not None and request.batch_size < 1:
        raise UsageError(f"the batch size must be at least 1, not {request.batch_size}")
    sources = request.models or (str(embedded_directory()),)
    if len(set(sources)) < len(sources):
        raise UsageError(f"a model is named twice: {', '.join(sources)}; name each once")
    names = model_names(sources, embedded=embedded_directory())
    return plan_subjects(
        request,
        tuple(_subject(source, name, request) for source, name in zip(sources, names, strict=True)),
    )


def plan_subjects(
    request: Request,
    subjects: tuple[Subject, ...],
    *,
    known: Mapping[str, Mapping[str, bool]] | None = None,
) -> Plan:
    """All cases of some subjects.

    Args:
        request: What the user asked for.
        subjects: The models.
        known: By the name of a model that is open, whether attention can be replaced at each of
            its sites. Of the others it is told as far as that can be.

    Raises:
        UsageError: If a pattern stands for no site, or no claim can be asked at a site.
    """
    cases: list[Case] = []
    not_asked: list[NotAsked] = []
    for subject in subjects:
        name, claims = subject.name, subject.claims.claims
        sites = (known or {}).get(name) or known_sites(subject.source)
        for site in planned_sites(request.sites, sites, model=name):
            asked = claims_at(site, claims, sites, model=name)
            cases.extend(Case(subject=subject, site=site, claim=claim) for claim in asked)
            others = tuple(claim.id for claim in claims if claim not in asked)
            if site is not None and others:
                not_asked.append(NotAsked(model=name, site=site, claims=others))
    return Plan(
        request=request,
        subjects=subjects,
        cases=tuple(cases),
        level=direction_level(len(cases)),
        not_asked=tuple(not_asked),
    )


def embedded_directory() -> Path:
    """The model directory that the package carries."""
    return Path(str(resources.files("attnaudit") / "embedded"))


def _subject(source: str, name: str, request: Request) -> Subject:
    if not is_factory(source):
        check_directory(Path(source))
    available, documents_source = find_documents(source, data=request.data, columns=request.columns)
    documents = _sample(_labelled(available, source), request)
    return Subject(
        name=name,
        source=source,
        documents=documents,
        documents_source=documents_source,
        digest=documents_digest(documents),
        claims=find_claims(source, chosen=request.claims),
        population=len(available),
        trained_on=count_trained_on(source, documents),
    )


def _labelled(documents: tuple[Document, ...], source: str) -> tuple[Document, ...]:
    if is_factory(source):
        return documents
    try:
        classes = read_configuration(Path(source)).classes
    except ModelError:
        return documents  # Its items will say what is wrong with the model, in its own words.
    return check_labels(documents, classes)


def _sample(documents: tuple[Document, ...], request: Request) -> tuple[Document, ...]:
    if request.limit is None or request.limit >= len(documents):
        return documents
    drawn = in_order_of_drawing(documents, seed=request.seed)
    chosen = {document.id for document in drawn[: request.limit]}
    return tuple(document for document in documents if document.id in chosen)
