"""Deciding cases: open the model, check it, measure what is missing, judge."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import metadata

import torch

from attnaudit.data import check_labels
from attnaudit.errors import DataError, PreflightError, UsageError
from attnaudit.models.factory import open_model
from attnaudit.models.preflight import preflight
from attnaudit.models.protocol import AttentionModel, Batch, Site
from attnaudit.records import Document
from attnaudit.runs.decision import Decision
from attnaudit.runs.measure import REVISION, measurement_of
from attnaudit.runs.plan import Case, Plan, Request, Subject
from attnaudit.runs.progress import progress_line
from attnaudit.runs.stream import write_documents, write_values
from attnaudit.store.directory import RunDirectory
from attnaudit.store.keys import digest_of
from attnaudit.store.measured import read_measurement
from attnaudit.store.parts import Parts
from attnaudit.store.run import DocumentsEntry, ModelEntry, claim_rows
from attnaudit.verdicts import judge

MOST_SKIPPED = 0.05
"""A larger share of unusable documents is an error: the rest would not stand for the set."""
PREFLIGHT_DOCUMENTS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ready:
    """A model at a site that has passed its preflight, with its documents stored."""

    subject: Subject
    model: AttentionModel
    digest: str
    site: str
    documents: Parts
    documents_key: str
    skipped: dict[str, str]
    seconds: float


class Auditor:
    """Decides the cases of a plan, sharing models and stored measurements between them.

    Several processes may work on one run directory: whoever comes first measures, the others
    wait for it and read.
    """

    def __init__(
        self,
        plan: Plan,
        directory: RunDirectory,
        *,
        models: Mapping[str, AttentionModel] | None = None,
        show_progress: bool = False,
    ) -> None:
        """Decide the cases of `plan`, keeping what is measured in `directory`.

        `models` are already open, by the names of their subjects; the others are opened here.
        """
        self._plan = plan
        self._open = dict(models or {})
        self._directory = directory
        self._show_progress = show_progress
        # One entry per model and site of the plan, for as long as this auditor lives.
        self._ready = cache(self._make_ready)

    def decide(self, case: Case) -> Decision:
        """Measure what is not yet stored, and judge the claim.

        Raises:
            ModelError: If the model cannot be loaded.
            PreflightError: If it cannot be measured as it stands.
            DataError: If too many documents cannot be used.
        """
        ready = self._ready(case.subject.name, case.site)
        claim = case.claim
        key = self._key(
            ready.subject,
            ready.model,
            weights=ready.digest,
            site=ready.site,
            audit=claim.audit,
            parameters=claim.parameters,
        )
        values = self._directory.measurement(key)
        label = " ".join((claim.audit, *(str(value) for value in claim.parameters.values())))
        measure = measurement_of(claim, ready.model, site=ready.site, seed=self._plan.request.seed)
        seconds = self._ensure(
            values,
            key,
            description=f"{case.subject.name}: {label}",
            documents=ready.subject.documents,
            write=partial(
                write_values,
                values,
                ready.model,
                measure=measure,
                batch_size=self._plan.request.batch_size,
            ),
            summary={"audit": claim.audit, "parameters": claim.parameters},
        )
        measurement = read_measurement(
            values,
            ready.documents,
            audit=claim.audit,
            quantity=claim.quantity,
            bounds=claim.range,
        )
        verdict = judge(claim, measurement, level=self._plan.level)
        where = f"{case.subject.name}/{ready.site}"
        return Decision(
            rows=claim_rows(claim, verdict, model=case.subject.name, site=ready.site),
            model=_model_entry(ready, measurements={label: key}),
            seconds={f"{where}/documents": ready.seconds, f"{where}/{label}": seconds},
        )

    def model(self, name: str) -> AttentionModel:
        """The model of the subject `name`, opened once."""
        if name not in self._open:
            request, source = self._plan.request, self._subject(name).source
            dtype = getattr(torch, request.dtype or "float64")
            model = open_model(source, device=request.device, dtype=dtype)
            _check_placed(model, request)
            self._open[name] = model
        return self._open[name]

    def _subject(self, name: str) -> Subject:
        return next(subject for subject in self._plan.subjects if subject.name == name)

    def _make_ready(self, name: str, site_name: str | None) -> _Ready:
        subject, model = self._subject(name), self.model(name)
        site = _site(model, site_name)
        if model.outputs.kind == "multilabel":
            raise PreflightError(
                f"{name} has independent labels, which have no total variation distance; "
                "wrap it as one binary model per label"
            )
        # A factory's classes are known only now; labels of a directory are names already.
        labelled = check_labels(subject.documents, model.outputs.classes)
        subject = replace(subject, documents=labelled)
        preflight(model, _first_usable(model, labelled), sites=[site.name])
        request = self._plan.request
        digest = model.digest
        key = self._key(subject, model, weights=digest, site=site.name, text=request.store_text)
        documents = self._directory.documents(key)
        seconds = self._ensure(
            documents,
            key,
            description=f"{name}: documents",
            documents=subject.documents,
            write=partial(
                write_documents,
                documents,
                model,
                name=name,
                site=site.name,
                store_text=request.store_text,
                batch_size=request.batch_size,
            ),
            summary={"model": name, "site": site.name},
        )
        skipped = _skipped(documents)
        _check_skipped(skipped, subject.documents, name)
        return _Ready(
            subject=subject,
            model=model,
            digest=digest,
            site=site.name,
            documents=documents,
            documents_key=key,
            skipped=skipped,
            seconds=seconds,
        )

    def _key(self, subject: Subject, model: AttentionModel, **what: object) -> str:
        return digest_of(
            {
                "attnaudit": metadata.version("attnaudit"),
                "revision": REVISION,
                "documents": subject.digest,
                "seed": self._plan.request.seed,
                "device": model.device.type,
                "dtype": str(model.dtype),
                **what,
            }
        )

    def _ensure(
        self,
        parts: Parts,
        key: str,
        *,
        description: str,
        documents: tuple[Document, ...],
        write: Callable[..., None],
        summary: dict[str, object],
    ) -> float:
        """Compute a table unless it is there, in this or another process; seconds it took."""
        with self._directory.lock(key):
            done = parts.finished()
            if done is None:
                begin = time.perf_counter()
                total = len(documents)
                with progress_line(description, total=total, shown=self._show_progress) as advance:
                    write(documents=documents, advance=advance)
                done = {**summary, "key": key, "seconds": time.perf_counter() - begin}
                parts.finish(done)
        return float(done["seconds"])


def _site(model: AttentionModel, name: str | None) -> Site:
    if name is None:
        return model.sites[0]
    for site in model.sites:
        if site.name == name:
            return site
    known = ", ".join(site.name for site in model.sites)
    raise UsageError(f"the model has no attention site {name!r}; its sites are {known}")


def _check_placed(model: AttentionModel, request: Request) -> None:
    """A factory chooses device and precision itself; what was asked for must not be ignored."""
    if request.device not in {"auto", model.device.type}:
        raise UsageError(
            f"--device {request.device} was asked for, but the factory's model lies on "
            f"{model.device}; let the factory put it there"
        )
    dtype = str(model.dtype).removeprefix("torch.")
    if request.dtype is not None and dtype != request.dtype:
        raise UsageError(
            f"--attn-dtype {request.dtype} was asked for, but the factory's model is in {dtype}; "
            "let the factory convert it"
        )


def _first_usable(model: AttentionModel, documents: tuple[Document, ...]) -> Batch:
    usable: list[Document] = []
    for start in range(0, len(documents), PREFLIGHT_DOCUMENTS):
        block = documents[start : start + PREFLIGHT_DOCUMENTS]
        kept = set(model.prepare(block).documents)
        usable += [document for document in block if document.id in kept]
        if len(usable) >= PREFLIGHT_DOCUMENTS:
            break
    if not usable:
        raise DataError(
            f"the model can use none of the {len(documents)} documents; look for empty texts, or "
            "name the column of the text with --attn-columns"
        )
    return model.prepare(usable[:PREFLIGHT_DOCUMENTS])


def _skipped(documents: Parts) -> dict[str, str]:
    return {
        row["id"]: row["skipped"]
        for table in documents.tables()
        for row in table.select(["id", "skipped"]).to_pylist()
        if row["skipped"] is not None
    }


def _check_skipped(skipped: dict[str, str], documents: tuple[Document, ...], model: str) -> None:
    if len(skipped) > MOST_SKIPPED * len(documents):
        document, reason = next(iter(skipped.items()))
        raise DataError(
            f"{model} cannot use {len(skipped)} of {len(documents)} documents (first {document!r}: "
            f"{reason}); more than {MOST_SKIPPED:.0%} may not be left out, so choose or clean the "
            "documents"
        )


def _model_entry(ready: _Ready, measurements: dict[str, str]) -> ModelEntry:
    subject, model = ready.subject, ready.model
    return ModelEntry(
        name=subject.name,
        source=subject.source,
        site=ready.site,
        digest=ready.digest,
        classes=model.outputs.classes,
        device=str(model.device),
        dtype=str(model.dtype).removeprefix("torch."),
        documents=DocumentsEntry(
            source=subject.documents_source,
            digest=subject.digest,
            n=len(subject.documents),
            skipped=ready.skipped,
        ),
        documents_key=ready.documents_key,
        measurements=measurements,
        claims_source=subject.claims.source,
        claims_digest=subject.claims.digest,
    )
