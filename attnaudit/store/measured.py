"""Stored parts read back as the `Measurement` that a claim is judged on."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from attnaudit.errors import InternalError
from attnaudit.records import Bound, Measurement
from attnaudit.store.parts import Parts

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
    described = _described(documents)
    ids = tuple(rows["document"].to_pylist())
    if set(ids) != described.keys() or len(set(ids)) != len(ids):
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
        documents=ids,
        value=_numbers(rows["value"]),
        lower=_numbers(rows["lower"]),
        upper=_numbers(rows["upper"]),
        undefined=tuple(rows["undefined"].to_pylist()),
        lengths=np.array([described[one][2] for one in ids], dtype=np.int64),
        kind=next((kind for kind in _WEAKEST_FIRST if kind in kinds), Bound.EXACT),
        groups={
            "predicted": tuple(described[one][0] for one in ids),
            "label": tuple(described[one][1] for one in ids),
        },
    )


def _described(documents: Parts) -> Mapping[str, tuple[str | None, str | None, int]]:
    return {
        row["id"]: (row["predicted"], row["label"], row["length"])
        for table in documents.tables()
        for row in table.filter(pc.is_null(table["skipped"])).to_pylist()
    }


def _numbers(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    numbers: np.ndarray[tuple[int], np.dtype[np.float64]] = column.to_numpy().astype(np.float64)
    return numbers
