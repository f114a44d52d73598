"""One JSON object per line."""

import json
from collections.abc import Iterator
from pathlib import Path

from attnaudit.data.readers.lines import read_lines
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError


def read_json_lines(path: Path) -> Iterator[Row]:
    """Rows of a JSON lines file; blank lines are passed over.

    Args:
        path: A UTF-8 file, `.gz` or not.

    Yields:
        One row per object.

    Raises:
        DataError: If a line is not a JSON object.
    """
    number = 0
    for line_number, line in read_lines(path):
        if not line.strip():
            continue
        number += 1
        where = f"line {line_number}"
        yield Row(number, where, _parsed(line, place=f"{path}, {where}"))


def _parsed(line: str, *, place: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{place} is not JSON ({error}). Write one object per line, on one line each."
        ) from error
    if not isinstance(value, dict):
        raise DataError(
            f"{place} is a JSON {type(value).__name__}, not an object. Write "
            '{"text": ..., "label": ...} on each line.'
        )
    return value
