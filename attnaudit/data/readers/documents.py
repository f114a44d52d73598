"""From rows to documents: which column feeds which field, and what a cell may hold."""

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError
from attnaudit.records import Document

FIELDS = ("text", "label", "text2", "id", "split", "tokens", "rationale", "cluster")
"""Fields of a document, each also the name of the column it comes from unless mapped."""

_ALSO_KNOWN = {"split": "exp_split"}


def documents_from_rows(
    rows: Iterable[Row], *, path: Path, stem: str, columns: Mapping[str, str], split: str | None
) -> Iterator[Document]:
    """Documents in the order of their rows.

    A missing text is an empty document (it has no token, which whoever measures it must count); a
    missing label is unknown; a missing id is "<stem>-<row number>".

    Args:
        rows: What a reader yields.
        path: Named in errors.
        stem: Begins the ids of rows without one.
        columns: Field to column, where they differ.
        split: The split of rows that name none.

    Yields:
        One document per row.

    Raises:
        DataError: If a column that is asked for does not exist, a row has neither text nor tokens
            column, or a cell has the wrong type.
    """
    _check_fields(columns)
    seen: dict[str, None] = {}
    for row in rows:
        seen.update(dict.fromkeys(row.values))
        cells = _Cells(row, columns, place=f"{path}, {row.where}")
        yield Document(
            id=cells.string("id") or f"{stem}-{row.number}",
            text=cells.text(),
            tokens=cells.tokens(),
            label=cells.label(),
            text2=cells.string("text2"),
            rationale=cells.rationale(),
            split=cells.string("split") or split,
            cluster=cells.string("cluster"),
        )
    absent = [column for column in columns.values() if column not in seen]
    if seen and absent:
        raise DataError(_no_column(str(path), absent[0], seen))


class _Cells:
    """The cells of one row, by the field they feed."""

    def __init__(self, row: Row, columns: Mapping[str, str], *, place: str) -> None:
        self._row = row
        self._columns = columns
        self._place = place

    def string(self, field: str) -> str | None:
        value = self._value(field)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return None if value is None else self._checked(field, value)

    def text(self) -> str | None:
        if self._value("tokens") is not None and self._column("text") not in self._row.values:
            return None
        column = self._column("text")
        if column not in self._row.values:
            raise DataError(_no_column(self._place, column, self._row.values))
        value = self._value("text")
        if value is None:
            return None if self._value("tokens") is not None else ""
        return self._checked("text", value)

    def label(self) -> str | None:
        value = self._value("label")
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, int):
            return str(value)
        if value is not None and not isinstance(value, str):
            raise self._wrong("label", "a class name or a whole number", value)
        return None if value is None else self._checked("label", value)

    def tokens(self) -> tuple[str, ...] | None:
        value = self._value("tokens")
        if value is None:
            return None
        if not isinstance(value, list):
            raise self._wrong("tokens", "a list of strings", value)
        return tuple(self._checked("tokens", token) for token in value)

    def rationale(self) -> tuple[tuple[int, int], ...] | None:
        value = self._value("rationale")
        if value is None:
            return None
        if not isinstance(value, list) or not all(map(_is_span, value)):
            raise self._wrong("rationale", "a list of [start, end) token spans", value)
        return tuple((span[0], span[1]) for span in value)

    def _column(self, field: str) -> str:
        if field in self._columns:
            return self._columns[field]
        other = _ALSO_KNOWN.get(field, field)
        return other if other in self._row.values and field not in self._row.values else field

    def _value(self, field: str) -> object:
        value = self._row.values.get(self._column(field))
        # Tables made by pandas spell a missing cell as not-a-number.
        return None if isinstance(value, float) and math.isnan(value) else value

    def _checked(self, field: str, value: object) -> str:
        if not isinstance(value, str):
            raise self._wrong(field, "a string", value)
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise self._wrong(field, "made of whole characters", value) from error
        return value

    def _wrong(self, field: str, expected: str, value: object) -> DataError:
        return DataError(
            f"{self._place}: {self._column(field)} must be {expected}, not {ascii(value)[:60]} "
            f"({type(value).__name__}). Mend the cell, or map {field} to another column."
        )


def _is_span(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(end) is int for end in value)
        and 0 <= value[0] < value[1]
    )


def _check_fields(columns: Mapping[str, str]) -> None:
    unknown = [field for field in columns if field not in FIELDS]
    if unknown:
        raise DataError(
            f"{unknown[0]!r} is no field of a document, so no column can be mapped to it. The "
            f"fields are {', '.join(FIELDS)}; write FIELD=COLUMN."
        )


def _no_column(place: str, column: str, columns: Iterable[str]) -> str:
    seen = [repr(name)[:40] for name in columns]
    others = f" and {len(seen) - 20} more" if len(seen) > 20 else ""
    return (
        f"{place} has no column {column!r}; the columns are {', '.join(seen[:20])}{others}. Name "
        "the columns to read as FIELD=COLUMN, for example text=review; if these are not names, "
        "the file lacks its header line or needs a reader of its own (READER:PATH)."
    )
