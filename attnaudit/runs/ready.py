"""A model at one of its sites, opened and checked, with its documents in the order of the audit."""

from dataclasses import dataclass

import torch

from attnaudit.claims import Claim
from attnaudit.data import check_labels
from attnaudit.errors import DataError, PreflightError, UsageError
from attnaudit.models.factory import open_model
from attnaudit.models.missing_sites import ChecksSites
from attnaudit.models.preflight import preflight
from attnaudit.models.protocol import AttentionModel, Batch, Site
from attnaudit.records import Document
from attnaudit.runs.drawn import in_order_of_drawing
from attnaudit.runs.plan import Request, Subject

PREFLIGHT_DOCUMENTS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready:
    """A model at a site that has passed its preflight.

    Attributes:
        subject: What is audited.
        model: Its model.
        digest: Of the model.
        site: Name of the attention site.
        replaceable: Whether attention can be replaced there.
        documents: In the order in which they are measured, labels resolved.
    """

    subject: Subject
    model: AttentionModel
    digest: str
    site: str
    replaceable: bool
    documents: tuple[Document, ...]


def open_subject_model(subject: Subject, request: Request) -> AttentionModel:
    """Open the model of a subject where the request wants it.

    Raises:
        ModelError: If it cannot be loaded.
        UsageError: If a factory puts it elsewhere.
    """
    dtype = getattr(torch, request.dtype or "float64")
    model = open_model(subject.source, device=request.device, dtype=dtype)
    _check_placed(model, request)
    return model


def make_ready(
    subject: Subject, model: AttentionModel, *, site: str | None, request: Request
) -> Ready:
    """Check that a model can be measured at a site, and resolve what it leaves open.

    Raises:
        PreflightError: If the model cannot be measured as it stands, or cannot have such a site.
        DataError: If it can use none of the documents, or a label is no class of it.
        UsageError: If there is no such site.
    """
    found = _site(model, site)
    if model.outputs.kind == "multilabel":
        raise PreflightError(
            f"{subject.name} has independent labels, which have no total variation distance; "
            "wrap it as one binary model per label"
        )
    # A factory's classes are known only now; labels of a directory are names already.
    documents = check_labels(subject.documents, model.outputs.classes)
    if request.adaptive:
        documents = in_order_of_drawing(documents, seed=request.seed)
    preflight(model, _first_usable(model, documents), sites=[found.name])
    return Ready(
        subject=subject,
        model=model,
        digest=model.digest,
        site=found.name,
        replaceable=found.replaceable,
        documents=documents,
    )


def check_can_be_asked(ready: Ready, claim: Claim) -> None:
    """Raise where a claim needs what the site does not have. A plan leaves out what it can foresee.

    Raises:
        PreflightError: If attention cannot be replaced and the claim is about replacing it.
    """
    if claim.replaces_attention and not ready.replaceable:
        raise PreflightError(
            f"attention of {ready.subject.name} at {ready.site} cannot be replaced, and claim "
            f"{claim.id} asks what the model would do if it were. Ask there only about agreement "
            "or randomisation, or name another site with --attn-site"
        )


def _site(model: AttentionModel, name: str | None) -> Site:
    if name is None:
        return model.sites[0]
    for site in model.sites:
        if site.name == name:
            return site
    if isinstance(model, ChecksSites):
        model.check_site(name)
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
