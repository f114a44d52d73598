"""Parquet tables."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from attnaudit.data.readers.lines import opened
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError

_ROWS_AT_A_TIME = 4096


def read_parquet(path: Path) -> Iterator[Row]:
    """Rows of a Parquet file, read in batches.

    Args:
        path: A Parquet file, `.gz` or not.

    Yields:
        One row per record.

    Raises:
        DataError: If the file is not Parquet or is cut off.
    """
    number = 0
    try:
        with opened(path) as file, pq.ParquetFile(file) as table:
            for batch in table.iter_batches(_ROWS_AT_A_TIME):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(number, f"row {number}", values)
    except pa.ArrowException as error:
        raise DataError(
            f"{path} is not a whole Parquet file ({error}). Write or fetch it again."
        ) from error
