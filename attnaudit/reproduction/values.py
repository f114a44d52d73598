"""Stored tables of one model read back as arrays over its documents. Needs no torch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.errors import InternalError
from attnaudit.store.parts import Parts

_QUANTITIES = {
    "agreement": {
        f"{quantity}-{name}": f"{quantity}-{name}"
        for quantity in ("tau", "p-value")
        for name in ("gradient", "leave-one-out", "gradient-leave-one-out")
    },
    "permutation": {"tvd": "permutation"},
    "search": {"divergence": "search"},
    "exact": {"divergence": "exact"},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelValues:
    """What was measured of one model, in the order of its documents.

    Attributes:
        documents: Ids, unique.
        classes: The model's classes.
        predicted: [documents] predicted class names.
        label: [documents] gold class names, or None.
        confidence: [documents] probability of the predicted class, in [0, 1].
        lengths: [documents] number of words.
        largest: [documents] the largest attention weight, in (0, 1].
        values: Quantity to [documents] values; NaN where undefined or not measured.
        upper: Quantity to [documents] what is proved at most; NaN likewise.
        causes: Quantity to why a value is undefined, per document; None where it is not.
    """

    documents: tuple[str, ...]
    classes: tuple[str, ...]
    predicted: NDArray[np.str_]
    label: tuple[str | None, ...]
    confidence: NDArray[np.float64]
    lengths: NDArray[np.int64]
    largest: NDArray[np.float64]
    values: Mapping[str, NDArray[np.float64]]
    upper: Mapping[str, NDArray[np.float64]]
    causes: Mapping[str, tuple[str | None, ...]]


def read_values(
    documents: Parts, tables: Mapping[str, Parts], *, classes: tuple[str, ...]
) -> ModelValues:
    """The finished tables of one model.

    Args:
        documents: Its documents.
        tables: The tables by the names of `attnaudit.reproduction.measures.measures_of`.
        classes: The model's classes.

    Raises:
        InternalError: If a value is of no document.
    """
    described = [
        row for table in documents.tables() for row in table.to_pylist() if row["skipped"] is None
    ]
    places = {row["id"]: place for place, row in enumerate(described)}
    values: dict[str, NDArray[np.float64]] = {}
    upper: dict[str, NDArray[np.float64]] = {}
    causes: dict[str, tuple[str | None, ...]] = {}
    for name, parts in tables.items():
        for stored, quantity in _QUANTITIES[name].items():
            values[quantity] = np.full(len(places), np.nan)
            upper[quantity] = np.full(len(places), np.nan)
            undefined: list[str | None] = [None] * len(places)
            for document, value, most, cause in _rows(parts, stored):
                if document not in places:
                    raise InternalError(
                        f"a stored value of {quantity} is of document {document!r}, which is not "
                        "among the stored documents; remove the folder and measure again"
                    )
                place = places[document]
                values[quantity][place], upper[quantity][place] = value, most
                undefined[place] = cause
            causes[quantity] = tuple(undefined)
    return ModelValues(
        documents=tuple(places),
        classes=classes,
        predicted=np.array([row["predicted"] for row in described], dtype=np.str_),
        label=tuple(row["label"] for row in described),
        confidence=np.array([max(row["probabilities"]) for row in described]),
        lengths=np.array([row["length"] for row in described], dtype=np.int64),
        largest=np.array([max(row["attention"]) for row in described]),
        values=values,
        upper=upper,
        causes=causes,
    )


def _rows(parts: Parts, quantity: str) -> Iterator[tuple[str, float, float, str | None]]:
    for table in parts.tables():
        columns = table.select(["quantity", "document", "value", "upper", "undefined"]).to_pydict()
        for stored, *rest in zip(*columns.values(), strict=True):
            if stored == quantity:
                yield (*rest,)
