"""Lines of a UTF-8 file, packed with gzip or not. Damage is named, never skipped."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

from attnaudit.errors import DataError

MAXIMUM_LINE = 2**26
"""Bytes that one line or cell may have: far above any document, far below any memory."""


@contextmanager
def opened(path: Path) -> Iterator[BufferedIOBase]:
    """The bytes of a file, unpacked where its name ends in `.gz`.

    Args:
        path: An existing file.

    Yields:
        A readable binary file.

    Raises:
        DataError: If the file cannot be opened, or is cut off or damaged.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(
            f"{path} is not a whole gzip file ({error}). Fetch or pack it again, "
            "or drop .gz from its name if it is not packed."
        ) from error
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror or error}. Name a file you may read."
        ) from error


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    r"""Line numbers from 1, and lines with their line ends; a byte order mark is dropped.

    Only "\n" ends a line, so that separators inside a text (U+2028 and the like) stay in it.

    Args:
        path: An existing UTF-8 file, `.gz` or not.

    Yields:
        Line number and line.

    Raises:
        DataError: If the file cannot be read, is not UTF-8, or has an endless line.
    """
    with opened(path) as file:
        number = 0
        while line := file.readline(MAXIMUM_LINE + 1):
            number += 1
            if len(line) > MAXIMUM_LINE:
                raise DataError(
                    f"{path}, line {number} is longer than {MAXIMUM_LINE} bytes. "
                    "Is this a text file with one record per line?"
                )
            yield number, _decoded(line, path=path, number=number)


def _decoded(line: bytes, *, path: Path, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}, line {number}, byte {error.start + 1} is not UTF-8 "
            f"(0x{line[error.start]:02x}: {error.reason}). Save the file as UTF-8."
        ) from error
