"""The order in which documents are drawn, and measurements that say how theirs were.

The order is that of a hash of seed and id: fixed before anything is measured, the same for every
model, worker and machine, and blind to what a document says, above all to its length. Documents of
one cluster are drawn one after another, at the place of the cluster: it is what is drawn.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.records import CLUSTER, Document, Draw, Measurement
from attnaudit.store.first import first_parts
from attnaudit.store.measured import read_measurement
from attnaudit.store.parts import Parts


def in_order_of_drawing(documents: Sequence[Document], *, seed: int) -> tuple[Document, ...]:
    """The documents as they would be drawn.

    Args:
        documents: All there are, in any order, with unique ids.
        seed: Another seed gives another order, of clusters and inside them.
    """
    return tuple(sorted(documents, key=lambda one: _place(one.id, one.cluster, seed)))


def read_drawn(
    values: Parts,
    documents: Parts,
    claim: Claim,
    *,
    drawn: Sequence[str],
    seed: int,
    population: int | None,
    classes: tuple[str, ...],
    parts: int | None = None,
    quantity: str | None = None,
) -> Measurement:
    """A stored measurement, with how its documents were drawn.

    Args:
        values: Its parts.
        documents: The parts of the documents it was measured on.
        claim: Says which audit and quantity.
        drawn: Ids of the documents that were drawn, usable or not, in any order.
        seed: The seed of the run, which orders the documents.
        population: Documents that they were drawn from; those that are stored if None.
        classes: What the model can predict.
        parts: Read the first so many parts of either table only.
        quantity: A quantity of the same audit to read in the place of the claim's own.

    Raises:
        InternalError: If values and documents do not match.
    """
    found = read_measurement(
        first_parts(values, parts),
        first_parts(documents, parts),
        audit=claim.audit,
        quantity=quantity or claim.quantity,
        bounds=claim.range,
    )
    draw = Draw(
        place=_places(found.documents, drawn, clusters=_clusters(documents), seed=seed),
        drawn=len(drawn),
        population=max(population or 0, len(drawn)),
    )
    return replace(found, classes=classes, draw=draw)


def stored_ids(documents: Parts) -> list[str]:
    """Ids of the stored documents, those included that could not be used."""
    return [one for table in documents.tables(["id"]) for one in table["id"].to_pylist()]


def has_quantity(values: Parts, quantity: str) -> bool:
    """Whether a measurement has any value of a quantity."""
    return any(
        pc.any(pc.equal(table["quantity"], quantity)).as_py()
        for table in values.tables(["quantity"])
    )


def _clusters(documents: Parts) -> dict[str, str | None]:
    """The cluster of every stored document, those included that could not be used."""
    return {
        row["id"]: row[CLUSTER]
        for table in documents.tables(["id", CLUSTER])
        for row in table.to_pylist()
    }


def _places(
    measured: Iterable[str],
    drawn: Iterable[str],
    *,
    clusters: Mapping[str, str | None],
    seed: int,
) -> NDArray[np.int64]:
    order = sorted(drawn, key=lambda one: _place(one, clusters[one], seed))
    place = {document: number for number, document in enumerate(order)}
    return np.array([place[document] for document in measured], dtype=np.int64)


def _place(document: str, cluster: str | None, seed: int) -> tuple[bytes, bytes]:
    alone = hashlib.sha256(f"{seed}\0sample\0{document}".encode()).digest()
    if cluster is None:
        return alone, alone
    return hashlib.sha256(f"{seed}\0cluster\0{cluster}".encode()).digest(), alone
