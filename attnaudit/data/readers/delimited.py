"""Tables with one delimiter between cells: csv and tsv."""

import csv
from collections.abc import Iterator
from pathlib import Path

from attnaudit.data.readers.lines import MAXIMUM_LINE, read_lines
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError


def read_csv(path: Path) -> Iterator[Row]:
    """Rows of a comma-separated file whose first line names the columns.

    Cells are quoted as in RFC 4180; a blank cell is None; wholly empty lines are passed over.

    Args:
        path: A UTF-8 file, `.gz` or not.

    Yields:
        One row per record below the header.

    Raises:
        DataError: If quotes do not match, a row has too few or too many cells, or the header
            names a column twice.
    """
    return _rows(path, delimiter=",", quoted=True)


def read_tsv(path: Path) -> Iterator[Row]:
    """The same for a tab-separated file, in which a cell may be quoted."""
    return _rows(path, delimiter="\t", quoted=True)


def read_unquoted_tsv(path: Path) -> Iterator[Row]:
    """The same for a tab-separated file in which a quote is a character like any other."""
    return _rows(path, delimiter="\t", quoted=False)


def records(path: Path, *, delimiter: str, quoted: bool) -> Iterator[tuple[int, list[str]]]:
    """Cells of every record, with the line on which it begins.

    Args:
        path: A UTF-8 file, `.gz` or not.
        delimiter: Between two cells.
        quoted: Whether a cell may be quoted, and then hold delimiters and line breaks.

    Yields:
        Line number and cells.

    Raises:
        DataError: If quotes do not match.
    """
    # The limit is per process and 131,072 characters by default: less than one long document.
    csv.field_size_limit(max(csv.field_size_limit(), MAXIMUM_LINE))
    reader = csv.reader(
        (line for _, line in read_lines(path)),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        strict=True,
    )
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = ", or name the reader tsv-unquoted:PATH" if delimiter == "\t" else ""
            raise DataError(
                f"{path}, the record that begins on line {begins} cannot be read ({error}). A "
                "quote opens a cell that is not closed as it should be: quote the whole cell and "
                f"double the quotes in it{hint}."
            ) from error
        if cells:
            yield begins, cells


def _rows(path: Path, *, delimiter: str, quoted: bool) -> Iterator[Row]:
    lines = records(path, delimiter=delimiter, quoted=quoted)
    _, header = next(lines, (0, []))
    _check_header(path, header)
    for number, (line, cells) in enumerate(lines, start=1):
        if len(cells) != len(header):
            raise DataError(
                f"{path}, line {line} has {len(cells)} cells, but the header has {len(header)} "
                f"({', '.join(header)}). Quote a cell that holds the delimiter."
            )
        values = {name: cell or None for name, cell in zip(header, cells, strict=True)}
        yield Row(number, f"line {line}", values)


def _check_header(path: Path, header: list[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DataError(
            f"{path}, line 1 names the column {twice[0]!r} more than once. Rename one of them."
        )
