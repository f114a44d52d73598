"""What a run stored about one document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from attnaudit.claims import Claim
from attnaudit.errors import UsageError
from attnaudit.reports.known import ADVERSARY, DIVERGENCE
from attnaudit.reports.plain import plain
from attnaudit.store.directory import RunDirectory
from attnaudit.store.parts import Parts
from attnaudit.store.run import ModelEntry

_SUGGESTIONS = 3
_NAME_WIDTH = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimValue:
    """One document's value of the quantity that a claim is about.

    Attributes:
        claim: The claim.
        stored: The stored row of that quantity, or None if it was not measured on the document.
        null: The same of what stands for no explanation, where the claim has such a quantity.
    """

    claim: Claim
    stored: Mapping[str, Any] | None
    null: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredDocument:
    """One document with everything that a run holds of it.

    Attributes:
        entry: The model, and where it attends.
        row: What the model says of the document, as stored.
        witness: What an adversary found for it, or None if none was asked.
        values: One per claim, in the order of the claims.
    """

    entry: ModelEntry
    row: Mapping[str, Any]
    witness: Mapping[str, Any] | None
    values: tuple[ClaimValue, ...]


def read_stored_document(
    directory: RunDirectory,
    entry: ModelEntry,
    document: str,
    measured: Mapping[Claim, str | None],
) -> StoredDocument:
    """Everything that a run holds of one document.

    Args:
        directory: The run's directory.
        entry: A model of the run.
        document: Id of the document.
        measured: For every claim to look at, the key of its measurement, or None without one.

    Raises:
        UsageError: If the model was not audited on the document.
    """
    row = _document(directory.documents(entry.documents_key), document)
    found = {
        key: list(_rows(directory.measurement(key), "document", document))
        for key in entry.measurements.values()
    }
    return StoredDocument(
        entry=entry,
        row=row,
        witness=_witness(directory, found),
        values=tuple(
            ClaimValue(
                claim=claim,
                stored=_quantity(found.get(key or "", []), claim.quantity),
                null=_quantity(found.get(key or "", []), claim.null_quantity),
            )
            for claim, key in measured.items()
        ),
    )


def _document(documents: Parts, name: str) -> Mapping[str, Any]:
    row = next(_rows(documents, "id", name), None)
    if row is None:
        ids = [one for table in documents.tables(["id"]) for one in table["id"].to_pylist()]
        near = get_close_matches(name, ids, n=_SUGGESTIONS, cutoff=0.0)
        known = ", ".join(plain(one, width=_NAME_WIDTH) for one in near)
        raise UsageError(
            f"no document {plain(name, width=_NAME_WIDTH)!r} among the {len(ids)} of this run; "
            f"the nearest names are {known}"
        )
    if row["skipped"] is not None:
        raise UsageError(f"{plain(name, width=_NAME_WIDTH)!r} was left out: {row['skipped']}")
    return row


def _rows(parts: Parts, column: str, name: str) -> Iterator[dict[str, Any]]:
    for table in parts.tables():
        # Words and weights become Python objects only here: a part has millions of them.
        yield from table.filter(pc.equal(table[column], pa.scalar(name))).to_pylist()


def _witness(
    directory: RunDirectory, found: Mapping[str, list[dict[str, Any]]]
) -> Mapping[str, Any] | None:
    """Of the first adversary that was asked about the document."""
    for key, rows in found.items():
        about = directory.measurement(key).finished() or {}
        row = _quantity(rows, DIVERGENCE)
        if about.get("audit") == ADVERSARY and row is not None and row["witness"] is not None:
            return row
    return None


def _quantity(rows: list[dict[str, Any]], quantity: str | None) -> dict[str, Any] | None:
    return next((row for row in rows if row["quantity"] == quantity), None)
