"""What will be audited: every (model, site, claim), known before any model is loaded.

Nothing here imports torch, so a wrong path, name or claim is reported before anything slow begins.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Literal

from attnaudit.claims import Claim, ClaimSet, default_claims, load_claims
from attnaudit.data import check_labels, documents_digest, read_documents, select_split
from attnaudit.data.audit_file import FILE_NAME, read_audit_file, read_audited_documents
from attnaudit.errors import ModelError, UsageError
from attnaudit.models.configuration import read_configuration
from attnaudit.models.members import read_member
from attnaudit.models.sources import is_factory
from attnaudit.records import Document
from attnaudit.verdicts import direction_level

_MOST_BYTES = 2**20


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What the user asked for, as given.

    Attributes:
        models: Directories or "package.module:factory"; none means the embedded default.
        data: Documents: a catalog name, a path or "reader:path"; None asks the model directory.
        claims: A claims file, which wins over the model's own and over the defaults.
        sites: Attention sites; none means the first site of each model.
        columns: Which columns of `data` hold text, label, text2, id, split.
        limit: Audit a seeded sample of this many documents.
        seed: Seeds the sample and everything random in the measurements.
        device: "cpu", "cuda" or "auto".
        dtype: "float64" or "float32"; None is float64, or what a factory chooses.
        batch_size: Most documents per forward pass; None is as many as memory allows. Changes
            no result.
        inconclusive: Whether an inconclusive required claim fails or only warns.
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
    """

    name: str
    source: str
    documents: tuple[Document, ...]
    documents_source: str
    digest: str
    claims: ClaimSet


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
    """All cases of a run, and the error level that their number leaves to each."""

    request: Request
    subjects: tuple[Subject, ...]
    cases: tuple[Case, ...]
    level: float


def make_plan(request: Request) -> Plan:
    """Resolve a request without loading a model.

    Raises:
        UsageError: If a path, name, option, claim or document set cannot be used.
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
    names = _unique_names(sources)
    return plan_subjects(
        request,
        tuple(_subject(source, name, request) for source, name in zip(sources, names, strict=True)),
    )


def plan_subjects(request: Request, subjects: tuple[Subject, ...]) -> Plan:
    """All cases of some subjects."""
    cases = tuple(
        Case(subject=subject, site=site, claim=claim)
        for subject in subjects
        for site in request.sites or (None,)
        for claim in subject.claims.claims
    )
    return Plan(request=request, subjects=subjects, cases=cases, level=direction_level(len(cases)))


def embedded_directory() -> Path:
    """The model directory that the package carries."""
    return Path(str(resources.files("attnaudit") / "embedded"))


def _unique_names(sources: tuple[str, ...]) -> tuple[str, ...]:
    names = [
        "embedded" if Path(source) == embedded_directory() else _short_name(source)
        for source in sources
    ]
    repeated = {name for name, count in Counter(names).items() if count > 1}
    # Two models of one name are told apart by where they lie, which no order of options changes.
    return tuple(
        f"{name}-{hashlib.sha256(source.encode()).hexdigest()[:6]}" if name in repeated else name
        for name, source in zip(names, sources, strict=True)
    )


def _short_name(source: str) -> str:
    return source.replace(":", ".") if is_factory(source) else Path(source).resolve().name


def _subject(source: str, name: str, request: Request) -> Subject:
    if not is_factory(source):
        _check_directory(Path(source))
    documents, documents_source = _documents(source, request)
    documents = _sample(_labelled(documents, source), request)
    return Subject(
        name=name,
        source=source,
        documents=documents,
        documents_source=documents_source,
        digest=documents_digest(documents),
        claims=_claims(source, request),
    )


def _check_directory(path: Path) -> None:
    if not path.is_dir():
        raise UsageError(
            f"--model {path}: no such directory; name the folder that `attnaudit train` wrote, "
            "or a function as package.module:factory"
        )
    if not any(path.iterdir()):
        raise UsageError(f"--model {path}: the directory is empty; it should hold config.json")


def _documents(source: str, request: Request) -> tuple[tuple[Document, ...], str]:
    if request.data is not None:
        found = read_documents(request.data, columns=request.columns)
        return select_split(found, "test"), request.data
    if is_factory(source):
        raise UsageError(f"--model {source} brings no documents; name them with --data")
    path = Path(source) / FILE_NAME
    if not path.is_symlink() and not path.exists():
        raise UsageError(
            f"--model {source} has no {FILE_NAME} that names its documents; name them with --data"
        )
    _check_member(path)
    audit_file = read_audit_file(path)
    return read_audited_documents(audit_file, Path(source)), str(
        audit_file.data or audit_file.documents
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
    drawn = sorted(
        documents,
        key=lambda one: hashlib.sha256(f"{request.seed}\0sample\0{one.id}".encode()).digest(),
    )
    chosen = {document.id for document in drawn[: request.limit]}
    return tuple(document for document in documents if document.id in chosen)


def _claims(source: str, request: Request) -> ClaimSet:
    if request.claims is not None:
        return load_claims(request.claims)
    own = Path(source) / "claims.toml"
    if is_factory(source) or not (own.is_symlink() or own.exists()):
        return default_claims()
    _check_member(own)
    return load_claims(own)


def _check_member(path: Path) -> None:
    """Whoever made the directory may have put a link or a pipe where a small file should be."""
    try:
        read_member(path.parent, path.name, most_bytes=_MOST_BYTES)
    except ModelError as error:
        raise UsageError(str(error)) from error
