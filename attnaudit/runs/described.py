"""What run.json says of a model's documents, as far as they have been drawn."""

from attnaudit.errors import DataError
from attnaudit.runs.ready import Ready
from attnaudit.store.first import first_parts, looks_of
from attnaudit.store.how_read import HowRead, how_read
from attnaudit.store.parts import Parts
from attnaudit.store.run import DocumentsEntry, ModelEntry

MOST_SKIPPED = 0.05
"""A larger share of unusable documents is an error: the rest would not stand for the set."""
FEWEST_FOR_SHARE = 100
"""Of fewer documents drawn so far, a share says nothing yet."""


def model_entry(
    ready: Ready, documents: Parts, *, drawn: int, key: str, about: dict[str, str]
) -> ModelEntry:
    """The model as run.json names it, with the documents that one claim needed.

    Args:
        ready: The model at a site.
        documents: What is stored of its documents.
        drawn: How many were drawn for the claim.
        key: What they are stored under.
        about: Keys of measurements by what they are called.

    Raises:
        DataError: If too many documents cannot be used.
    """
    subject, model = ready.subject, ready.model
    read = _first_read(documents, drawn=drawn)
    return ModelEntry(
        name=subject.name,
        source=subject.source,
        site=ready.site,
        digest=ready.digest,
        classes=model.outputs.classes,
        device=str(model.device),
        dtype=str(model.dtype).removeprefix("torch."),
        documents=_documents_entry(ready, read, drawn=drawn),
        special_mass=read.special_mass,
        replaceable=ready.replaceable,
        documents_key=key,
        measurements=about,
        claims_source=subject.claims.source,
        claims_digest=subject.claims.digest,
        claims_history=(subject.claims.digest,),
    )


def documents_entry(ready: Ready, documents: Parts, *, drawn: int) -> DocumentsEntry:
    """The first documents drawn, and which of them could not be used, or not as a whole.

    Documents that other claims drew have no effect, or a claim would break or not according to
    which ones ran before it.

    Args:
        ready: The model at a site.
        documents: What is stored of its documents: these, or more.
        drawn: How many to tell of.

    Raises:
        DataError: If too many cannot be used.
    """
    return _documents_entry(ready, _first_read(documents, drawn=drawn), drawn=drawn)


def _first_read(documents: Parts, *, drawn: int) -> HowRead:
    looks = looks_of(documents.finished() or {})
    parts = next((look.parts for look in looks if look.drawn == drawn), None)
    return how_read(first_parts(documents, parts))


def _documents_entry(ready: Ready, read: HowRead, *, drawn: int) -> DocumentsEntry:
    subject, planned, skipped = ready.subject, len(ready.documents), read.skipped
    if len(skipped) > MOST_SKIPPED * max(drawn, min(FEWEST_FOR_SHARE, planned)):
        document, reason = next(iter(skipped.items()))
        raise DataError(
            f"{subject.name} cannot use {len(skipped)} of {drawn} documents (first "
            f"{document!r}: {reason}); more than {MOST_SKIPPED:.0%} may not be left out, so choose "
            "or clean the documents"
        )
    return DocumentsEntry(
        source=subject.documents_source,
        digest=subject.digest,
        n=drawn,
        planned=planned,
        population=subject.population or planned,
        trained_on=subject.trained_on,
        skipped=skipped,
        truncated=read.truncated,
    )
