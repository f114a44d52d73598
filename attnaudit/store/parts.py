"""Tables that are written as they come, one finished part after another.

A part is written under another name and then renamed, so a part that is there is whole; a marker
written last says that no part is missing. An interrupted run goes on at the first missing part.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from attnaudit.files import write_whole
from attnaudit.records import DocumentRow, ValueRow

DOCUMENTS = pa.schema(
    [
        ("id", pa.string()),
        ("tokens", pa.list_(pa.string())),
        ("label", pa.string()),
        ("predicted", pa.string()),
        ("probabilities", pa.list_(pa.float64())),
        ("attention", pa.list_(pa.float64())),
        ("length", pa.int64()),
        ("skipped", pa.string()),
        ("model", pa.string()),
        ("site", pa.string()),
        ("cluster", pa.string()),
        ("text2", pa.string()),
        ("truncated", pa.bool_()),
        ("special_mass", pa.float64()),
    ]
)
VALUES = pa.schema(
    [
        ("document", pa.string()),
        ("unit", pa.int64()),
        ("quantity", pa.string()),
        ("value", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("kind", pa.string()),
        ("undefined", pa.string()),
        ("witness", pa.list_(pa.float64())),
        ("witness_probabilities", pa.list_(pa.float64())),
        ("importance", pa.list_(pa.float64())),
    ]
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one table.

    Attributes:
        folder: Where they lie.
        prefix: What their names begin with.
        marker: The JSON file that is written once all parts are there.
        schema: Columns.
    """

    folder: Path
    prefix: str
    marker: Path
    schema: pa.Schema

    def __contains__(self, index: int) -> bool:
        return self._path(index).exists()

    def write(
        self, index: int, rows: Iterable[DocumentRow] | Iterable[ValueRow], **constants: str
    ) -> None:
        """Write one part whole; `constants` fill the columns that are the same in every row."""
        columns = [name for name in self.schema.names if name not in constants]
        records = [{name: getattr(row, name) for name in columns} | constants for row in rows]
        table = pa.Table.from_pylist(records, schema=self.schema)
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = pa.BufferOutputStream()
        pq.write_table(table, whole, compression="zstd")
        write_whole(self._path(index), whole.getvalue().to_pybytes())

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The parts in order; a column that they were written without is empty.

        Args:
            columns: Which to read, in this order; all if None.
        """
        for path in sorted(self.folder.glob(f"{self.prefix}*.parquet")):
            wanted = None if columns is None else [*columns]
            yield pq.read_table(path, schema=self.schema, columns=wanted)

    def finish(self, summary: Mapping[str, Any]) -> None:
        """Say that all parts are there."""
        write_json(self.marker, summary)

    def finished(self) -> dict[str, Any] | None:
        """What `finish` was given, or None while parts may be missing."""
        if not self.marker.exists():
            return None
        summary: dict[str, Any] = json.loads(self.marker.read_text(encoding="utf-8"))
        return summary

    def _path(self, index: int) -> Path:
        return self.folder / f"{self.prefix}{index:05d}.parquet"


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(path, text.encode())
