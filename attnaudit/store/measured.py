"""Stored parts read back as the `Measurement` that a claim is judged on."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from attnaudit.errors import InternalError
from attnaudit.records import CLUSTER, Bound, Measurement
from attnaudit.store.parts import Parts

_GROUPINGS = ("predicted", "label", CLUSTER)
_DESCRIBED = ["id", "length", "probabilities", *_GROUPINGS]
_WEAKEST_FIRST = (Bound.LOWER, Bound.INTERVAL, Bound.EXACT)


def read_measurement(
    values: Parts,
    documents: Parts,
    *,
    audit: str,
    quantity: str,
    bounds: tuple[float, float],
) -> Measurement:
    """One quantity of a finished measurement, with the groups its documents belong to.

    Args:
        values: The measurement's parts.
        documents: The parts of the documents it was measured on.
        audit: Name of the audit.
        quantity: Which of its quantities.
        bounds: Least and largest value that the quantity can take.
    """
    rows = pa.concat_tables(
        table.filter(pc.equal(table["quantity"], quantity)) for table in values.tables()
    )
    described = pa.concat_tables(
        table.filter(pc.is_null(table["skipped"])).select(_DESCRIBED)
        for table in documents.tables(["skipped", *_DESCRIBED])
    )
    # Both were written in the order of the documents.
    if not rows["document"].equals(described["id"]):
        raise InternalError(
            f"the stored values of {audit}/{quantity} do not match the stored documents; "
            "remove the report directory and run again"
        )
    kinds = {Bound(kind) for kind in pc.unique(rows["kind"]).to_pylist()}
    return Measurement(
        audit=audit,
        quantity=quantity,
        low=bounds[0],
        high=bounds[1],
        documents=tuple(rows["document"].to_pylist()),
        value=_numbers(rows["value"]),
        lower=_numbers(rows["lower"]),
        upper=_numbers(rows["upper"]),
        undefined=tuple(rows["undefined"].to_pylist()),
        lengths=described["length"].to_numpy(),
        confidence=_confidence(described["probabilities"]),
        kind=next((kind for kind in _WEAKEST_FIRST if kind in kinds), Bound.EXACT),
        groups={name: tuple(described[name].to_pylist()) for name in _GROUPINGS},
    )


def _confidence(probabilities: pa.ChunkedArray) -> NDArray[np.float64]:
    """The predicted class is the one of the largest probability."""
    by_class = pc.list_flatten(probabilities).to_numpy().reshape(len(probabilities), -1)
    confidence: NDArray[np.float64] = by_class.max(axis=1)
    return confidence


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = column.to_numpy().astype(np.float64)
    return numbers
