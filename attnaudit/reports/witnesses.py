"""The stored witnesses of an adversary that lie farthest from the model's own attention."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from attnaudit.errors import InternalError
from attnaudit.records import Bound
from attnaudit.reports.known import DIVERGENCE
from attnaudit.store.parts import Parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """Another attention over one document, beside the model's own.

    Attributes:
        document: Id of the document.
        tokens: Its words, or None where none were stored.
        original: [tokens] the model's own weights.
        found: [tokens] the weights of the witness.
        predicted: The class that the model predicts.
        probability: Of that class, in [0, 1].
        probability_found: Of the same class under the witness, in [0, 1].
        lower: Jensen-Shannon divergence of the two, in nats.
        upper: No attention with the same output has a larger one.
        kind: What `lower` is: the largest (exact), one end of an interval, or a lower bound.
    """

    document: str
    tokens: tuple[str, ...] | None
    original: tuple[float, ...]
    found: tuple[float, ...]
    predicted: str
    probability: float
    probability_found: float
    lower: float
    upper: float
    kind: Bound


def farthest_witnesses(values: Parts, documents: Parts, *, most: int) -> tuple[Witness, ...]:
    """The witnesses with the largest divergence, ties in the order of the documents' ids.

    The parts are read one after the other, so memory does not grow with their number.

    Args:
        values: The parts of an adversary's measurement.
        documents: The parts of the documents it was measured on.
        most: How many witnesses at most.

    Returns:
        Farthest first. A document for which nothing else than its own attention was found is not
        among them.

    Raises:
        InternalError: If a witness does not fit the stored document.
    """
    rows = _farthest(values, most=most)
    described = _described(documents, {row["document"] for row in rows})
    return tuple(_witness(row, described) for row in rows)


def check_witness(witness: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """Demand that a stored witness is of a stored document, and has a weight for each of its words.

    Args:
        witness: A row of values.
        document: A row of documents, or nothing at all.

    Raises:
        InternalError: Otherwise.
    """
    own, found = document.get("attention"), witness["witness"]
    fits = own is not None and found is not None and len(own) == len(found)
    if not fits or witness["document"] != document["id"]:
        raise InternalError(
            f"the stored witness of {witness['document']!r} does not match the stored document "
            f"{document.get('id')!r}; remove the report directory and run again"
        )


def _farthest(values: Parts, *, most: int) -> list[dict[str, Any]]:
    best: list[dict[str, Any]] = []
    for table in values.tables():
        found = table.filter(
            pc.and_(pc.equal(table["quantity"], DIVERGENCE), pc.greater(table["value"], 0.0))
        )
        best = heapq.nsmallest(most, [*best, *_first(found, most=most)], key=_place)
    return best


def _first(found: pa.Table, *, most: int) -> Iterable[dict[str, Any]]:
    # Witnesses become Python numbers only here: a part of long documents has millions.
    order = pc.sort_indices(
        found, [("value", "descending"), ("document", "ascending"), ("unit", "ascending")]
    )
    rows: list[dict[str, Any]] = found.take(order[:most]).to_pylist()
    return rows


def _place(row: Mapping[str, Any]) -> tuple[float, str, int]:
    return -row["value"], row["document"], row["unit"]


def _described(documents: Parts, ids: set[str]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in _rows_of(documents, pa.array(sorted(ids), pa.string()))}


def _rows_of(documents: Parts, ids: pa.Array) -> Iterator[dict[str, Any]]:
    for table in documents.tables():
        yield from table.filter(pc.is_in(table["id"], value_set=ids)).to_pylist()


def _witness(row: Mapping[str, Any], described: Mapping[str, dict[str, Any]]) -> Witness:
    document = described.get(row["document"], {})
    check_witness(row, document)
    original, found = document["attention"], row["witness"]
    probabilities = document["probabilities"]
    predicted = max(range(len(probabilities)), key=probabilities.__getitem__)
    return Witness(
        document=row["document"],
        tokens=None if document["tokens"] is None else tuple(document["tokens"]),
        original=tuple(original),
        found=tuple(found),
        predicted=document["predicted"],
        probability=probabilities[predicted],
        probability_found=row["witness_probabilities"][predicted],
        lower=row["lower"],
        upper=row["upper"],
        kind=Bound(row["kind"]),
    )
