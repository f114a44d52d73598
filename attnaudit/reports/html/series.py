"""Stored tables as arrays of one number per document; words and weights stay on the disk."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from attnaudit.errors import InternalError, UsageError
from attnaudit.store.parts import Parts
from attnaudit.store.run import ModelEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """The audited documents of one model, in their order, without those that were left out.

    Attributes:
        predicted: [documents] index of the predicted class among the model's classes.
        largest: [documents] largest attention weight, in [0, 1].
        fingerprints: One digest of the documents' ids per stored part.
    """

    predicted: NDArray[np.int64]
    largest: NDArray[np.float64]
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One quantity, in the order of the documents.

    Attributes:
        value: [documents], NaN where undefined.
        upper: [documents] proved at most; the value itself where that is exact.
        undefined: Why there is no value, by the index of each document that has none.
    """

    value: NDArray[np.float64]
    upper: NDArray[np.float64]
    undefined: Mapping[int, str] = field(default_factory=dict)

    @property
    def causes(self) -> Mapping[str, int]:
        """How often each cause of an undefined value occurred."""
        return Counter(self.undefined.values())


def read_described(documents: Parts, entry: ModelEntry) -> Described:
    """What pictures need to know of every document.

    Args:
        documents: The parts of the documents of `entry`.
        entry: A model of the run.

    Raises:
        UsageError: If parts are missing.
        InternalError: If a document was predicted to be of a class that the model does not have.
    """
    classes = pa.array(entry.classes, pa.string())
    predicted, largest, fingerprints = [np.empty(0, np.int64)], [np.empty(0)], []
    for table in audited(documents):
        index = pc.index_in(table["predicted"], value_set=classes)
        if index.null_count:
            raise InternalError(
                f"stored documents of {entry.name} are predicted to be of a class that its run "
                "does not name; remove the report directory and run again"
            )
        predicted.append(index.to_numpy().astype(np.int64))
        largest.append(_largest(table["attention"]))
        fingerprints.append(_fingerprint(table["id"]))
    described = Described(
        predicted=np.concatenate(predicted),
        largest=np.concatenate(largest),
        fingerprints=tuple(fingerprints),
    )
    expected = entry.documents.n - len(entry.documents.skipped)
    if described.predicted.size != expected:
        raise UsageError(
            f"{documents.folder} holds {described.predicted.size} of the {expected} documents that "
            f"{entry.name} was audited on; run the audit again with the same report directory"
        )
    return described


def read_columns(
    values: Parts, described: Described, quantities: Collection[str]
) -> dict[str, Column]:
    """Some quantities of one measurement; those that it does not have are left out.

    Args:
        values: The parts of the measurement.
        described: The documents it was measured on.
        quantities: Names of quantities.

    Raises:
        InternalError: If the values are not those of the documents.
    """
    found: dict[str, list[pa.Table]] = {}
    columns = ["value", "upper", "undefined"]
    for part, table in enumerate(values.tables(["document", "quantity", *columns])):
        for quantity in quantities:
            rows = table.filter(pc.equal(table["quantity"], quantity))
            if not len(rows):
                continue
            if described.fingerprints[part : part + 1] != (_fingerprint(rows["document"]),):
                raise _mismatch(values)
            found.setdefault(quantity, []).append(rows.select(columns))
    total = described.predicted.size
    read = {quantity: _column(pa.concat_tables(parts)) for quantity, parts in found.items()}
    if any(column.value.size != total for column in read.values()):
        raise _mismatch(values)
    return read


def audited(documents: Parts) -> Iterator[pa.Table]:
    """The parts in order, without the documents that were left out."""
    for table in documents.tables():
        yield table.filter(pc.is_null(table["skipped"]))


def _largest(attention: pa.ChunkedArray) -> NDArray[np.float64]:
    lengths = pc.list_value_length(attention).to_numpy()
    # Every document has a token, so no stretch is empty.
    starts = np.cumsum(lengths) - lengths
    weights = pc.list_flatten(attention).to_numpy()
    largest: NDArray[np.float64] = np.maximum.reduceat(weights, starts) if len(starts) else weights
    return largest


def _fingerprint(ids: pa.ChunkedArray) -> str:
    return hashlib.sha256("\0".join(ids.to_pylist()).encode()).hexdigest()


def _column(rows: pa.Table) -> Column:
    causes = enumerate(rows["undefined"].to_pylist())
    return Column(
        value=rows["value"].to_numpy(),
        upper=rows["upper"].to_numpy(),
        undefined={index: cause for index, cause in causes if cause is not None},
    )


def _mismatch(values: Parts) -> InternalError:
    return InternalError(
        f"the values in {values.folder} do not match the stored documents; remove the report "
        "directory and run again"
    )
