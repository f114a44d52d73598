"""Two measurements of the same documents, put side by side."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attnaudit.errors import InvalidArgumentError
from attnaudit.records import Measurement


def pair_measurements(
    old: Measurement, new: Measurement, *, documents: Sequence[str]
) -> tuple[Measurement, Measurement]:
    """Both measurements, of these documents only and in this order.

    Args:
        old: One measurement.
        new: The other.
        documents: Ids that both have.

    Returns:
        The old and the new measurement; entry i of both is about the same document.

    Raises:
        InvalidArgumentError: If a measurement lacks one of the documents.
    """
    return _select(old, documents), _select(new, documents)


def check_paired(old: Measurement, new: Measurement) -> None:
    """Demand the same quantity of the same documents in the same order.

    Raises:
        InvalidArgumentError: Otherwise.
    """
    if (old.audit, old.quantity) != (new.audit, new.quantity):
        raise InvalidArgumentError(
            f"{old.audit} / {old.quantity} cannot be compared with {new.audit} / {new.quantity}; "
            "pass two measurements of one quantity"
        )
    if old.documents != new.documents:
        raise InvalidArgumentError(
            f"the old measurement of {old.audit} / {old.quantity} has {len(old.documents)} "
            f"documents, the new one {len(new.documents)}, and they are not the same in the same "
            "order; pair them with pair_measurements first"
        )


def largest_gap(old: Measurement, new: Measurement) -> float:
    """The largest difference of a value, or of one of its bounds, between paired measurements.

    Args:
        old: One measurement.
        new: The same quantity of the same documents in the same order.

    Returns:
        A share of the quantity's range, at least 0: 0 if the two are the same to the last bit,
        infinity if a document has a value in one of them only.

    Raises:
        InvalidArgumentError: If the two are not paired.
    """
    check_paired(old, new)
    if [cause is None for cause in old.undefined] != [cause is None for cause in new.undefined]:
        return math.inf
    defined = np.array([cause is None for cause in old.undefined], dtype=bool)
    gaps = [
        np.abs(one[defined] - other[defined]).max(initial=0.0)
        for one, other in zip(_columns(old), _columns(new), strict=True)
    ]
    return float(max(gaps)) / (old.high - old.low)


def _columns(measurement: Measurement) -> tuple[NDArray[np.float64], ...]:
    return measurement.value, measurement.lower, measurement.upper


def _select(measurement: Measurement, documents: Sequence[str]) -> Measurement:
    places = {document: place for place, document in enumerate(measurement.documents)}
    missing = [document for document in documents if document not in places]
    if missing:
        raise InvalidArgumentError(
            f"measurement {measurement.audit} / {measurement.quantity} has no document "
            f"{missing[0]!r}; pair only documents that both measurements have"
        )
    return measurement.select(np.array([places[one] for one in documents], dtype=np.intp))
